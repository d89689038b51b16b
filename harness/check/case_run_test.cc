// A case against a target whose every move is the test's: what the verdict is, and what the trace tells.
#include "harness/check/case_run.h"

#include <gmock/gmock.h>

#include "harness/check/testing.h"
#include "harness/oracle/streams.h"

namespace conform {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using wire::State;

class CaseRunTest : public ::testing::Test {
 protected:
  CaseRunTest() {
    context_.program = &rfc().program;
    context_.paths = &paths_;
  }
  // Runs the case to its end, time passing as the case asks for it.
  CaseResult run(const PlannedCase& planned) {
    CaseRun run(context_, planned, target_, 20000);
    for (Time wake = run.resume(); !run.done(); wake = run.resume()) {
      if (++resumed_ > 10'000) {
        ADD_FAILURE() << "the case does not end";
        run.give_up(Verdict::HarnessError, "the case does not end");
        break;
      }
      target_.wait(wake);
    }
    transitions_ = run.transitions();
    outcome_ = run.row_outcome();
    return run.take_result();
  }
  CaseResult run(std::string_view way, std::string_view stimulus, const std::string& row = {}) {
    return run(planned_case("a-case", way, stimulus, row));
  }
  static std::vector<std::string> texts(const CaseResult& result, TraceEntry::What what) {
    std::vector<std::string> all;
    for (const TraceEntry& entry : result.trace) {
      if (entry.what == what) all.push_back(entry.text);
    }
    return all;
  }

  spec::Paths paths_;
  RunContext context_;
  FakeTarget target_;
  std::vector<std::pair<State, State>> transitions_;
  RowOutcome outcome_ = RowOutcome::NotPossible;
  int resumed_ = 0;
};

constexpr const char* kRstExact = "3.10.7.4/second/rst-exact";

TEST_F(CaseRunTest, AGoodTargetConforms) {
  const CaseResult result = run(kEstablished, "- segment: <CTL=RST>\n", kRstExact);
  EXPECT_EQ(result.verdict, Verdict::Conforms) << written(result);
  EXPECT_TRUE(result.reason.empty());
  EXPECT_FALSE(result.finding);
  EXPECT_EQ(outcome_, RowOutcome::Happened);
  EXPECT_THAT(result.rows_fired, Contains(kRstExact));
  EXPECT_THAT(transitions_, ElementsAre(std::pair(State::Closed, State::Listen), std::pair(State::Listen, State::SynReceived),
                                        std::pair(State::SynReceived, State::Established),
                                        std::pair(State::Established, State::Closed)));
  EXPECT_EQ(target_.alive, 0) << "the session ends with the case";
}

TEST_F(CaseRunTest, TheTraceTellsWhatWasDoneAndWhatCame) {
  const CaseResult result = run(kEstablished, "- segment: <CTL=RST>\n", kRstExact);
  EXPECT_THAT(texts(result, TraceEntry::What::Call), ElementsAre("OPEN passive"));
  EXPECT_THAT(texts(result, TraceEntry::What::Reply), ElementsAre("ok"));
  EXPECT_THAT(texts(result, TraceEntry::What::Injected),
              ElementsAre("<SEQ=IRS><CTL=SYN><WND=65535><MSS=1460>", "<SEQ=IRS+1><ACK=ISS+1><CTL=ACK><WND=65535>",
                          "<SEQ=IRS+1><CTL=RST><WND=65535>"));
  EXPECT_THAT(texts(result, TraceEntry::What::Emitted), ElementsAre("<SEQ=ISS><ACK=IRS+1><CTL=SYN,ACK><WND=60000>"));
  EXPECT_THAT(texts(result, TraceEntry::What::Signal), ElementsAre("connection reset"));
  EXPECT_THAT(texts(result, TraceEntry::What::State), ElementsAre("LISTEN", "SYN-RECEIVED", "ESTABLISHED", "CLOSED"));
  for (const TraceEntry& entry : result.trace) {
    const bool on_the_wire = entry.what == TraceEntry::What::Injected || entry.what == TraceEntry::What::Emitted;
    EXPECT_EQ(!entry.datagram.empty(), on_the_wire) << entry.text;
    if (entry.what == TraceEntry::What::Emitted) EXPECT_EQ(entry.verdict.substr(0, 4), "3.8/") << entry.verdict;
  }
}

TEST_F(CaseRunTest, ATraceIsKeptOnlyWhenAskedFor) {
  context_.keep_trace = false;
  EXPECT_THAT(run(kEstablished, "- segment: <CTL=RST>\n").trace, IsEmpty());
}

TEST_F(CaseRunTest, TimesCountFromTheBeginningOfTheCase) {
  target_.clock = 1h;
  const CaseResult result = run(kListen, "- wait: 3 s\n- segment: <CTL=RST>\n");
  EXPECT_EQ(result.verdict, Verdict::Conforms) << written(result);
  EXPECT_EQ(result.trace.front().at, 0s);
  EXPECT_EQ(result.trace.back().at, 3s);
  EXPECT_EQ(result.duration, 3s);
}

// ---- deviations, and where they are laid

TEST_F(CaseRunTest, ASilentTargetNeverConforms) {
  target_.on_segment = [](FakeState&, const wire::Segment&) {};
  const CaseResult result = run(kListen, "- segment: <SEQ=PEER.ISS><CTL=SYN>\n");
  ASSERT_EQ(result.verdict, Verdict::Deviates) << written(result);
  EXPECT_NE(result.finding->kind, Kind::MissedShould);
}

TEST_F(CaseRunTest, ADeviationOnTheWayIsSaidToBeThere) {
  target_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    FakeTarget::arrives(s, segment);
    if (segment.flags.syn()) s.signal(SignalKind::UrgentData);
  };
  const CaseResult result = run(kEstablished, "- segment: <CTL=RST>\n", kRstExact);
  EXPECT_EQ(result.verdict, Verdict::Deviates);
  EXPECT_EQ(result.reason, "unexpected signal: signal: urgent data, on the way there");
}

