// What is owed by when, and what a target's own timers explain.
#include "harness/oracle/testing.h"

namespace conform::oracle {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using spec::Var;
using wire::State;

constexpr std::int64_t kMinute = 60'000;
const char* const kAcknowledge = "3.8.6.3/acknowledge";

// Text has come, and is not acknowledged.
Talk owing_an_ack(Duration slack = {}) {
  Talk talk(the_rfc(), {.slack = slack});
  talk.established().peer("<CTL=ACK><DATA=10>").settled();
  return talk;
}

TEST(DelayedAck, IsOwedForHalfASecond) {
  Talk talk = owing_an_ack();
  talk.later(499);
  EXPECT_THAT(talk, Conforms());
  talk.later(1);
  EXPECT_THAT(talk, Conforms()) << "at 500 ms it is in time";
  talk.later(1);
  ASSERT_THAT(talk, Deviates(Kind::Overdue, kAcknowledge));
  EXPECT_THAT(talk, Refuted());
  EXPECT_EQ(talk.finding()->allowed, "text or a FIN that was taken is acknowledged within half a second (within 500 ms)");
  EXPECT_EQ(talk.finding()->observed, "still owed after 501 ms");
  EXPECT_THAT(talk.finding()->cite, Contains("RFC 9293 3.8.6.3"));
}

TEST(DelayedAck, ThatCameIsNoLongerOwed) {
  Talk talk = owing_an_ack();
  talk.later(499).target("<CTL=ACK>").later(10'000);
  EXPECT_THAT(talk, Conforms());
}

TEST(DelayedAck, ThatComesTooLateDoesNotMendIt) {
  Talk talk = owing_an_ack();
  talk.later(501).target("<CTL=ACK>");
  EXPECT_THAT(talk, Deviates(Kind::Overdue, kAcknowledge));
}

TEST(DelayedAck, OfOldTextDoesNotPayForNewText) {
  Talk talk = owing_an_ack();
  talk.later(400).target("<CTL=ACK>").peer("<CTL=ACK><DATA=10>").settled().later(500);
  EXPECT_THAT(talk, Conforms()) << "the new text is owed from when it came";
  talk.later(1);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, kAcknowledge));
}

TEST(DelayedAck, IsOwedFromTheFirstTextNotTheLast) {
  Talk talk = owing_an_ack();
  talk.later(300).peer("<CTL=ACK><DATA=10>").settled().later(200);
  EXPECT_THAT(talk, Conforms());
  talk.later(1);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, kAcknowledge));
}

TEST(DelayedAck, IsGivenTheSlackOfARealClock) {
  Talk talk = owing_an_ack(50ms);
  talk.later(550);
  EXPECT_THAT(talk, Conforms());
  talk.later(1);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, kAcknowledge));
}

TEST(Deadline, IsTheFirstMomentAtWhichSomethingIsOverdue) {
  Talk talk = owing_an_ack();
  EXPECT_EQ(talk.oracle().next_deadline(talk.now(), 1s), 501ms);
  EXPECT_EQ(talk.oracle().next_deadline(talk.now(), 501ms), 501ms);
  EXPECT_EQ(talk.oracle().next_deadline(talk.now(), 500ms), kNever) << "beyond the horizon";
  talk.later(200);
  EXPECT_EQ(talk.oracle().next_deadline(talk.now(), 301ms), 501ms);
  talk.target("<CTL=ACK>");
  EXPECT_EQ(talk.oracle().next_deadline(talk.now(), 10s), kNever) << "nothing is owed";
}

TEST(Owed, TextIsSentWhileTheWindowIsOpen) {
  Talk talk;
  talk.established().user("SEND 100").settled().later(1000);
  EXPECT_THAT(talk, Conforms());
  talk.later(1);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, "3.8.6.3/send-text"));
}

TEST(Owed, AFinIsSentAfterAClose) {
  Talk talk;
  talk.established().user("CLOSE").state(State::FinWait1).settled().later(1001);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, "3.8.6.3/send-fin"));
}

TEST(Owed, WhatIsNotAcknowledgedIsSentAgain) {
  Talk talk;
  talk.sending(100).later(4000);
  EXPECT_THAT(talk, Conforms());
  talk.later(1);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, "3.8.6.3/retransmit"));
}

TEST(Owed, TheNextRetransmissionMayTakeLonger) {
  Talk talk;
  talk.sending(100).later(3000).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>").later(8500);
  EXPECT_THAT(talk, Conforms()) << "two and a half times 3 s, and a second";
  talk.later(1);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, "3.8.6.3/retransmit"));
}

