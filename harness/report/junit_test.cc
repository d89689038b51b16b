#include "harness/report/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <set>

#include "harness/report/sample_run.h"

namespace conform::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Junit : public ::testing::Test {
 protected:
  pugi::xml_node parse(const RunResult& run) {
    text_ = to_junit(run);
    const auto parsed = document_.load_buffer(text_.data(), text_.size(), pugi::parse_full, pugi::encoding_utf8);
    EXPECT_TRUE(parsed) << parsed.description() << " at " << parsed.offset << " of\n" << text_;
    return document_.child("testsuites");
  }
  pugi::xml_node testcase(const char* name) {
    return document_.find_node([name](pugi::xml_node node) {
      return std::string_view(node.name()) == "testcase" &&
             std::string_view(node.attribute("name").value()).find(name) != std::string_view::npos;
    });
  }

  std::string text_;
  pugi::xml_document document_;
};

TEST_F(Junit, CountsAndTimes) {
  const auto root = parse(sample_run());
  EXPECT_EQ(root.attribute("tests").as_int(), 7);
  EXPECT_EQ(root.attribute("failures").as_int(), 1);
  EXPECT_EQ(root.attribute("errors").as_int(), 3);
  EXPECT_EQ(root.attribute("skipped").as_int(), 2);
  EXPECT_STREQ(root.attribute("time").value(), "61.250000");
  const auto first = root.child("testsuite");
  EXPECT_STREQ(first.attribute("name").value(), "3.10.4 CLOSE Call");
  EXPECT_STREQ(first.attribute("timestamp").value(), "2026-11-22T09:00:00");
  const auto second = first.next_sibling("testsuite");
  EXPECT_EQ(second.attribute("tests").as_int(), 2);
  EXPECT_EQ(second.attribute("failures").as_int(), 1);
  EXPECT_EQ(second.attribute("errors").as_int(), 0);
  EXPECT_STREQ(second.attribute("time").value(), "0.003000");
}

TEST_F(Junit, AFailureTellsEverything) {
  parse(sample_run());
  const auto failing = testcase("rst-in-window");
  EXPECT_STREQ(failing.attribute("name").value(), "3.10.7.4/second/rst-in-window@ESTABLISHED+passive");
  EXPECT_STREQ(failing.attribute("classname").value(), "tcpconform.linux.3_10_7_4");
  EXPECT_STREQ(failing.attribute("file").value(), "specs/table/segment-arrives.yaml");
  EXPECT_EQ(failing.attribute("line").as_int(), 120);
  const auto failure = failing.child("failure");
  EXPECT_STREQ(failure.attribute("type").value(), "wrong state");
  EXPECT_THAT(failure.attribute("message").value(), HasSubstr("the RFC wants <SEQ=SND.NXT>"));
  EXPECT_THAT(failure.attribute("message").value(), HasSubstr("observed state CLOSED"));
  EXPECT_THAT(failure.text().get(), HasSubstr("RFC 5961 3.2"));
  EXPECT_THAT(failure.text().get(), HasSubstr("<- target <SEQ=1><ACK=1><CTL=ACK>"));
  EXPECT_THAT(failure.text().get(), HasSubstr("replay"));
  EXPECT_FALSE(failure.next_sibling("failure"));
}

TEST_F(Junit, OtherVerdictsAreSkippedOrErrors) {
  parse(sample_run());
  EXPECT_FALSE(testcase("rst-exact").first_child());
  EXPECT_STREQ(testcase("close-listen").child("skipped").attribute("message").value(),
               "known deviation: sockets give no answer here");
  EXPECT_STREQ(testcase("precedence").child("skipped").attribute("message").value(),
               "inapplicable: no security option");
  EXPECT_STREQ(testcase("lost").child("error").attribute("type").value(), "inconclusive");
  EXPECT_STREQ(testcase("died").child("error").attribute("message").value(), "target died: no answer within 5 s");
  EXPECT_STREQ(testcase("error").child("error").attribute("type").value(), "harness error");
}

TEST_F(Junit, NamesAreUnique) {
  RunResult run = sample_run();
  for (int i = 0; i < 5; ++i) run.cases.push_back(conforming_case());
  run.cases.insert(run.cases.begin(), conforming_case());
  run.cases.front().id += " (3)";
  const auto root = parse(run);
  std::set<std::string> names;
  int cases = 0;
  for (const auto& suite : root.children("testsuite")) {
    for (const auto& each : suite.children("testcase")) {
      names.insert(each.attribute("name").value());
      ++cases;
    }
  }
  EXPECT_EQ(cases, 13);
  EXPECT_EQ(names.size(), 13u);
}

TEST_F(Junit, HostileTextsParseAgain) {
  RunResult run = sample_run();
  const std::string hostile = hostile_text();
  run.target_name = run.target_version = run.command = run.date = run.machine = hostile;
  for (CaseResult& result : run.cases) {
    result.id = result.title = result.reason = result.source.file = result.section = hostile;
    if (result.finding) result.finding->allowed = result.finding->observed = result.finding->note = hostile;
    for (TraceEntry& entry : result.trace) entry.text = entry.verdict = hostile;
  }
  const auto root = parse(run);
  const auto failure = testcase("caf").parent().find_child([](pugi::xml_node node) { return node.child("failure"); });
  EXPECT_THAT(failure.child("failure").text().get(), HasSubstr("<b> & \" '"));
  EXPECT_THAT(failure.child("failure").text().get(), HasSubstr("]]>"));
  EXPECT_STREQ(root.attribute("tests").value(), "7");
  for (const char c : text_) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') << int{c};
}

TEST_F(Junit, NothingRunIsStillADocument) {
  const auto root = parse(RunResult{});
  EXPECT_STREQ(root.attribute("tests").value(), "0");
}

}  // namespace
}  // namespace conform::report