TEST_F(CaseRunTest, ADeviationInTheStimulusNeedsNoPlace) {
  target_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    FakeTarget::arrives(s, segment);
    if (segment.flags.rst()) s.state = State::Established;
  };
  const CaseResult result = run(kEstablished, "- segment: <CTL=RST>\n", kRstExact);
  ASSERT_EQ(result.verdict, Verdict::Deviates) << written(result);
  EXPECT_EQ(result.finding->row, kRstExact);
  EXPECT_EQ(result.reason, "wrong state: state ESTABLISHED");
}

TEST_F(CaseRunTest, ARowThatCouldNotFireIsInconclusive) {
  const CaseResult result = run(kEstablished, "- segment: <CTL=ACK>\n", kRstExact);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive);
  EXPECT_THAT(result.reason, HasSubstr("the row could not fire"));
  EXPECT_EQ(outcome_, RowOutcome::NotPossible);
}

TEST_F(CaseRunTest, AStormIsADeviation) {
  // Each window update is justified by itself; two thousand of them in answer to one segment are not.
  target_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    FakeTarget::arrives(s, segment);
    if (s.state != State::Established) return;
    for (std::uint16_t i = 1; i <= 2100; ++i) s.send("ACK", static_cast<std::uint16_t>(60000 + i));
  };
  const CaseResult result = run(kEstablished, "");
  ASSERT_EQ(result.verdict, Verdict::Deviates);
  EXPECT_EQ(result.finding->row, "(storm)");
  EXPECT_EQ(result.finding->observed, "more than 500 segments after one stimulus that say nothing new");
}

