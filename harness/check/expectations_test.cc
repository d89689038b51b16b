// What a scenario expects beside the table, failing in each of its ways; waiting; and what is tried afterwards.
#include <gmock/gmock.h>

#include "harness/check/case_run.h"
#include "harness/check/testing.h"

namespace conform {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using wire::State;

class Expectations : public ::testing::Test {
 protected:
  Expectations() {
    context_.program = &rfc().program;
    context_.paths = &paths_;
  }
  CaseResult run(const PlannedCase& planned) {
    CaseRun run(context_, planned, target_, 20000);
    int resumed = 0;
    for (Time wake = run.resume(); !run.done() && ++resumed < 10'000; wake = run.resume()) target_.wait(wake);
    EXPECT_TRUE(run.done()) << "the case does not end";
    if (!run.done()) run.give_up(Verdict::HarnessError, "the case does not end");
    return run.take_result();
  }
  CaseResult run(std::string_view way, std::string_view stimulus) { return run(planned_case("a-case", way, stimulus)); }
  // What is tried afterwards in these states.
  void afterwards(std::string_view states_and_steps) {
    spec::Epilogue epilogue;
    epilogue.states.set();
    epilogue.steps = steps(states_and_steps);
    paths_.epilogues.push_back(epilogue);
  }

  spec::Paths paths_;
  RunContext context_;
  FakeTarget target_;
};

constexpr std::string_view kSyn = "- call: OPEN passive\n- segment: <SEQ=PEER.ISS><CTL=SYN>\n";

// The verdict is "deviates" because this expectation was not met.
MATCHER_P3(NotMet, kind, allowed, observed, "") {
  return arg.verdict == Verdict::Deviates && arg.finding && arg.finding->kind == kind &&
         arg.finding->row == "a-case" && arg.finding->allowed == allowed && arg.finding->observed == observed;
}

TEST_F(Expectations, AreMet) {
  const CaseResult result = run("", std::string(kSyn) +
      "- expect: {emit: <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>, no-emit: <CTL=RST>, state: SYN-RECEIVED}\n"
      "- segment: <CTL=ACK>\n- expect: {silence: true, state: ESTABLISHED}\n"
      "- segment: <CTL=RST>\n- expect: {signal: connection reset | connection refused, state: CLOSED}\n"
      "- call: STATUS\n- expect: {reply: connection does not exist, received: 0}\n");
  EXPECT_EQ(result.verdict, Verdict::Conforms) << written(result);
}

TEST_F(Expectations, ASegmentThatDidNotCome) {
  EXPECT_THAT(run("", std::string(kSyn) + "- expect: {emit: <CTL=RST>}\n"),
              NotMet(Kind::MissingSegment, "emit <CTL=RST>", "<SEQ=ISS><ACK=IRS+1><CTL=SYN,ACK><WND=60000>"));
}

TEST_F(Expectations, SegmentsInAnotherOrder) {
  const std::string both = std::string(kSyn) + "- segment: <SEQ=RCV.NXT - 5><CTL=ACK>\n";
  EXPECT_EQ(run("", both + "- expect: {emit: [\"<CTL=SYN,ACK>\", \"<CTL=ACK>\"]}\n").verdict, Verdict::Conforms);
  const CaseResult result = run("", both + "- expect: {emit: [\"<CTL=ACK>\", \"<CTL=SYN,ACK>\"]}\n");
  ASSERT_EQ(result.verdict, Verdict::Deviates);
  EXPECT_EQ(result.finding->kind, Kind::MissingSegment);
  EXPECT_EQ(result.finding->allowed, "emit <CTL=SYN,ACK>");
}

TEST_F(Expectations, OneSegmentDoesNotStandForTwo) {
  const CaseResult result = run("", std::string(kSyn) + "- expect: {emit: [\"<CTL=SYN,ACK>\", \"<CTL=SYN,ACK>\"]}\n");
  ASSERT_EQ(result.verdict, Verdict::Deviates);
  EXPECT_EQ(result.finding->kind, Kind::MissingSegment);
}

TEST_F(Expectations, ASegmentThatShouldNotHaveCome) {
  EXPECT_THAT(run("", std::string(kSyn) + "- expect: {no-emit: <CTL=SYN,ACK>}\n"),
              NotMet(Kind::UnexpectedSegment, "not <CTL=SYN,ACK>", "<SEQ=ISS><ACK=IRS+1><CTL=SYN,ACK><WND=60000>"));
}

TEST_F(Expectations, Silence) {
  EXPECT_THAT(run("", std::string(kSyn) + "- expect: {silence: true}\n"),
              NotMet(Kind::UnexpectedSegment, "silence", "<SEQ=ISS><ACK=IRS+1><CTL=SYN,ACK><WND=60000>"));
}

TEST_F(Expectations, AState) {
  EXPECT_THAT(run("", std::string(kSyn) + "- expect: {state: ESTABLISHED}\n"),
              NotMet(Kind::WrongState, "state ESTABLISHED", "state SYN-RECEIVED"));
}

TEST_F(Expectations, ASignal) {
  EXPECT_THAT(run("", std::string(kSyn) + "- expect: {signal: open ok | close ok}\n"),
              NotMet(Kind::MissingSignal, "signal open ok or close ok", "no such signal"));
}

TEST_F(Expectations, AReply) {
  const CaseResult result = run("", "- call: OPEN passive\n- expect: {reply: connection already exists}\n");
  ASSERT_EQ(result.verdict, Verdict::Deviates);
  EXPECT_EQ(result.finding->kind, Kind::WrongReply);
  EXPECT_EQ(result.finding->observed, "ok");
  EXPECT_EQ(run("", "- call: OPEN passive\n- expect: {reply: ok}\n- expect: {reply: ok}\n").finding->observed, "none")
      << "an answer counts once";
}

TEST_F(Expectations, ReceivedOctets) {
  EXPECT_THAT(run("", std::string(kSyn) + "- expect: {received: 5}\n"),
              NotMet(Kind::LostBytes, "5 octets received", "0 octets"));
}

TEST_F(Expectations, WhatWasExpectedOnceDoesNotCountAgain) {
  EXPECT_THAT(run("", std::string(kSyn) + "- expect: {emit: <CTL=SYN,ACK>}\n- expect: {emit: <CTL=SYN,ACK>}\n"),
              NotMet(Kind::MissingSegment, "emit <CTL=SYN,ACK>", "nothing was sent"));
}

TEST_F(Expectations, AFailureCarriesTheCasesLevelAndClauses) {
  PlannedCase planned = planned_case("a-case", "", std::string(kSyn) + "- expect: {silence: true}\n");
  planned.about.level = spec::Level::Should;
  planned.about.cites = {"RFC 9293 3.5"};
  const CaseResult result = run(planned);
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->level, spec::Level::Should);
  EXPECT_THAT(result.finding->cite, Contains("RFC 9293 3.5"));
}

// ---- waiting

TEST_F(Expectations, WaitingForAStateEndsWhenItComes) {
  target_.on_time = [](FakeState& s) {
    if (s.target->clock >= 3s && s.state == State::SynReceived) {
      s.send("SYN,ACK");   // not yet known to be lost
      s.target->on_time = nullptr;
    }
  };
  const CaseResult result = run("", std::string(kSyn) + "- wait: {until: CLOSED, at-most: 2 s}\n");
  ASSERT_EQ(result.verdict, Verdict::Deviates) << written(result);
  EXPECT_EQ(result.finding->kind, Kind::WrongState);
  EXPECT_EQ(result.finding->allowed, "state CLOSED");
  EXPECT_EQ(result.finding->observed, "state SYN-RECEIVED");
  EXPECT_EQ(target_.clock, 2s) << "no longer than it said";
}

TEST_F(Expectations, AStateThatIsThereNeedNotBeWaitedFor) {
  const CaseResult result = run("", "- call: OPEN passive\n- wait: {until: LISTEN, at-most: 1 min}\n");
  EXPECT_EQ(result.verdict, Verdict::Conforms);
  EXPECT_EQ(target_.clock, 0s);
}

TEST_F(Expectations, WaitingForASegmentEndsWhenItComes) {
  target_.on_time = [](FakeState& s) {
    if (s.target->clock < 1s || s.snd_nxt != s.iss + 1) return;
    s.snd_nxt = s.iss;
    s.send("SYN,ACK");
    s.snd_nxt = s.iss + 1;
    s.target->on_time = nullptr;
  };
  const std::string wait = "- expect: {emit: <CTL=SYN,ACK>}\n- wait: {until: <CTL=SYN,ACK>, at-most: 4 s}\n";
  const CaseResult result = run("", std::string(kSyn) + wait);
  EXPECT_EQ(result.verdict, Verdict::Conforms) << written(result);
  EXPECT_LE(target_.clock, 4s);
  target_.clock = 0s;
  const CaseResult missing = run("", std::string(kSyn) + wait);
  ASSERT_EQ(missing.verdict, Verdict::Deviates);
  EXPECT_EQ(missing.finding->kind, Kind::MissingSegment) << written(missing);
}

TEST_F(Expectations, WhatATimerMustSignalIsMissedAtTheEndOfTheWait) {
  target_.on_call = [](FakeState& s, const UserCall& call) -> std::optional<Reply> {
    if (call.verb != Verb::Open) return std::nullopt;
    s.send("SYN");
    s.state = State::SynSent;
    return Reply{};
  };
  target_.on_time = [](FakeState& s) {
    if (s.target->clock >= 3s) s.state = State::Closed;   // the user timeout, and nobody is told
  };
  const CaseResult result = run("", "- call: OPEN active timeout=3s\n- wait: 3500 ms\n");
  ASSERT_EQ(result.verdict, Verdict::Deviates) << written(result);
  EXPECT_EQ(result.finding->kind, Kind::MissingSignal);
  EXPECT_EQ(result.finding->row, "3.10.8/user/user-timeout");
}

// ---- what is tried afterwards

TEST_F(Expectations, TheEpilogueOfTheStateIsTried) {
  afterwards("- call: STATUS\n");
  PlannedCase planned = planned_case("a-case", kListen, "- segment: <CTL=RST>\n");
  planned.epilogue = true;
  const CaseResult result = run(planned);
  EXPECT_EQ(result.verdict, Verdict::Conforms);
  EXPECT_THAT(written(result), HasSubstr("STATUS"));
  planned.epilogue = false;
  EXPECT_THAT(written(run(planned)), Not(HasSubstr("STATUS")));
}

TEST_F(Expectations, TheEpilogueDoesNotBlameForACallThatThereIsNot) {
  afterwards("- call: STATUS\n");
  target_.on_call = [](FakeState&, const UserCall& call) -> std::optional<Reply> {
    if (call.verb != Verb::Status) return std::nullopt;
    Reply reply;
    reply.answer = Answer::Unsupported;
    reply.why = "no STATUS";
    return reply;
  };
  PlannedCase planned = planned_case("a-case", kListen, "- segment: <CTL=RST>\n");
  planned.epilogue = true;
  const CaseResult result = run(planned);
  EXPECT_EQ(result.verdict, Verdict::Conforms) << written(result);
  EXPECT_THAT(written(result), HasSubstr("unsupported: no STATUS"));
}

TEST_F(Expectations, NorForACallThatTheTargetNeverHad) {
  afterwards("- call: STATUS\n");
  target_.able.calls.erase(Verb::Status);
  PlannedCase planned = planned_case("a-case", kListen, "- segment: <CTL=RST>\n");
  planned.epilogue = true;
  EXPECT_EQ(run(planned).verdict, Verdict::Conforms);
}

TEST_F(Expectations, WhatTheEpilogueBringsToLightDeviates) {
  afterwards("- call: STATUS\n");
  target_.on_call = [](FakeState&, const UserCall& call) -> std::optional<Reply> {
    if (call.verb != Verb::Status) return std::nullopt;
    Reply reply;
    reply.state = State::LastAck;
    return reply;
  };
  PlannedCase planned = planned_case("a-case", kListen, "- segment: <CTL=RST>\n");
  planned.epilogue = true;
  const CaseResult result = run(planned);
  EXPECT_EQ(result.verdict, Verdict::Deviates);
  EXPECT_EQ(result.reason, "wrong reply: reply: state = LAST-ACK, in what was tried afterwards");
}

}  // namespace
}  // namespace conform
