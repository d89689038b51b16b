// Every kind of deviation, on the real table: told apart from its neighbours, and laid to the right row and clause.
#include "harness/oracle/testing.h"

namespace conform::oracle {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using spec::Profile;
using wire::State;

// ---- what conforms, so that what follows deviates for its one mistake only

TEST(Kinds, AHandshakeAndAnOrderlyCloseConform) {
  Talk talk;
  talk.established().user("CLOSE").target("<CTL=FIN,ACK>").state(State::FinWait1).settled();
  talk.peer("<CTL=ACK>").state(State::FinWait2).settled();
  talk.peer("<CTL=FIN,ACK>").told(SignalKind::ConnectionClosing).target("<CTL=ACK>").state(State::TimeWait).settled();
  EXPECT_THAT(talk, Conforms());
}

// ---- segments

TEST(Kinds, ASegmentThatNothingAsksForIsUnexpected) {
  Talk talk;
  talk.established().peer("<SEQ=RCV.EDGE><CTL=RST>").target("<CTL=ACK>");
  EXPECT_THAT(talk, Deviates(Kind::UnexpectedSegment, "3.10.7.4/first/rst-unacceptable"));
  EXPECT_THAT(talk.finding()->allowed, HasSubstr("nothing to be sent"));
}

TEST(Kinds, ASecondAnswerIsUnexpected) {
  Talk talk;
  talk.established().peer("<SEQ=RCV.NXT - 1><CTL=ACK>").target("<CTL=ACK>").target("<CTL=ACK>");
  ASSERT_TRUE(talk.finding());
  EXPECT_EQ(talk.finding()->kind, Kind::UnexpectedSegment);
}

TEST(Kinds, AnAnswerThatDoesNotComeIsMissing) {
  Talk talk;
  talk.established().peer("<SEQ=RCV.NXT - 1><CTL=ACK>").settled();
  ASSERT_THAT(talk, Deviates(Kind::MissingSegment, "3.10.7.4/first/unacceptable"));
  EXPECT_THAT(talk.finding()->cite, Contains("RFC 9293 3.10.7.4 first"));
  EXPECT_EQ(talk.finding()->level, spec::Level::Must);
}

TEST(Kinds, TheRightSegmentWithAnotherNumberIsAWrongField) {
  Talk talk;
  talk.user("OPEN passive").settled().peer("<CTL=ACK>").target("<SEQ=SEG.ACK + 1><CTL=RST>");
  EXPECT_THAT(talk, Deviates(Kind::WrongField, "3.10.7.2/second/ack"));
}

TEST(Kinds, AnAcknowledgmentThatIsNotRcvNxtIsAWrongFieldOfAnySegment) {
  Talk talk;
  talk.established().user("SEND 10").target("<ACK=RCV.NXT - 1><CTL=ACK><DATA=10>");
  EXPECT_THAT(talk, Deviates(Kind::WrongField, "3.8/form/acknowledges-rcv-nxt"));
}

TEST(Kinds, ABrokenHeaderIsMalformedEvenIfAllElseIsRight) {
  Talk talk;
  talk.established().peer("<SEQ=RCV.NXT - 1><CTL=ACK>").target("<CTL=ACK>", "wrong checksum");
  ASSERT_THAT(talk, Deviates(Kind::Malformed, "3.8/form/well-formed"));
  EXPECT_EQ(talk.finding()->observed, "header or checksum is wrong: wrong checksum");
}

TEST(Kinds, ASegmentThatShouldNotBeProcessedIsNot) {
  Talk talk;
  talk.established().peer("<CTL=RST>", false).state(State::Closed);
  EXPECT_THAT(talk, Deviates(Kind::WrongState, "3.1/only/invalid"));
}

TEST(Kinds, AnotherSecurityLabelEndsTheConnection) {
  Talk talk, deaf;
  talk.established().peer("<CTL=ACK>", true, false).target("<SEQ=SEG.ACK><CTL=RST>");
  talk.told(SignalKind::ConnectionReset).state(State::Closed).settled();
  EXPECT_THAT(talk, Conforms());
  deaf.established().peer("<CTL=ACK>", true, false).state(State::Established).settled();
  EXPECT_THAT(deaf, Deviates(Kind::WrongState, "3.10.7.4/third/security-ack"));
}

// ---- states and signals

TEST(Kinds, AStateThatIsNotEnteredIsWrong) {
  Talk talk;
  talk.established().peer("<CTL=FIN,ACK>").target("<CTL=ACK>").told(SignalKind::ConnectionClosing);
  talk.state(State::Established);
  ASSERT_THAT(talk, Deviates(Kind::WrongState, "3.10.7.4/eighth/fin"));
  EXPECT_EQ(talk.finding()->observed, "state ESTABLISHED");
  EXPECT_THAT(talk.finding()->allowed, HasSubstr("state CLOSE-WAIT"));
}

TEST(Kinds, AStateThatIsEnteredForNothingIsWrong) {
  Talk talk;
  talk.established().peer("<CTL=ACK>").state(State::CloseWait);
  ASSERT_TRUE(talk.finding());
  EXPECT_EQ(talk.finding()->kind, Kind::WrongState);
}

TEST(Kinds, AUserWhoIsNotToldMissesASignal) {
  Talk talk;
  talk.established().peer("<CTL=RST>").state(State::Closed).settled();
  ASSERT_THAT(talk, Deviates(Kind::MissingSignal, "3.10.7.4/second/rst-exact"));
  EXPECT_THAT(talk.finding()->allowed, HasSubstr("signal connection reset"));
}

TEST(Kinds, EitherSignalOfASetWillDo) {
  for (SignalKind kind : {SignalKind::ConnectionRefused, SignalKind::ConnectionReset}) {
    Talk talk;
    talk.user("OPEN active").target("<CTL=SYN>").settled();
    talk.peer("<SEQ=0><ACK=SND.NXT><CTL=RST,ACK>").told(kind).state(State::Closed).settled();
    EXPECT_THAT(talk, Conforms()) << to_string(kind);
  }
}

TEST(Kinds, ASignalForNothingIsUnexpected) {
  Talk talk;
  talk.established().peer("<CTL=ACK>").told(SignalKind::UrgentData);
  ASSERT_TRUE(talk.finding());
  EXPECT_EQ(talk.finding()->kind, Kind::UnexpectedSignal);
  EXPECT_EQ(talk.finding()->observed, "signal: urgent data");
}

TEST(Kinds, ASignalIsGivenOnce) {
  Talk talk;
  talk.established().peer("<CTL=RST>").told(SignalKind::ConnectionReset).told(SignalKind::ConnectionReset);
  ASSERT_TRUE(talk.finding());
  EXPECT_EQ(talk.finding()->kind, Kind::UnexpectedSignal);
}

TEST(Kinds, WhatHappensOutOfTheBlueIsLaidToNoRow) {
  Talk talk;
  talk.told(SignalKind::ConnectionReset);
  ASSERT_THAT(talk, Deviates(Kind::UnexpectedSignal, "(no row)"));
  EXPECT_EQ(talk.finding()->note, "no row of the table speaks of this in CLOSED");
}

// ---- answers to calls

TEST(Kinds, ACallThatIsAnsweredOtherwiseIsAWrongReply) {
  Talk talk;
  talk.user("SEND 10", Answer::Ok);
  ASSERT_THAT(talk, Deviates(Kind::WrongReply, "3.10.2/only/closed"));
  EXPECT_THAT(talk.finding()->allowed, HasSubstr("reply connection does not exist"));
  EXPECT_EQ(talk.finding()->observed, "reply: ok");
}

TEST(Kinds, StatusNamesTheState) {
  Reply reply;
  reply.state = State::Established;
  Talk right, wrong;
  right.established().user("STATUS", reply);
  EXPECT_THAT(right, Conforms());
  reply.state = State::CloseWait;
  wrong.established().user("STATUS", reply);
  EXPECT_THAT(wrong, Deviates(Kind::WrongReply, "3.10.6/only/state"));
}

// ---- octets

TEST(Kinds, TheOctetsThatWereSentAreReceived) {
  Talk talk;
  talk.established().peer("<CTL=PSH,ACK><DATA=20>").target("<CTL=ACK>").settled();
  talk.user_reads(10, 10).settled().user_reads(100, 10).settled();
  EXPECT_THAT(talk, Conforms());
  EXPECT_EQ(talk.oracle().received(), 20u);
  talk.user("RECEIVE 10", Answer::Queued);
  EXPECT_THAT(talk, Conforms());
}

TEST(Kinds, OctetsThatAreNotDeliveredAreLost) {
  Talk talk;
  talk.established().peer("<CTL=PSH,ACK><DATA=20>").target("<CTL=ACK>").settled().user_reads(10, 5);
  ASSERT_THAT(talk, Deviates(Kind::LostBytes, "3.10.3/only/enough-on-hand"));
  EXPECT_EQ(talk.finding()->allowed, "20 octets on hand, from offset 0 of the peer's stream");
  EXPECT_EQ(talk.finding()->observed, "5 octets delivered");
}

TEST(Kinds, LostOctetsAreToldEvenWhereTheCallMightHaveBeenQueued) {
  Talk talk;
  talk.established().peer("<CTL=PSH,ACK><DATA=20>").target("<CTL=ACK>").settled().user_reads(100, 15);
  EXPECT_THAT(talk, Deviates(Kind::LostBytes, "3.10.3/only/less-on-hand"));
}

TEST(Kinds, OctetsThatThePeerDidNotSendAreInvented) {
  Talk more, others;
  more.established().peer("<CTL=PSH,ACK><DATA=20>").target("<CTL=ACK>").settled().user_reads(20, 21);
  EXPECT_THAT(more, Deviates(Kind::InventedBytes, "3.10.3/only/enough-on-hand"));
  others.established().peer("<CTL=PSH,ACK><DATA=20>").target("<CTL=ACK>").settled().user_reads(10, 10, 1);
  EXPECT_THAT(others, Deviates(Kind::InventedBytes, "3.10.3/only/enough-on-hand"));
}

TEST(Kinds, OctetsAreDeliveredOnce) {
  Talk talk;
  talk.established().peer("<CTL=PSH,ACK><DATA=20>").target("<CTL=ACK>").settled();
  const Reply first = [] {
    Reply reply;
    reply.text = peer_text(0, 10);
    return reply;
  }();
  talk.user("RECEIVE 10", first).settled().user("RECEIVE 10", first);
  EXPECT_THAT(talk, Deviates(Kind::InventedBytes, "3.10.3/only/enough-on-hand"));
}

TEST(Kinds, MoreThanTheBufferHoldsIsNotDelivered) {
  Talk talk;
  talk.established().peer("<CTL=PSH,ACK><DATA=20>").target("<CTL=ACK>").settled().user_reads(10, 15);
  EXPECT_TRUE(talk.finding()) << "RECEIVE gave room for 10 octets";
}

TEST(Kinds, AQueuedReceiveGetsTheTextWhenItComes) {
  Talk right, wrong;
  right.established().user("RECEIVE 100", Answer::Queued).settled();
  right.peer("<CTL=PSH,ACK><DATA=20>").told_received(20).target("<CTL=ACK>").settled();
  EXPECT_THAT(right, Conforms());
  EXPECT_EQ(right[spec::Var::Receives], 0);
  wrong.established().user("RECEIVE 100", Answer::Queued).settled();
  wrong.peer("<CTL=PSH,ACK><DATA=20>").told_received(20, 1);
  EXPECT_THAT(wrong, Refuted());
}

TEST(Kinds, TextThatTheUserDidNotGiveIsInvented) {
  Talk talk;
  talk.established().user("SEND 100").target_garbles("<CTL=ACK><DATA=100>");
  ASSERT_THAT(talk, Deviates(Kind::InventedBytes, "3.8/form/users-text"));
  EXPECT_EQ(talk.finding()->observed, "the text is not the user's");
}

// ---- the other profile

TEST(Kinds, AResetInsideTheWindowFollowsRfc793) {
  Talk talk;
  talk.established().peer("<SEQ=RCV.NXT + 10><CTL=RST>").told(SignalKind::ConnectionReset).state(State::Closed).settled();
  ASSERT_THAT(talk, Deviates(Kind::OtherProfile, "3.10.7.4/second/rst-in-window"));
  EXPECT_EQ(talk.finding()->follows, "RFC 793");
  EXPECT_EQ(talk.finding()->level, spec::Level::Should);
  EXPECT_EQ(talk.finding()->allowed, "a RST in the window but not at its left edge is challenged");
  EXPECT_EQ(talk.finding()->observed, "any acceptable RST ends the connection, and the user is told");
  EXPECT_THAT(talk, Not(Refuted()));
}

TEST(Kinds, UnderRfc793TheResetConformsAndTheChallengeDeviates) {
  const Setting old{.profile = Profile::Rfc793};
  Talk reset(the_rfc(), old), challenge(the_rfc(), old);
  reset.established().peer("<SEQ=RCV.NXT + 10><CTL=RST>").told(SignalKind::ConnectionReset).state(State::Closed);
  reset.settled();
  EXPECT_THAT(reset, Conforms());
  challenge.established().peer("<SEQ=RCV.NXT + 10><CTL=RST>").target("<SEQ=ISS + 1><ACK=IRS + 1><CTL=ACK>");
  challenge.state(State::Established).settled();
  ASSERT_THAT(challenge, Deviates(Kind::OtherProfile, "3.10.7.4/second/rst-elsewhere-793"));
  EXPECT_EQ(challenge.finding()->follows, "RFC 9293");
}

TEST(Kinds, AnAlternativeOfTheOtherProfileIsToldAsSuch) {
  Talk now, old(the_rfc(), {.profile = Profile::Rfc793});
  now.established().user("OPEN passive", Answer::Ok).settled();
  EXPECT_THAT(now, Conforms()) << "RFC 9293 lets a passive OPEN make another record";
  old.established().user("OPEN passive", Answer::Ok).settled();
  ASSERT_THAT(old, Deviates(Kind::OtherProfile, "3.10.1/only/exists-passive"));
  EXPECT_EQ(old.finding()->follows, "RFC 9293");
}

TEST(Kinds, NeitherProfileLetsAResetBeIgnored) {
  Talk talk;
  talk.established().peer("<SEQ=RCV.NXT + 10><CTL=RST>").state(State::Established).settled();
  EXPECT_THAT(talk, Deviates(Kind::MissingSegment, "3.10.7.4/second/rst-in-window"));
}

// ---- SHOULD, and silence

TEST(Kinds, TextBeyondAHoleShouldBeHeld) {
  Talk talk;
  talk.established().peer("<SEQ=RCV.NXT + 10><CTL=ACK><DATA=10>").target("<CTL=ACK>").settled();
  EXPECT_THAT(talk, Conforms()) << "whether it was held does not show yet";
  talk.peer("<CTL=ACK><DATA=10>").target("<ACK=RCV.NXT><CTL=ACK>").settled();
  EXPECT_THAT(talk, Conforms());
  Talk lost;
  lost.established().peer("<SEQ=RCV.NXT + 10><CTL=ACK><DATA=10>").target("<CTL=ACK>").settled();
  const auto only_ten = "<ACK=IRS + 11><CTL=ACK>";
  lost.peer("<CTL=ACK><DATA=10>").target(only_ten).settled();
  ASSERT_THAT(lost, Deviates(Kind::MissedShould, "3.10.7.4/seventh/text-held"));
  EXPECT_EQ(lost.finding()->level, spec::Level::Should);
}

TEST(Kinds, SilenceNeverConformsWhereAnAnswerIsDue) {
  for (const char* stimulus : {"<CTL=SYN>", "<CTL=ACK>"}) {
    Talk talk;
    talk.user("OPEN passive").settled().peer(stimulus).settled();
    EXPECT_TRUE(talk.finding()) << stimulus;
  }
  for (const char* stimulus : {"<CTL=SYN>", "<SEQ=RCV.EDGE><CTL=ACK>", "<CTL=FIN,ACK>", "<CTL=RST>", "<ACK=SND.NXT + 9><CTL=ACK>"}) {
    Talk talk;
    talk.established().peer(stimulus).settled().later(600);
    EXPECT_TRUE(talk.finding()) << stimulus;
  }
  Talk opening;
  opening.user("OPEN active").settled();
  EXPECT_THAT(opening, Deviates(Kind::MissingSegment, "3.10.1/only/active"));
}

TEST(Kinds, TheExplanationNamesTheRowsInTheirOrder) {
  Talk talk;
  talk.established().peer("<CTL=RST>").told(SignalKind::ConnectionReset).state(State::Closed).settled();
  EXPECT_THAT(talk.oracle().explanation(), ElementsAre("3.10.7.4/second/rst-exact"));
}

}  // namespace
}  // namespace conform::oracle