TEST_F(CaseRunTest, AWrongChecksumIsMalformed) {
  target_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    FakeTarget::arrives(s, segment);
    if (!s.out.empty()) std::get<Datagram>(s.out.back().what).back() ^= 1;
  };
  const CaseResult result = run(kListen, "- segment: <SEQ=PEER.ISS><CTL=SYN>\n");
  ASSERT_EQ(result.verdict, Verdict::Deviates);
  EXPECT_EQ(result.finding->kind, Kind::Malformed);
  EXPECT_THAT(result.finding->observed, HasSubstr("wrong checksum"));
}

TEST_F(CaseRunTest, WhatIsOwedAfterTheStimulusIsWaitedFor) {
  target_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    if (segment.text.empty()) return FakeTarget::arrives(s, segment);
    s.rcv_nxt = segment.seq + segment.length();   // taken, and never acknowledged
  };
  const CaseResult result = run(kEstablished, "- segment: <CTL=ACK><DATA=10>\n", "3.10.7.4/seventh/text");
  ASSERT_EQ(result.verdict, Verdict::Deviates) << written(result);
  EXPECT_EQ(result.finding->kind, Kind::Overdue);
  EXPECT_EQ(to_ms(target_.clock), 501);
}

TEST_F(CaseRunTest, AnAckThatIsDelayedInTimeConforms) {
  target_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    if (segment.text.empty()) return FakeTarget::arrives(s, segment);
    s.rcv_nxt = segment.seq + segment.length();
  };
  target_.on_time = [](FakeState& s) {
    if (s.target->clock < 501ms) return;
    wire::Segment ack;
    ack.flags = flags_of("ACK");
    ack.seq = s.snd_nxt;
    ack.ack = s.rcv_nxt;
    ack.wnd = 59990;
    s.send(ack);
    s.out.back().at = 450ms;   // it was sent before the case looked
    s.target->on_time = nullptr;
  };
  const CaseResult result = run(kEstablished, "- segment: <CTL=ACK><DATA=10>\n", "3.10.7.4/seventh/text");
  EXPECT_EQ(result.verdict, Verdict::Conforms) << written(result);
}

// ---- rows that depend on what the RFC lets the target choose

constexpr const char* kWaiting = "3.10.3/only/on-hand-and-queued";
constexpr const char* kTextAndReceive = "- segment: <CTL=ACK><DATA=20>\n- call: RECEIVE 100\n";

// A case whose row needs a RECEIVE that waits although text is on hand.
PlannedCase waiting_case() {
  PlannedCase planned = planned_case("a-case", std::string(kEstablished) + kTextAndReceive, "- call: RECEIVE 100\n", kWaiting);
  planned.needed.rows = {{rfc().program.find_row("3.10.3/only/less-on-hand"), State::Established, 1}};
  return planned;
}

// Takes text and acknowledges it. The first RECEIVE is answered by `first`, with the text if that is `ok`.
void take_text(FakeTarget& target, Answer first) {
  target.on_segment = [](FakeState& s, const wire::Segment& segment) {
    if (segment.text.empty()) return FakeTarget::arrives(s, segment);
    s.rcv_nxt = segment.seq + segment.length();
    s.send("ACK", 59980);
  };
  auto calls = std::make_shared<int>(0);
  target.on_call = [first, calls](FakeState&, const UserCall& call) -> std::optional<Reply> {
    if (call.verb != Verb::Receive) return std::nullopt;
    Reply reply;
    reply.answer = (*calls)++ == 0 ? first : Answer::Queued;
    if (reply.answer == Answer::Ok) reply.text = oracle::peer_text(0, 20);
    return reply;
  };
}

TEST_F(CaseRunTest, ARowThatNeedsAnotherChoiceIsNotChosen) {
  take_text(target_, Answer::Ok);
  const CaseResult result = run(waiting_case());
  EXPECT_EQ(result.verdict, Verdict::Conforms) << written(result);
  EXPECT_EQ(result.not_chosen, "3.10.3/only/less-on-hand: delivered");
  EXPECT_EQ(outcome_, RowOutcome::NotPossible);
}

