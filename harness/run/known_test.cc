// What a target's file makes of a verdict, and that its list cannot rot.
#include "harness/run/known.h"

#include <gmock/gmock.h>

#include "harness/check/testing.h"

namespace conform {
namespace {

CaseResult conforming(std::string id) {
  CaseResult result;
  result.id = std::move(id);
  result.verdict = Verdict::Conforms;
  return result;
}
CaseResult deviating(std::string id, Kind kind = Kind::WrongState, std::string row = "1.1/a/row") {
  CaseResult result = conforming(std::move(id));
  result.verdict = Verdict::Deviates;
  result.finding = Finding{};
  result.finding->kind = kind;
  result.finding->row = std::move(row);
  return result;
}
spec::TargetFile listing(std::vector<std::string> cases, std::string row = "1.1/a/row", std::string kind = "wrong state") {
  spec::KnownDeviation known;
  known.cases = std::move(cases);
  known.row = std::move(row);
  known.kind = std::move(kind);
  known.observed = "it stays where it is";
  known.reason = "has always been so";
  known.clause = "RFC 1 1.1";
  known.mark = {"targets/x.yaml", 7, 3};
  spec::TargetFile file;
  file.deviations.push_back(known);
  return file;
}
CaseResult judged(CaseResult result, const spec::TargetFile& file) {
  apply_target_file(result, file);
  return result;
}

TEST(Known, AListedDeviationIsKnownAndSaysWhy) {
  const CaseResult result = judged(deviating("1.1/a/row@X"), listing({"1.1/a/row@*"}));
  EXPECT_EQ(result.verdict, Verdict::KnownDeviation);
  EXPECT_EQ(result.reason, "it stays where it is");
  EXPECT_EQ(result.finding->note, "has always been so");
}

TEST(Known, AnotherRowKindOrCaseIsNot) {
  EXPECT_EQ(judged(deviating("2.2/b@X"), listing({"1.1/*"})).verdict, Verdict::Deviates);
  EXPECT_EQ(judged(deviating("1.1/x", Kind::Overdue), listing({"1.1/*"})).verdict, Verdict::Deviates);
  EXPECT_EQ(judged(deviating("1.1/x", Kind::WrongState, "1.1/a/other"), listing({"1.1/*"})).verdict, Verdict::Deviates);
}

TEST(Known, RowsMayBeGlobsAndWhatIsLeftOutIsAny) {
  EXPECT_EQ(judged(deviating("1.1/x"), listing({"*"}, "1.1/*", "")).verdict, Verdict::KnownDeviation);
  EXPECT_EQ(judged(deviating("1.1/x", Kind::Overdue), listing({"*"}, "", "")).verdict, Verdict::KnownDeviation);
}

TEST(Known, OtherVerdictsAreLeftAlone) {
  for (Verdict verdict : {Verdict::Inapplicable, Verdict::Inconclusive, Verdict::TargetDied, Verdict::HarnessError}) {
    CaseResult result = conforming("1.1/x");
    result.verdict = verdict;
    EXPECT_EQ(judged(result, listing({"1.1/x"})).verdict, verdict);
  }
}

TEST(Known, ACaseListedByItsWholeNameMustDeviate) {
  const CaseResult result = judged(conforming("1.1/x"), listing({"1.1/x"}));
  ASSERT_EQ(result.verdict, Verdict::Deviates);
  EXPECT_EQ(result.finding->kind, Kind::UnexpectedlyConforms);
  EXPECT_EQ(result.finding->note, "targets/x.yaml:7") << "where to strike it out";
}

TEST(Known, OfAGlobNotEveryCaseNeedsTo) {
  EXPECT_EQ(judged(conforming("1.1/x"), listing({"1.1/*"})).verdict, Verdict::Conforms);
}

TEST(Stale, AnEntryThatNothingMatchesIsTold) {
  std::vector<CaseResult> results{conforming("2.2/y"), conforming("1.1/x"), conforming("1.1/z")};
  find_stale_entries(results, listing({"1.1/*"}));
  EXPECT_EQ(results[0].verdict, Verdict::Conforms);
  ASSERT_EQ(results[1].verdict, Verdict::Deviates) << "the first of its cases";
  EXPECT_EQ(results[1].finding->kind, Kind::UnexpectedlyConforms);
  EXPECT_EQ(results[2].verdict, Verdict::Conforms) << "and only that";
}

TEST(Stale, AnEntryThatWasSeenIsNot) {
  const spec::TargetFile file = listing({"1.1/*"});
  std::vector<CaseResult> results{conforming("1.1/x"), judged(deviating("1.1/z"), file)};
  find_stale_entries(results, file);
  EXPECT_EQ(results[0].verdict, Verdict::Conforms);
}

TEST(Stale, AnEntryWhoseCasesWereNotRunIsLeftAlone) {
  std::vector<CaseResult> results{conforming("2.2/y")};
  find_stale_entries(results, listing({"1.1/*"}));
  EXPECT_EQ(results[0].verdict, Verdict::Conforms);
}

TEST(Inapplicable, IsFoundByItsGlob) {
  spec::TargetFile file;
  file.inapplicable.push_back({{"3.10.4/*@SYN-RECEIVED*"}, "no such call", "accept() has not returned", {}});
  ASSERT_NE(find_inapplicable("3.10.4/only/x@SYN-RECEIVED+passive:CLOSE", file), nullptr);
  EXPECT_EQ(find_inapplicable("3.10.4/only/x@SYN-RECEIVED+passive:CLOSE", file)->lacks, "no such call");
  EXPECT_EQ(find_inapplicable("3.10.4/only/x@ESTABLISHED+passive:CLOSE", file), nullptr);
}

}  // namespace
}  // namespace conform
