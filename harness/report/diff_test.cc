#include "harness/report/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/sample_run.h"

namespace conform::report {
namespace {

using ::testing::HasSubstr;

RunResult with(Verdict verdict) {
  RunResult run = sample_run();
  run.cases[0].verdict = verdict;
  return run;
}

TEST(Diff, TheSameRunDiffersInNothing) {
  const Diff diff = compare(sample_run(), sample_run());
  EXPECT_TRUE(diff.same());
  EXPECT_FALSE(diff.regressed);
  EXPECT_EQ(to_text(diff), "no verdict differs\n");
}

TEST(Diff, WhatRegresses) {
  for (const Verdict before : kAllVerdicts) {
    for (const Verdict after : kAllVerdicts) {
      const Diff diff = compare(with(before), with(after));
      const bool want = before != after && (before == Verdict::Conforms || after == Verdict::Deviates);
      EXPECT_EQ(diff.regressed, want) << to_string(before) << " -> " << to_string(after);
      EXPECT_EQ(diff.changed.size(), before == after ? 0u : 1u);
    }
  }
}

TEST(Diff, AnotherFindingIsANewDeviation) {
  RunResult after = sample_run();
  after.cases[1].finding->observed = "something that varies";
  EXPECT_TRUE(compare(sample_run(), after).same()) << "the same row in the same way";
  after.cases[1].finding->kind = Kind::MissingSegment;
  const Diff diff = compare(sample_run(), after);
  ASSERT_EQ(diff.changed.size(), 1u);
  EXPECT_TRUE(diff.changed[0].otherwise);
  EXPECT_TRUE(diff.regressed);
  EXPECT_THAT(to_text(diff), HasSubstr("deviates otherwise"));
}

TEST(Diff, WhatAppearsAndVanishes) {
  RunResult more = sample_run();
  more.cases.push_back(conforming_case("3.10.8", "first/new", "LISTEN"));
  EXPECT_EQ(compare(sample_run(), more).appeared.size(), 1u);
  EXPECT_FALSE(compare(sample_run(), more).regressed);
  EXPECT_EQ(compare(more, sample_run()).vanished.size(), 1u);
  EXPECT_FALSE(compare(more, sample_run()).regressed);
  more.cases.push_back(deviating_case("CLOSE-WAIT+passive"));
  EXPECT_TRUE(compare(sample_run(), more).regressed);
}

TEST(Diff, RepeatedIdsAreComparedOneByOne) {
  RunResult before, after;
  before.cases = {conforming_case(), conforming_case(), conforming_case()};
  after.cases = {conforming_case(), conforming_case()};
  after.cases[1].verdict = Verdict::Deviates;
  const Diff diff = compare(before, after);
  EXPECT_EQ(diff.changed.size(), 1u);
  EXPECT_EQ(diff.vanished.size(), 1u);
}

TEST(Diff, ReadsAsText) {
  RunResult before = sample_run(), after = sample_run();
  after.cases[0] = deviating_case();
  after.cases[0].id = before.cases[0].id;
  after.cases[1].verdict = Verdict::Conforms;
  after.cases.pop_back();
  after.target_version = "Linux 6.19";
  EXPECT_EQ(to_text(compare(before, after)),
            R"(version of the target: Linux 6.18.44 x86_64 before, Linux 6.19 now

regressions (1)
  3.10.7.4/second/rst-exact@ESTABLISHED+passive  conforms -> deviates
      reset by a RST that is not exact: the RFC wants <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, and the
      state stays ESTABLISHED; observed state CLOSED; none

other changes (1)
  3.10.7.4/second/rst-in-window@ESTABLISHED+passive  deviates -> conforms

vanished (1)
  3.10.4/first/error@LISTEN  harness error
      no such row

2 changed, 0 appeared, 1 vanished: regressed
)");
}

}  // namespace
}  // namespace conform::report