TEST_F(CaseRunTest, AChoiceThatIsNotSeenIsNoExcuse) {
  take_text(target_, Answer::Ok);
  PlannedCase planned = waiting_case();
  planned.needed.rows = {{rfc().program.find_row("3.10.4/only/close-wait-sending"), State::CloseWait, 1}};
  const CaseResult result = run(planned);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive) << written(result);
  EXPECT_TRUE(result.not_chosen.empty());
}

TEST_F(CaseRunTest, AnotherWindowIsAChoice) {
  PlannedCase planned = planned_case("a-case", kEstablished, "- segment: <CTL=RST><DATA=10>\n",
                                     "3.10.7.4/first-allowances/rst-zero-window");
  planned.needed.window = 0;
  const CaseResult result = run(planned);
  EXPECT_EQ(result.verdict, Verdict::Conforms) << written(result);
  EXPECT_EQ(result.not_chosen, "the window that it offers: 60000 octets, where the row needs 0");
}

TEST_F(CaseRunTest, WhatIsWrongOutweighsAChoice) {
  target_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    FakeTarget::arrives(s, segment);
    if (segment.flags.rst()) s.state = State::Established;
  };
  PlannedCase planned = planned_case("a-case", kEstablished, "- segment: <CTL=RST><DATA=10>\n",
                                     "3.10.7.4/first-allowances/rst-zero-window");
  planned.needed.window = 0;
  const CaseResult result = run(planned);
  EXPECT_EQ(result.verdict, Verdict::Deviates) << written(result);
  EXPECT_THAT(result.not_chosen, HasSubstr("60000"));
}

constexpr const char* kSynReceivedWithTimeout = "- call: OPEN passive timeout=5s\n- segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460>\n";

TEST_F(CaseRunTest, ATimerThatNeedsOnlyTimeIsTriedByWaitingForIt) {
  const CaseResult result = run(kSynReceivedWithTimeout, "- wait: {until: CLOSED, at-most: 8 s}\n", "3.10.8/user/user-timeout");
  EXPECT_EQ(result.verdict, Verdict::Deviates) << "nothing was sent again";
  EXPECT_EQ(outcome_, RowOutcome::Possible) << written(result);
}

TEST_F(CaseRunTest, AWaitInVainIsNoDeviationByItself) {
  const CaseResult result = run(kSynReceivedWithTimeout, "- wait: {until: CLOSED, at-most: 3 s}\n", "3.10.8/user/user-timeout");
  EXPECT_EQ(result.verdict, Verdict::Inconclusive) << written(result);
  EXPECT_EQ(outcome_, RowOutcome::NotPossible) << "the time had not come";
}

TEST_F(CaseRunTest, WhatMoreThanTimeMustBringAboutIsNotWaitedForInVain) {
  context_.longest_wait = 1s;
  const auto waited = [&](const std::string& row) {
    const CaseResult result = run(kSynReceivedWithTimeout, "- wait: {until: CLOSED, at-most: 241 s}\n", row);
    EXPECT_EQ(result.verdict, Verdict::Inapplicable) << written(result);
    return result.duration;
  };
  EXPECT_EQ(waited("3.10.8/retransmission/give-up-syn-ack"), 0s) << "it needs retransmissions";
  EXPECT_EQ(waited("3.10.8/user/user-timeout"), 1s) << "it may come early";
}

// ---- what cannot be tried, and who has died

TEST_F(CaseRunTest, AnUnsupportedCallIsInapplicable) {
  target_.on_call = [](FakeState&, const UserCall& call) -> std::optional<Reply> {
    if (call.verb != Verb::Abort) return std::nullopt;
    Reply reply;
    reply.answer = Answer::Unsupported;
    reply.why = "ABORT before accept()";
    return reply;
  };
  const CaseResult result = run(kListen, "- call: ABORT\n", "3.10.5/only/unsent");
  EXPECT_EQ(result.verdict, Verdict::Inapplicable);
  EXPECT_THAT(result.reason, HasSubstr("ABORT before accept()"));
}