TEST(Owed, WhatIsAcknowledgedNeedNotBeSentAgain) {
  Talk talk;
  talk.sending(100).peer("<ACK=SND.NXT><CTL=ACK>").settled().later(kMinute);
  EXPECT_THAT(talk, Conforms());
}

TEST(Owed, AClosedWindowIsProbed) {
  Talk talk;
  talk.opened_passively().peer("<CTL=ACK><WND=0>").settled().user("SEND 100").settled().later(6000);
  EXPECT_THAT(talk, Conforms());
  talk.later(1);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, "3.8.6.3/probe-zero-window"));
}

// ---- timers of the target's own

Talk in_time_wait(bool sees_state = true) {
  Talk talk(the_rfc(), {.sees_state = sees_state});
  talk.established().user("CLOSE").target("<CTL=FIN,ACK>").settled().peer("<CTL=ACK>").settled();
  talk.peer("<CTL=FIN,ACK>").told(SignalKind::ConnectionClosing).target("<CTL=ACK>").settled();
  return talk;
}

TEST(Timers, TimeWaitEndsByItselfAfterTwoMsl) {
  Talk talk = in_time_wait();
  talk.later(4 * kMinute).state(State::Closed).settled();
  EXPECT_THAT(talk, Conforms());
  EXPECT_THAT(talk.oracle().explanation(), Contains("3.10.8/time-wait/time-wait"));
}

TEST(Timers, TimeWaitThatEndsEarlyMissesAMust) {
  Talk talk = in_time_wait();
  talk.later(4 * kMinute - 1).state(State::Closed).settled();
  ASSERT_THAT(talk, Deviates(Kind::MissedMust, "3.10.8/time-wait/time-wait-early"));
  EXPECT_EQ(talk.finding()->note, "TIME-WAIT has lasted for less than 2 MSL");
}

TEST(Timers, TimeWaitThatIsSkippedIsAWrongState) {
  Talk talk = in_time_wait();
  talk.later(999).state(State::Closed);
  ASSERT_TRUE(talk.finding());
  EXPECT_EQ(talk.finding()->kind, Kind::WrongState);
}

TEST(Timers, TimeWaitThatNeverEndsIsOverdue) {
  Talk talk = in_time_wait();
  talk.later(4 * kMinute + 5000).state(State::TimeWait);
  EXPECT_THAT(talk, Conforms());
  talk.later(1);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, "3.8.6.3/end-time-wait"));
}

TEST(Timers, AFinThatComesAgainRestartsTimeWait) {
  Talk talk = in_time_wait();
  talk.later(kMinute).peer("<SEQ=RCV.NXT - 1><CTL=FIN,ACK>").target("<CTL=ACK>").settled();
  EXPECT_EQ(talk[Var::TimeWaitStart], kMinute);
  talk.later(4 * kMinute - 1).state(State::TimeWait);
  EXPECT_THAT(talk, Conforms());
}

TEST(Timers, AStateThatIsNotSeenIsGuessed) {
  // After 2 MSL the target may answer as from TIME-WAIT or as from CLOSED; its state is not told.
  Talk waiting = in_time_wait(false), gone = waiting;
  waiting.later(4 * kMinute + 1).peer("<CTL=ACK>").settled();
  EXPECT_THAT(waiting, Conforms()) << "an ACK alone needs no answer in TIME-WAIT";
  gone.later(4 * kMinute + 1).peer("<CTL=ACK>").target("<SEQ=SEG.ACK><CTL=RST>").settled();
  EXPECT_THAT(gone, Conforms());
}

TEST(Timers, AStateThatIsSeenIsNotGuessed) {
  Talk talk = in_time_wait();
  talk.later(4 * kMinute + 1).state(State::TimeWait).peer("<CTL=ACK>").target("<SEQ=SEG.ACK><CTL=RST>");
  EXPECT_THAT(talk, Refuted());
}

