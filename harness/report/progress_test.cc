#include "harness/report/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "harness/report/sample_run.h"
#include "harness/report/text.h"

namespace conform::report {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

class ProgressTest : public ::testing::Test {
 protected:
  Progress start(bool terminal) {
    Style style;
    style.terminal = terminal;
    return Progress(out_, style, [this] { return now_; });
  }
  // What has been printed since the last call.
  std::string printed() {
    std::string text = out_.str();
    out_.str("");
    return text;
  }

  std::ostringstream out_;
  Time now_{std::chrono::hours(5)};
};

TEST_F(ProgressTest, ElsewhereALineACase) {
  Progress progress = start(false);
  progress.begin(2);
  EXPECT_EQ(printed(), "");
  progress.done(conforming_case());
  EXPECT_EQ(printed(), "conforms        3.10.7.4/second/rst-exact@ESTABLISHED+passive\n");
  progress.done(deviating_case());
  EXPECT_THAT(printed(), HasSubstr("deviates        3.10.7.4/second/rst-in-window@ESTABLISHED+passive\n"
                                   "  RFC wants <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, and the state stays ESTABLISHED\n"
                                   "  observed  state CLOSED\n"));
  progress.end();
  EXPECT_EQ(printed(), "");
}

TEST_F(ProgressTest, OnATerminalOneStatusLine) {
  Progress progress = start(true);
  progress.begin(300);
  EXPECT_EQ(printed(), "\r\x1B[K0/300 cases, 0 deviating, 0 a second");
  for (int i = 0; i < 100; ++i) progress.done(conforming_case());
  EXPECT_EQ(printed(), "") << "not more often than ten times a second";
  now_ += milliseconds(500);
  progress.done(conforming_case());
  EXPECT_EQ(printed(), "\r\x1B[K101/300 cases, 0 deviating, 202 a second");
  progress.end();
  EXPECT_EQ(printed(), "\r\x1B[K");
}

TEST_F(ProgressTest, OnATerminalFailuresAtOnce) {
  Progress progress = start(true);
  progress.begin(300);
  printed();
  progress.done(deviating_case());
  const std::string text = printed();
  EXPECT_THAT(text, ::testing::StartsWith("\r\x1B[Kdeviates        3.10.7.4/second/rst-in-window"));
  EXPECT_THAT(text, ::testing::EndsWith("\n\r\x1B[K1/300 cases, 1 deviating, 1000 a second"));
  CaseResult lost = conforming_case();
  lost.verdict = Verdict::Inconclusive;
  lost.reason = "too slow";
  progress.done(lost);
  EXPECT_THAT(printed(), HasSubstr("2/300 cases, 1 deviating, 1 without a verdict, "));
}

TEST_F(ProgressTest, HostileIdsSendNoEscapes) {
  Progress progress = start(false);
  CaseResult result = deviating_case();
  result.id = result.finding->observed = hostile_text();
  progress.done(result);
  const std::string text = printed();
  EXPECT_EQ(clean(text), text);
}

}  // namespace
}  // namespace conform::report
