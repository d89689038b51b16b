// Every seeded bug is found by the suite as it is, and named by a row that it breaks; the stack without one conforms.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <set>
#include <string>

#include "harness/defects/expected_rows.h"
#include "harness/defects/trial.h"

namespace tcp::defects {
void PrintTo(const Entry& entry, std::ostream* out) { *out << entry.gloss; }
}  // namespace tcp::defects

namespace conform::defects {
namespace {

using tcp::Defect;
using tcp::defects::Entry;

std::string describe(const CaseResult& result) {
  if (!result.finding) return fmt::format("  {}\n    {}\n", result.id, result.reason);
  const Finding& finding = *result.finding;
  return fmt::format("  {}\n    {} ({})\n    allowed: {}\n    came:    {}\n", result.id, finding.row,
                     to_string(finding.kind), finding.allowed, finding.observed);
}

// The first deviation by each row that was named: what a reader of the report would see.
std::string describe(const Trial& trial) {
  std::string text;
  for (const Named& named : trial.named()) {
    const auto first = std::ranges::find_if(
        trial.deviations, [&](const Deviation& d) { return d.result.finding && d.result.finding->row == named.row; });
    text += fmt::format("{} times {}, first in\n", named.count, named.row);
    if (first != trial.deviations.end()) text += describe(first->result);
  }
  if (!trial.unjudged.empty()) {
    text += fmt::format("{} cases could not be judged, the first\n{}", trial.unjudged.size(),
                        describe(trial.unjudged.front()));
  }
  return text.empty() ? "  nothing deviates\n" : text;
}

std::string globs_of(Defect defect) {
  std::string text;
  for (const ExpectedRows& expected : expected_rows()) {
    if (expected.defect != defect) continue;
    for (std::string_view glob : expected.globs) text += fmt::format("  {}\n", glob);
  }
  return text;
}

class SeededDefect : public testing::TestWithParam<Entry> {};

TEST_P(SeededDefect, IsFoundAndNamed) {
  const auto& [defect, name, gloss] = GetParam();
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

INSTANTIATE_TEST_SUITE_P(All, SeededDefect, testing::ValuesIn(tcp::defects::all_defects()),
                         [](const testing::TestParamInfo<Entry>& info) { return std::string(info.param.name); });

TEST(NoDefect, StackConforms) {
  const Trial trial = try_defect(Defect::None);
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
  for (const Entry& entry : tcp::defects::all_defects()) seeded.insert(entry.defect);
  EXPECT_EQ(spoken_of, seeded);
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
