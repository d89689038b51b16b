// The loop over a plan: order, interruption, death, what is known of the target, and what is counted.
#include "harness/run/runner.h"

#include <gmock/gmock.h>

#include "harness/check/testing.h"
#include "harness/run/coverage.h"

namespace conform {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using wire::State;

constexpr const char* kRstExact = "3.10.7.4/second/rst-exact";

class RunnerTest : public ::testing::Test {
 protected:
  void add(std::string id, std::string_view way, std::string_view stimulus, const std::string& row = {}) {
    plan_.cases.push_back(planned_case(std::move(id), way, stimulus, row));
  }
  RunResult run(const spec::TargetFile* file = nullptr) {
    options_.on_case = [this](const CaseResult& result, std::size_t total) {
      EXPECT_EQ(total, plan_.cases.size());
      ended_.push_back(result.id);
      if (after_case_) after_case_();
    };
    return run_plan(plan_, rfc().suite, rfc().program, target_, file, options_);
  }
  static std::vector<std::string> verdicts(const RunResult& run) {
    std::vector<std::string> all;
    for (const CaseResult& result : run.cases) all.push_back(result.id + ": " + std::string(to_string(result.verdict)));
    return all;
  }

  Plan plan_;
  FakeTarget target_;
  RunOptions options_;
  std::vector<std::string> ended_;
  std::function<void()> after_case_;
};

TEST_F(RunnerTest, OnAVirtualClockOneCaseFollowsTheOther) {
  add("a", kListen, "- wait: 5 s\n");
  add("b", kListen, "- wait: 1 s\n");
  target_.opens = [this](int) {
    EXPECT_EQ(target_.alive, 0) << "no two sessions at once";
    return true;
  };
  EXPECT_THAT(verdicts(run()), ElementsAre("a: conforms", "b: conforms"));
  EXPECT_THAT(ended_, ElementsAre("a", "b"));
  EXPECT_EQ(target_.clock, 6s);
}

TEST_F(RunnerTest, TogetherTheyLastAsLongAsTheLongestAndComeInTheOrderOfThePlan) {
  target_.able.concurrent = true;
  add("a", kListen, "- wait: 5 s\n");
  add("b", kListen, "- wait: 1 s\n");
  add("c", kListen, "- wait: 3 s\n");
  EXPECT_THAT(verdicts(run()), ElementsAre("a: conforms", "b: conforms", "c: conforms"));
  EXPECT_THAT(ended_, ElementsAre("b", "c", "a"));
  EXPECT_EQ(target_.clock, 5s);
}

TEST_F(RunnerTest, NoMoreAreOpenTogetherThanAllowed) {
  target_.able.concurrent = true;
  options_.at_once = 2;
  target_.opens = [this](int) {
    EXPECT_LT(target_.alive, 2);
    return true;
  };
  for (const char* id : {"a", "b", "c", "d", "e"}) add(id, kListen, "- wait: 1 s\n");
  EXPECT_EQ(run().count(Verdict::Conforms), 5);
  EXPECT_EQ(target_.clock, 3s);
}

TEST_F(RunnerTest, AnInterruptedRunTellsWhatItHas) {
  std::atomic<bool> stop = false;
  options_.stop = &stop;
  add("a", kListen, "- wait: 1 s\n");
  add("b", kListen, "- wait: 1 s\n");
  add("c", kListen, "- wait: 1 s\n");
  target_.on_time = [&](FakeState& s) {
    if (s.target->clock > 1s) stop = true;   // while b waits
  };
  options_.complete = true;
  const RunResult result = run();
  EXPECT_TRUE(result.interrupted);
  EXPECT_THAT(verdicts(result), ElementsAre("a: conforms", "b: conforms"));
}

TEST_F(RunnerTest, CasesThatAreCutShortAreInconclusive) {
  std::atomic<bool> stop = false;
  options_.stop = &stop;
  target_.able.concurrent = true;
  add("a", kListen, "- wait: 1 s\n");
  add("b", kListen, "- wait: 9 s\n");
  after_case_ = [&] { stop = true; };
  const RunResult result = run();
  EXPECT_TRUE(result.interrupted);
  EXPECT_THAT(verdicts(result), ElementsAre("a: conforms", "b: inconclusive"));
  EXPECT_EQ(result.cases[1].reason, "interrupted");
}

TEST_F(RunnerTest, AStopBeforeTheFirstCaseRunsNone) {
  std::atomic<bool> stop = true;
  options_.stop = &stop;
  add("a", kListen, "");
  const RunResult result = run();
  EXPECT_TRUE(result.interrupted);
  EXPECT_TRUE(result.cases.empty());
  EXPECT_EQ(target_.opened, 0);
}

TEST_F(RunnerTest, AfterTheTargetsDeathNothingIsTried) {
  target_.opens = [](int n) { return n != 1; };
  add("a", kListen, "");
  add("b", kListen, "");
  add("c", kListen, "");
  const RunResult result = run();
  EXPECT_THAT(verdicts(result), ElementsAre("a: conforms", "b: target died", "c: target died"));
  EXPECT_EQ(result.cases[2].reason, "the target had died before");
  EXPECT_EQ(target_.opened, 2);
}

// The target does not hear resets.
void deaf_to_resets(FakeState& s, const wire::Segment& segment) {
  if (!segment.flags.rst()) FakeTarget::arrives(s, segment);
}
spec::TargetFile knowing(std::string glob) {
  spec::TargetFile file;
  spec::KnownDeviation known;
  known.cases = {std::move(glob)};
  known.row = kRstExact;
  file.deviations.push_back(known);
  return file;
}

TEST_F(RunnerTest, AListedDeviationIsKnown) {
  target_.on_segment = deaf_to_resets;
  add("reset", kEstablished, "- segment: <CTL=RST>\n", kRstExact);
  const spec::TargetFile file = knowing("res*");
  EXPECT_THAT(verdicts(run(&file)), ElementsAre("reset: known deviation"));
  EXPECT_THAT(verdicts(run()), ElementsAre("reset: deviates"));
}

TEST_F(RunnerTest, StaleEntriesAreLookedForOnlyAfterACompleteRun) {
  add("reset", kEstablished, "- segment: <CTL=RST>\n", kRstExact);
  const spec::TargetFile file = knowing("res*");
  EXPECT_THAT(verdicts(run(&file)), ElementsAre("reset: conforms"));
  options_.complete = true;
  const RunResult complete = run(&file);
  ASSERT_THAT(verdicts(complete), ElementsAre("reset: deviates"));
  EXPECT_EQ(complete.cases[0].finding->kind, Kind::UnexpectedlyConforms);
}

TEST_F(RunnerTest, WhatTheFileCallsInapplicableIsNotTried) {
  add("a", kListen, "");
  spec::TargetFile file;
  file.inapplicable.push_back({{"a"}, "no such call", "there is none", {}});
  const RunResult result = run(&file);
  EXPECT_THAT(verdicts(result), ElementsAre("a: inapplicable"));
  EXPECT_EQ(result.cases[0].reason, "no such call: there is none");
  EXPECT_EQ(target_.opened, 0);
}

TEST_F(RunnerTest, TheRunSaysWhatItWas) {
  options_.seed = 9;
  options_.profile = spec::Profile::Rfc793;
  const RunResult result = run();
  EXPECT_EQ(result.target_name, "fake");
  EXPECT_EQ(result.target_version, "fake 1");
  EXPECT_EQ(result.seed, 9u);
  EXPECT_EQ(result.profile, spec::Profile::Rfc793);
  EXPECT_FALSE(result.interrupted);
}

// ---- what is counted

TEST_F(RunnerTest, StatesAndTransitionsAreCountedByCase) {
  add("a", kEstablished, "- segment: <CTL=RST>\n", kRstExact);
  add("b", kListen, "");
  const Coverage coverage = run().coverage;
  EXPECT_EQ(coverage.states.at(State::Listen), 2);
  EXPECT_EQ(coverage.states.at(State::Established), 1);
  const auto listen = std::ranges::find_if(coverage.transitions, [](const Coverage::Transition& t) {
    return t.from == State::Closed && t.to == State::Listen;
  });
  ASSERT_NE(listen, coverage.transitions.end());
  EXPECT_EQ(listen->count, 2);
}

TEST_F(RunnerTest, ARowThatFiredIsNoLongerMissing) {
  const std::string cell = std::string(kRstExact) + "@ESTABLISHED";
  const Coverage nothing = run().coverage;
  EXPECT_THAT(nothing.rows_missing, Contains(cell));
  EXPECT_EQ(nothing.rows_exercised, 0);
  EXPECT_EQ(nothing.rows_total, static_cast<int>(nothing.rows_missing.size()));
  add("a", kEstablished, "- segment: <CTL=RST>\n", kRstExact);
  const Coverage some = run().coverage;
  EXPECT_THAT(some.rows_missing, ::testing::Not(Contains(cell)));
  EXPECT_EQ(some.rows_total, nothing.rows_total);
  EXPECT_GT(some.rows_exercised, 0);
  EXPECT_EQ(some.rows_exercised + some.rows_inapplicable +
                static_cast<int>(some.rows_not_chosen.size() + some.rows_missing.size()),
            some.rows_total);
}

TEST(CoverageCount, TellsExercisedInapplicableAndMissingApart) {
  const PlannedCase planned = planned_case("a", "", "", kRstExact);
  const std::string cell = std::string(kRstExact) + "@ESTABLISHED";
  const auto counted = [&](Verdict verdict, RowOutcome outcome) {
    CoverageCount count(rfc().program, spec::Profile::Rfc9293);
    CaseResult result = planned.about;
    result.verdict = verdict;
    count.add(planned, result, outcome, {}, {});
    return count.coverage();
  };
  for (Verdict verdict : {Verdict::Conforms, Verdict::Deviates, Verdict::KnownDeviation}) {
    EXPECT_EQ(counted(verdict, RowOutcome::Happened).rows_exercised, 1) << to_string(verdict);
    EXPECT_EQ(counted(verdict, RowOutcome::NotPossible).rows_exercised, 0) << "it could not have happened";
  }
  EXPECT_EQ(counted(Verdict::Conforms, RowOutcome::Possible).rows_exercised, 0) << "it never happened";
  EXPECT_EQ(counted(Verdict::Deviates, RowOutcome::Possible).rows_exercised, 1) << "it was due, and is violated";
  EXPECT_EQ(counted(Verdict::Inapplicable, RowOutcome::NotPossible).rows_inapplicable, 1);
  for (Verdict verdict : {Verdict::Inconclusive, Verdict::TargetDied, Verdict::HarnessError}) {
    EXPECT_THAT(counted(verdict, RowOutcome::Possible).rows_missing, Contains(cell)) << to_string(verdict);
  }
}

TEST(CoverageCount, AChoiceCountsApartUnlessTheRowHappensSomewhere) {
  const PlannedCase planned = planned_case("a", "", "", kRstExact);
  CoverageCount count(rfc().program, spec::Profile::Rfc9293);
  CaseResult inapplicable = planned.about, chosen = planned.about, happened = planned.about;
  inapplicable.verdict = Verdict::Inapplicable;
  chosen.verdict = happened.verdict = Verdict::Conforms;
  chosen.not_chosen = "another row: another way";
  count.add(planned, inapplicable, RowOutcome::NotPossible, {}, {});
  count.add(planned, chosen, RowOutcome::Possible, {}, {});
  const Coverage coverage = count.coverage();
  ASSERT_EQ(coverage.rows_not_chosen.size(), 1u) << "what was seen outweighs what could not be tried elsewhere";
  EXPECT_EQ(coverage.rows_not_chosen[0].row, std::string(kRstExact) + "@ESTABLISHED");
  EXPECT_EQ(coverage.rows_not_chosen[0].instead, "another row: another way");
  EXPECT_EQ(coverage.rows_inapplicable, 0);
  EXPECT_EQ(coverage.rows_exercised, 0);
  count.add(planned, happened, RowOutcome::Happened, {}, {});
  EXPECT_TRUE(count.coverage().rows_not_chosen.empty());
  EXPECT_EQ(count.coverage().rows_exercised, 1);
}

TEST(CoverageCount, ARowCountsInTheStateInWhichItFires) {
  PlannedCase planned = planned_case("a", "", "", kRstExact);
  planned.about.state = State::SynReceived;   // the segment has led on to ESTABLISHED before
  planned.about.verdict = Verdict::Conforms;
  CoverageCount count(rfc().program, spec::Profile::Rfc9293);
  count.add(planned, planned.about, RowOutcome::Happened, {}, {});
  EXPECT_THAT(count.coverage().rows_missing, ::testing::Not(Contains(std::string(kRstExact) + "@ESTABLISHED")));
}

}  // namespace
}  // namespace conform
