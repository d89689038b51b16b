// Every seeded bug that shows outside is found by the suite as it is, and named by a row that it breaks; of the others
// it is said why not, and what notices them instead. The stack without one conforms.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/defects/expected_rows.h"
#include "harness/defects/hidden.h"
#include "harness/defects/testing.h"
#include "harness/defects/trial.h"

namespace tcp::defects {
void PrintTo(const Entry& entry, std::ostream* out) { *out << entry.gloss; }
}  // namespace tcp::defects

namespace conform::defects {
void PrintTo(const Violation& violation, std::ostream* out) { *out << violation.words; }
}  // namespace conform::defects

namespace conform::defects {
namespace {

using tcp::Defect;
using tcp::Shows;
using tcp::defects::Entry;

std::string globs_of(Defect defect) {
  std::string text;
  for (const ExpectedRows& expected : expected_rows()) {
    if (expected.defect != defect) continue;
    for (std::string_view glob : expected.globs) text += fmt::format("  {}\n", glob);
  }
  return text;
}

std::vector<Entry> that_show(std::initializer_list<Shows> ways) {
  std::vector<Entry> entries;
  for (const Entry& entry : tcp::defects::all_defects()) {
    if (std::ranges::find(ways, entry.shows) != ways.end()) entries.push_back(entry);
  }
  return entries;
}

std::string name_of(const testing::TestParamInfo<Entry>& info) { return std::string(info.param.name); }

const Entry& entry_of(Defect defect) { return *std::ranges::find(tcp::defects::all_defects(), defect, &Entry::defect); }

std::string_view why_hidden(Defect defect) {
  const auto found = std::ranges::find(hidden(), defect, &Hidden::defect);
  return found == hidden().end() ? "nobody knows why" : found->why;
}

class SeededDefect : public testing::TestWithParam<Entry> {};

TEST_P(SeededDefect, IsFoundAndNamed) {
  const auto& [defect, shows, name, gloss] = GetParam();
  const Trial trial = try_defect(defect);
  const auto right = [&](const Deviation& d) { return d.result.finding && is_expected(defect, d.result.finding->row); };
  const auto rightly = std::ranges::count_if(trial.deviations, right);
  const auto first = std::ranges::find_if(trial.deviations, right);

  if (first == trial.deviations.end()) {
    ADD_FAILURE() << gloss << ":\nno deviation names a row that this breaks. It breaks\n"
                  << globs_of(defect) << "and what was seen is\n"
                  << describe(trial);
    return;
  }
  fmt::print("{:<27} found by case {:>4}, named by case {:>4} of {}: {} ({}); rightly named {} of {}\n", name,
             trial.deviations.front().tried, first->tried, trial.tried, first->result.finding->row,
             to_string(first->result.finding->kind), rightly, trial.deviations.size());
  EXPECT_TRUE(is_expected(defect, trial.named().front().row))
      << gloss << ":\nthe row that is named most often is not one that this breaks. It breaks\n"
      << globs_of(defect) << "and what was seen is\n"
      << describe(trial);
}

INSTANTIATE_TEST_SUITE_P(Outside, SeededDefect, testing::ValuesIn(that_show({Shows::Outside})), name_of);

// If the suite begins to see one of these, the catalogue is wrong about it.
class HiddenDefect : public testing::TestWithParam<Entry> {};

TEST_P(HiddenDefect, IsNotSeenFromOutside) {
  const auto& [defect, shows, name, gloss] = GetParam();
  const Trial trial = try_defect(defect);
  EXPECT_TRUE(trial.deviations.empty() && trial.unjudged.empty()) << gloss << ":\n" << describe(trial);
  fmt::print("{:<27} not visible from outside, because {}\n", name, why_hidden(defect));
}

INSTANTIATE_TEST_SUITE_P(Inside, HiddenDefect, testing::ValuesIn(that_show({Shows::Invariant, Shows::Nowhere})),
                         name_of);

// Each in a process of its own.
class DeadlyDefect : public testing::TestWithParam<Entry> {};

TEST_P(DeadlyDefect, EndsTheProcess) {
  const auto& [defect, shows, name, gloss] = GetParam();
  fmt::print("{:<27} not visible from outside, because {}\n", name, why_hidden(defect));
  if (shows == Shows::Sanitizer && !kAddressSanitizer) GTEST_SKIP() << "this build has no AddressSanitizer";
  EXPECT_TRUE(crashes(defect)) << gloss;
}

INSTANTIATE_TEST_SUITE_P(Process, DeadlyDefect, testing::ValuesIn(that_show({Shows::Crash, Shows::Sanitizer})),
                         name_of);

// A target that looks inside the stack says so, whatever the stack still sends.
class BrokenInvariant : public testing::TestWithParam<Violation> {};

TEST_P(BrokenInvariant, IsADeadTarget) {
  const Trial trial = run_suite({.defect = GetParam().defect, .look_inside = true});
  ASSERT_FALSE(trial.unjudged.empty()) << describe(trial);
  const CaseResult& died = trial.unjudged.front();
  EXPECT_EQ(died.verdict, Verdict::TargetDied) << describe(died);
  EXPECT_THAT(died.reason, testing::HasSubstr(std::string(GetParam().words))) << describe(died);
}

INSTANTIATE_TEST_SUITE_P(Inside, BrokenInvariant, testing::ValuesIn(violations().begin(), violations().end()),
                         [](const testing::TestParamInfo<Violation>& info) {
                           return std::string(entry_of(info.param.defect).name);
                         });

TEST(NoDefect, StackConforms) {
  const Trial trial = run_suite({.look_inside = true});
  EXPECT_GT(trial.tried, 1000u) << "the plan is all but empty";
  EXPECT_TRUE(trial.deviations.empty() && trial.unjudged.empty()) << describe(trial);
}

// Otherwise a new defect would be tried for nothing, or a row that was renamed would never be expected again.
TEST(ExpectedRows, SpeakOfEveryDefectOnce) {
  std::multiset<Defect> spoken_of, seeded;
  for (const ExpectedRows& expected : expected_rows()) {
    spoken_of.insert(expected.defect);
    EXPECT_THAT(expected.globs, testing::Not(testing::IsEmpty())) << static_cast<int>(expected.defect);
  }
  for (const Entry& entry : that_show({Shows::Outside})) seeded.insert(entry.defect);
  EXPECT_EQ(spoken_of, seeded);
}

TEST(Hidden, SpeaksOfEveryOtherDefectOnce) {
  std::multiset<Defect> spoken_of, not_outside;
  for (const Hidden& one : hidden()) spoken_of.insert(one.defect);
  for (const Entry& entry : tcp::defects::all_defects()) {
    if (entry.shows != Shows::Outside) not_outside.insert(entry.defect);
    const bool inside = std::ranges::find(violations(), entry.defect, &Violation::defect) != violations().end();
    EXPECT_TRUE(inside || entry.shows != Shows::Invariant) << entry.name;
  }
  EXPECT_EQ(spoken_of, not_outside);
}

// A glob that meets everything would prove nothing.
TEST(ExpectedRows, TellRightFromWrong) {
  EXPECT_TRUE(is_expected(Defect::RstInexact, "3.10.7.4/second/rst-in-window"));
  EXPECT_FALSE(is_expected(Defect::RstInexact, "3.10.7.4/second/rst-exact"));
  EXPECT_FALSE(is_expected(Defect::None, "3.10.7.4/second/rst-in-window"));
  for (const Entry& entry : tcp::defects::all_defects()) {
    EXPECT_FALSE(is_expected(entry.defect, "3.10.6/only/state")) << entry.name;
    EXPECT_FALSE(is_expected(entry.defect, "scenario/three-way-handshake-passive")) << entry.name;
    EXPECT_FALSE(is_expected(entry.defect, "(no row)")) << entry.name;
  }
}

}  // namespace
}  // namespace conform::defects
