#include "fuzz/bench/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conform::fuzz {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

BugFigures figures(tcp::Defect defect, tcp::Shows shows, std::string_view name) {
  BugFigures result;
  result.bug = {defect, shows, name, "what it does"};
  result.hunt.executions = 5000;
  result.hunt.elapsed = 60s;
  return result;
}

BugFigures found(std::string row) {
  BugFigures result = figures(tcp::Defect::RstInexact, tcp::Shows::Outside, "RstInexact");
  result.specs = {.cases = 4000, .first = 7, .what = "some row: wrong state", .rightly = 12};
  result.hunt.shown = {{row + ": wrong state", row, 100, 1500ms}};
  return result;
}

BugFigures missed() { return figures(tcp::Defect::NeverGivesUp, tcp::Shows::Outside, "NeverGivesUp"); }
BugFigures hidden() { return figures(tcp::Defect::IssPredictable, tcp::Shows::Nowhere, "IssPredictable"); }

TEST(Table, ALineSaysWhatFoundTheBugAndHowSoon) {
  EXPECT_EQ(row_of(found("3.10.7.4/second/rst-in-window")),
            "| RstInexact | outside | case 7 of 4000, named by 12 | 100 | 1.500 | "
            "3.10.7.4/second/rst-in-window: wrong state | yes |");
}

TEST(Table, ARowThatTheBugDoesNotBreakIsNotExpected) {
  EXPECT_FALSE(named_rightly(found("3.10.6/only/state")));
  EXPECT_THAT(row_of(found("3.10.6/only/state")), HasSubstr("3.10.6/only/state: wrong state | no |"));
}

TEST(Table, ALineSaysWhatFoundNothing) {
  EXPECT_EQ(row_of(missed()), "| NeverGivesUp | outside | not found | 5000 | 60.0 | not found | |");
}

TEST(Table, ADeathHasNoRow) {
  BugFigures died = missed();
  died.hunt.shown = {{"target died: signal Aborted", "", 3, 2ms}};
  EXPECT_THAT(row_of(died), HasSubstr("| 3 | 0.002 | target died: signal Aborted |  |"));
}

TEST(Table, TotalsAreOfTheBugsThatShowOutside) {
  Measured measured;
  measured.limit = 60s;
  measured.bugs = {found("3.10.7.4/second/rst-in-window"), missed(), hidden()};
  const std::string text = markdown(measured);
  EXPECT_THAT(text, HasSubstr("| found by the directed specs | 1 of 2 (50.0 %) |"));
  EXPECT_THAT(text, HasSubstr("| found by fuzzing within 60 s | 1 of 2 (50.0 %) |"));
  EXPECT_THAT(text, HasSubstr("| median of those found | 100 executions, 1.500 s |"));
}

TEST(Table, EveryMissIsNamedWithWhatIsKnownOfIt) {
  Measured measured;
  measured.bugs = {found("3.10.7.4/second/rst-in-window"), missed(), hidden()};
  const std::string text = markdown(measured);
  EXPECT_THAT(text, HasSubstr("- NeverGivesUp (5000 executions): what it does. Nobody knows why.\n"));
  EXPECT_THAT(text, HasSubstr("- IssPredictable (5000 executions): what it does. Not visible from outside, because one ISS"));
  EXPECT_THAT(text, Not(HasSubstr("- RstInexact")));
}

TEST(Table, OfAMissItIsToldWhetherASmallWindowHelps) {
  Measured measured;
  measured.bugs = {missed()};
  measured.bugs.front().small_window.emplace();
  EXPECT_THAT(markdown(measured), HasSubstr("Nor is it found with a receive buffer of 4096 octets.\n"));
  measured.bugs.front().small_window->shown = {{"a: b", "a", 3, 1s}};
  EXPECT_THAT(markdown(measured), HasSubstr("With a receive buffer of 4096 octets it is found after 3 executions, 1.000 s: a: b.\n"));
}

TEST(Table, AFreeChoiceIsSilentOrSaysOfWhatTheJudgeComplained) {
  ControlFigures silent{"AckAtOnce", "no ACK is delayed", {}}, loud = silent;
  silent.hunt.executions = loud.hunt.executions = 9;
  loud.hunt.shown = {{"a: b", "a", 3, 1s}, {"c: d|e", "c", 4, 2s}};
  EXPECT_EQ(row_of(silent), "| AckAtOnce | no ACK is delayed | 9 | 0.0 | silent |");
  EXPECT_EQ(row_of(loud), "| AckAtOnce | no ACK is delayed | 9 | 0.0 | a: b (after 3); c: d/e (after 4) |");
  Measured measured;
  measured.controls = {silent, loud};
  EXPECT_THAT(markdown(measured), HasSubstr("Free choices that stayed silent: 1 of 2 (50.0 %)."));
}

}  // namespace
}  // namespace conform::fuzz
