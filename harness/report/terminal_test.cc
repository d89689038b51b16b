#include "harness/report/terminal.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <sstream>

#include "harness/report/failure.h"
#include "harness/report/sample_run.h"
#include "harness/report/style.h"
#include "harness/report/text.h"

namespace conform::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(TerminalReport, ReadsLikeThis) {
  RunResult run = sample_run();
  run.seed = 1;
  EXPECT_EQ(terminal_report(run, {}), R"(
linux (Linux 6.18.44 x86_64)
tcpconform 0.1.0, spec 2026-11, profile rfc9293, seed 1, 2026-11-22T09:00:00Z, 61.2 s

section                                 rows   cases  conforms  known  deviates  inapplicable  other
3.10.4      CLOSE Call                     5       5         -      1         -             1      3
3.10.7.4    Segment in other states        2       2         1      -         1             -      -
all                                        7       7         1      1         1             1      3

coverage    rows, by state: 310 of 331 exercised, 12 inapplicable, 1 not chosen, 1 missing
            states: 2 of 11 visited; 1 different transition seen
            missing: 3.10.7.4/second/x@CLOSING

deviates        3.10.7.4/second/rst-in-window@ESTABLISHED+passive
  RFC wants <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, and the state stays ESTABLISHED
  observed  state CLOSED
  clause    RFC 9293 3.10.7.4 second; RFC 5961 3.2 (MUST)
  finding   wrong state, but as RFC 793 has it
  reason    reset by a RST that is not exact
  note      none
  row       3.10.7.4/second/rst-in-window
  source    specs/table/segment-arrives.yaml:120
  trace        0.000000 call      OPEN passive  [3.10.1/first/passive]
               0.003000 -> target <SEQ=101><CTL=RST>
               0.003250 <- target <SEQ=1><ACK=1><CTL=ACK>  [unexpected]
  replay    ./build/tcpconform run --target linux '3.10.7.4/second/rst-in-window@ESTABLISHED+passive'

inconclusive    3.10.4/first/lost@LISTEN
  reason    the machine was too slow
  replay    ./build/tcpconform run --target linux '3.10.4/first/lost@LISTEN'

target died     3.10.4/first/died@LISTEN
  reason    no answer within 5 s
  replay    ./build/tcpconform run --target linux '3.10.4/first/died@LISTEN'

harness error   3.10.4/first/error@LISTEN
  reason    no such row
  replay    ./build/tcpconform run --target linux '3.10.4/first/error@LISTEN'

known deviations, by row
     1 x  3.10.4/first/close-listen: sockets give no answer here

inapplicable, by reason
     1 x  no security option

not chosen, by what the target does instead
  3.10.3/only/z: delivered
            3.10.3/only/y@ESTABLISHED

7 cases: 1 deviates, 1 inconclusive, 1 target died, 1 harness error
)");
}

TEST(TerminalReport, SaysSoWhenAllIsWell) {
  RunResult run = sample_run();
  run.cases.resize(1);
  const std::string text = terminal_report(run, {});
  EXPECT_THAT(text, HasSubstr("\n1 case, all as expected\n"));
  EXPECT_THAT(text, Not(HasSubstr("deviates        3.")));
  EXPECT_THAT(terminal_report(RunResult{}, {}), HasSubstr("\nno case was run\n"));
  run.interrupted = true;
  EXPECT_THAT(terminal_report(run, {}), HasSubstr("\ninterrupted: this is not the whole run\n"));
}

TEST(TerminalReport, LinesStayWithinTheWidth) {
  RunResult run = sample_run();
  run.seed = 1;
  for (CaseResult& result : run.cases) {
    if (!result.finding) continue;
    result.finding->allowed = result.finding->observed = result.finding->note =
        "word " + std::string(60, 'x') + " " + std::string(70, 'y') + " and more";
    for (TraceEntry& entry : result.trace) entry.verdict = "3.10.7.4/second/" + std::string(45, 'z');
  }
  std::istringstream lines(terminal_report(run, {}));
  for (std::string line; std::getline(lines, line);) {
    const bool replay = line.find("replay") != std::string::npos;  // must be copied in one piece
    EXPECT_TRUE(replay || columns(line) <= 100) << line;
  }
}