// The SYN is sent again after 1, 3, 7, 15, 31 and 63 s, and then after `last` more; `rest` later nothing has come.
Talk unanswered_syn(std::int64_t last, std::int64_t rest) {
  Talk talk;
  talk.user("OPEN active").target("<CTL=SYN>").settled();
  for (std::int64_t wait = 1000; wait <= 32'000; wait *= 2) talk.later(wait).target("<CTL=SYN>");
  return talk.later(last).target("<CTL=SYN>").later(rest);
}

TEST(Timers, ASynIsGivenUpAfterThreeMinutes) {
  Talk talk = unanswered_syn(60'000, 60'000);
  talk.told(SignalKind::ConnectionAborted).state(State::Closed).settled();
  EXPECT_THAT(talk, Conforms());
}

TEST(Timers, ASynThatIsGivenUpEarlierMissesAMust) {
  Talk talk;
  talk.user("OPEN active").target("<CTL=SYN>").settled().later(1000).target("<CTL=SYN>").later(2000);
  talk.told(SignalKind::ConnectionAborted).state(State::Closed).settled();
  EXPECT_THAT(talk, Deviates(Kind::MissedMust, "3.10.8/retransmission/give-up-syn-early"));
}

TEST(Timers, ASynIsNotGivenUpWhileItsTimeOutRuns) {
  Talk talk;
  talk.user("OPEN active").target("<CTL=SYN>").settled().later(1000).target("<CTL=SYN>").later(500);
  talk.told(SignalKind::ConnectionAborted);
  ASSERT_TRUE(talk.finding());
  EXPECT_EQ(talk.finding()->kind, Kind::UnexpectedSignal);
}

TEST(Timers, ASynThatIsGivenUpSilentlyMissesTheSignal) {
  Talk talk = unanswered_syn(60'000, 60'000);
  talk.state(State::Closed).settled();
  EXPECT_THAT(talk, Deviates(Kind::MissingSignal, "3.10.8/retransmission/give-up-syn"));
}

TEST(Timers, TheUserTimeoutMayResetTheConnection) {
  Talk talk;
  talk.established().user("SEND 100 timeout=3s").target("<CTL=ACK><DATA=100>").settled();
  Talk early = talk;
  early.later(2999).told(SignalKind::ConnectionAborted);
  EXPECT_TRUE(early.finding());
  talk.later(3000).target("<CTL=RST>");
  EXPECT_THAT(talk.oracle().explanation(), Contains("3.10.8/user/user-timeout"));
  talk.told(SignalKind::ConnectionAborted).state(State::Closed).settled();
  EXPECT_THAT(talk, Conforms());
}

TEST(Timers, WhatAnswersAStimulusIsNoTimersDoing) {
  Talk talk;
  talk.sending(100).later(1000).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>").settled().later(2500);
  Talk answering = talk;
  talk.told(SignalKind::ConnectionAborted).state(State::Closed).settled();
  EXPECT_THAT(talk, Deviates(Kind::MissedShould, "3.10.8/retransmission/give-up-early"));
  answering.peer("<ACK=SND.UNA><CTL=ACK>").told(SignalKind::ConnectionAborted);
  ASSERT_TRUE(answering.finding());
  EXPECT_EQ(answering.finding()->kind, Kind::UnexpectedSignal) << "it closes because of the segment";
}

// ---- obligations of a small table

constexpr std::string_view kOwed = R"(section: "1.1"
title: what is owed
event: segment
states: [CLOSED]
steps:
- step: only
  title: only
  rows:
  - id: urgent
    states: [CLOSED]
    when: SEG.URG
    do: RECEIVES <- 1
  - id: taken
    states: [CLOSED]
    when: not SEG.URG
    do: RECEIVES <- 0
obligations:
- id: ours
  gloss: something is done
  states: [CLOSED]
  while: RECEIVES > 0
  within: 10 ms
  profile: rfc9293
  level: SHOULD
  cite: RFC 1 1.1
)";

TEST(Owed, AnObligationOfTheOtherProfileIsNone) {
  const auto table = small_table(kOwed);
  Talk ours(*table), theirs(*table, {.profile = spec::Profile::Rfc793});
  ours.peer("<CTL=URG>").settled().later(11);
  ASSERT_THAT(ours, Deviates(Kind::Overdue, "1.1/ours"));
  EXPECT_EQ(ours.finding()->level, spec::Level::Should);
  theirs.peer("<CTL=URG>").settled().later(11);
  EXPECT_THAT(theirs, Conforms());
}

TEST(Owed, WhatIsOwedAgainIsOwedFromThenOn) {
  const auto table = small_table(kOwed);
  Talk talk(*table);
  talk.peer("<CTL=URG>").settled().later(9).peer("<CTL=ACK>").settled().peer("<CTL=URG>").settled().later(10);
  EXPECT_THAT(talk, Conforms());
  talk.later(1);
  EXPECT_THAT(talk, Deviates(Kind::Overdue, "1.1/ours"));
}

}  // namespace
}  // namespace conform::oracle