TEST_F(CaseRunTest, ACallThatDoesNotExistAtAllIsNotEvenMade) {
  target_.able.calls.erase(Verb::Abort);
  target_.on_call = [](FakeState&, const UserCall& call) -> std::optional<Reply> {
    EXPECT_NE(call.verb, Verb::Abort);
    return std::nullopt;
  };
  EXPECT_EQ(run(kListen, "- call: ABORT\n").verdict, Verdict::Inapplicable);
}

TEST_F(CaseRunTest, WhatATargetLacksIsInapplicableBeforeAnythingIsTried) {
  target_.able.lacks = {"security"};
  PlannedCase planned = planned_case("a-case", kListen, "- segment: <CTL=SYN><SEC=other>\n");
  planned.needs = {"security"};
  const CaseResult result = run(planned);
  EXPECT_EQ(result.verdict, Verdict::Inapplicable);
  EXPECT_EQ(result.reason, "the target lacks: security");
  EXPECT_EQ(target_.opened, 0);
}

// A scenario that does not say what it needs must not be judged by what could not be done.
TEST_F(CaseRunTest, ASegmentOfOtherSecurityIsNotSentToATargetWithoutSecurity) {
  target_.able.lacks = {"security"};
  target_.on_segment = [](FakeState&, const wire::Segment&) { ADD_FAILURE() << "it was sent"; };
  const CaseResult result = run(kListen, "- segment: <CTL=SYN><SEC=other>\n");
  EXPECT_EQ(result.verdict, Verdict::Inapplicable);
  EXPECT_EQ(result.reason, "the target lacks: security");
}

TEST_F(CaseRunTest, WithoutIpv6ItsCasesAreInapplicable) {
  target_.able.ipv6 = false;
  PlannedCase planned = planned_case("a-case", kListen, "");
  planned.family = Family::Ipv6;
  EXPECT_EQ(run(planned).verdict, Verdict::Inapplicable);
}

TEST_F(CaseRunTest, AWaitLongerThanTheRunAllowsIsInapplicable) {
  context_.longest_wait = 10s;
  EXPECT_EQ(run(kListen, "- wait: 11 s\n").verdict, Verdict::Inapplicable);
  EXPECT_EQ(run(kListen, "- wait: 10 s\n").verdict, Verdict::Conforms);
  EXPECT_EQ(run(kListen, "- wait: {until: ESTABLISHED, at-most: 11 s}\n").verdict, Verdict::Inapplicable)
      << "it was not waited for to the end";
}

TEST_F(CaseRunTest, ATargetThatCannotBeOpenedHasDied) {
  target_.opens = [](int) { return false; };
  const CaseResult result = run(kListen, "");
  EXPECT_EQ(result.verdict, Verdict::TargetDied);
  EXPECT_THAT(result.reason, HasSubstr("cannot be started"));
}

TEST_F(CaseRunTest, ATargetThatIsDeadAfterTheStimulusHasDied) {
  target_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    FakeTarget::arrives(s, segment);
    if (segment.flags.rst()) s.dead = true;
  };
  const CaseResult result = run(kEstablished, "- segment: <CTL=RST>\n", kRstExact);
  EXPECT_EQ(result.verdict, Verdict::TargetDied) << "an expected silence counts only when the target proves alive";
  EXPECT_THAT(result.reason, AllOf(HasSubstr("no answer to the probe"), Not(HasSubstr("\n"))));
}

TEST_F(CaseRunTest, AnInterruptedCaseIsInconclusive) {
  const PlannedCase planned = planned_case("a-case", kListen, "- wait: 10 s\n");
  CaseRun run(context_, planned, target_, 20000);
  EXPECT_EQ(run.resume(), 10s);
  ASSERT_FALSE(run.done());
  run.give_up(Verdict::Inconclusive, "interrupted");
  EXPECT_TRUE(run.done());
  EXPECT_EQ(run.resume(), kNever);
  EXPECT_EQ(run.take_result().verdict, Verdict::Inconclusive);
}

}  // namespace
}  // namespace conform