TEST(TerminalReport, ManyFailuresLoseTheirTracesButNotTheirNames) {
  RunResult run = sample_run();
  for (int i = 0; i < 10; ++i) run.cases.push_back(deviating_case("path-" + std::to_string(i)));
  const std::string text = terminal_report(run, {}, {.failures = 3, .missing_rows = 0});
  EXPECT_THAT(text, HasSubstr("and without their traces:\n"));
  std::size_t replays = 0;
  for (std::size_t at = 0; (at = text.find("  replay", at)) != std::string::npos; ++at) ++replays;
  EXPECT_EQ(replays, 3u);
  for (int i = 0; i < 10; ++i) EXPECT_THAT(text, HasSubstr("rst-in-window@path-" + std::to_string(i) + "\n"));
  EXPECT_THAT(text, Not(HasSubstr("missing: ")));
}

TEST(TerminalReport, KnownAndInapplicableAreGrouped) {
  RunResult run = sample_run();
  for (int i = 0; i < 4; ++i) run.cases.push_back(run.cases[2]);
  for (int i = 0; i < 2; ++i) run.cases.push_back(run.cases[3]);
  const std::string text = terminal_report(run, {});
  EXPECT_THAT(text, HasSubstr("     5 x  3.10.4/first/close-listen: sockets give no answer here\n"));
  EXPECT_THAT(text, HasSubstr("     3 x  no security option\n"));
}

TEST(TerminalReport, HostileTextsSendNoEscapes) {
  RunResult run = sample_run();
  const std::string hostile = hostile_text();
  run.target_name = run.target_version = run.date = run.spec_version = hostile;
  run.coverage.rows_missing = {hostile};
  for (CaseResult& result : run.cases) {
    result.id = result.row = result.section = result.reason = result.source.file = hostile;
    result.cites = {hostile};
    if (result.finding) result.finding->allowed = result.finding->note = result.finding->row = hostile;
    for (TraceEntry& entry : result.trace) entry.text = entry.verdict = hostile;
  }
  const std::string text = terminal_report(run, {});
  EXPECT_EQ(clean(text), text);
}

TEST(TerminalReport, ColoursOnlyWhenWanted) {
  EXPECT_THAT(terminal_report(sample_run(), {}), Not(HasSubstr("\x1B")));
  Style style;
  style.colour = true;
  EXPECT_THAT(terminal_report(sample_run(), style), HasSubstr("\x1B[1;31mdeviates"));
}

TEST(Replay, IsACommandForTheShell) {
  RunResult run;
  run.target_name = "adapter:./my stack";
  run.profile = spec::Profile::Rfc793;
  run.seed = 7;
  CaseResult result;
  result.id = "a'b";
  EXPECT_EQ(replay_command(run, result),
            "./build/tcpconform run --target 'adapter:./my stack' --profile rfc793 --seed 7 'a'\\''b'");
}

// ---- what a file descriptor leads to

class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    value ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  ~Environment() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(DetectStyle, ColoursOnATerminalUnlessNoColor) {
  const int controller = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (controller < 0 || ::grantpt(controller) != 0 || ::unlockpt(controller) != 0) GTEST_SKIP() << "no terminals here";
  const int terminal = ::open(::ptsname(controller), O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  {
    const Environment term("TERM", "xterm"), no_colour("NO_COLOR", nullptr);
    EXPECT_TRUE(detect_style(terminal).terminal);
    EXPECT_TRUE(detect_style(terminal).colour);
  }
  {
    const Environment term("TERM", "xterm"), no_colour("NO_COLOR", "1");
    EXPECT_TRUE(detect_style(terminal).terminal);
    EXPECT_FALSE(detect_style(terminal).colour);
  }
  {
    const Environment term("TERM", "dumb"), no_colour("NO_COLOR", nullptr);
    EXPECT_FALSE(detect_style(terminal).terminal);
    EXPECT_FALSE(detect_style(terminal).colour);
  }
  ::close(terminal);
  ::close(controller);
}

TEST(DetectStyle, AFileIsNoTerminal) {
  const int file = ::open("/dev/null", O_WRONLY);
  const Environment no_colour("NO_COLOR", nullptr);
  EXPECT_FALSE(detect_style(file).terminal);
  EXPECT_FALSE(detect_style(file).colour);
  ::close(file);
}

}  // namespace
}  // namespace conform::report
