// Why a target may send what no arriving segment asks for: each row of emissions, and the step beside it that it does
// not justify.
#include "harness/oracle/testing.h"

namespace conform::oracle {
namespace {

using spec::Var;
using wire::State;

// The row explains the last segment.
MATCHER_P(ExplainedBy, row, std::string("is explained by ") + row) {
  const std::vector<std::string> rows = arg.oracle().explanation();
  return !arg.oracle().refuted() && std::find(rows.begin(), rows.end(), row) != rows.end();
}
// A segment came that nothing justifies.
MATCHER(Unjustified, "has sent what nothing justifies") {
  const auto finding = arg.finding();
  return arg.oracle().refuted() && finding && finding->kind == Kind::UnexpectedSegment;
}

// Two segments of 100 octets are in flight.
Talk two_in_flight() {
  Talk talk;
  talk.established().user("SEND 200").target("<CTL=ACK><DATA=100>").target("<CTL=ACK><DATA=100>").settled();
  return talk;
}

// ---- new text

TEST(NewText, IsSentAsTheUserGaveIt) {
  Talk talk;
  talk.sending(100);
  EXPECT_THAT(talk, ExplainedBy("3.8/text/new-text"));
  EXPECT_THAT(talk, Conforms());
}

TEST(NewText, IsNotMoreThanTheUserGave) {
  Talk talk;
  talk.established().user("SEND 100").target("<CTL=ACK><DATA=101>");
  EXPECT_THAT(talk, Unjustified());
}

TEST(NewText, LeavesNoGap) {
  Talk talk;
  talk.established().user("SEND 100").target("<SEQ=SND.NXT + 1><CTL=ACK><DATA=50>");
  EXPECT_THAT(talk, Unjustified());
}

TEST(NewText, EndsAtThePeersWindow) {
  Talk talk;
  talk.opened_passively().peer("<CTL=ACK><WND=50>").settled().user("SEND 100").target("<CTL=ACK><DATA=50>");
  EXPECT_THAT(talk, Conforms());
  Talk beyond = talk;
  beyond.target("<CTL=ACK><DATA=2>");
  EXPECT_THAT(beyond, Deviates(Kind::WrongField, "3.8/form/window-respected"));
  talk.peer("<CTL=ACK><WND=50>").target("<CTL=ACK><DATA=50>").settled();
  EXPECT_THAT(talk, Conforms()) << "an acknowledgment moves the window along";
}

TEST(NewText, IsAtMostAPeersSegment) {
  Talk most, more;
  most.established().user("SEND 3000").target("<CTL=ACK><DATA=1460>").settled();
  EXPECT_THAT(most, Conforms());
  more.established().user("SEND 3000").target("<CTL=ACK><DATA=1461>");
  EXPECT_THAT(more, Deviates(Kind::WrongField, "3.8/form/mss-respected"));
}

TEST(NewText, ThatIsWrongIsInventedWhereverItLies) {
  Talk talk = two_in_flight();
  talk.later(1000).target_garbles("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  EXPECT_THAT(talk, Deviates(Kind::InventedBytes, "3.8/form/users-text"));
}

// ---- the FIN

TEST(NewFin, FollowsTheTextAndTheClose) {
  Talk talk;
  talk.established().user("SEND 100").user("CLOSE").state(State::FinWait1);
  talk.target("<CTL=ACK><DATA=100>").target("<CTL=FIN,ACK>").settled();
  EXPECT_THAT(talk, Conforms());
  EXPECT_TRUE(talk[Var::FinSent]);
}

TEST(NewFin, GoesWithTheLastText) {
  Talk talk;
  talk.established().user("SEND 100").user("CLOSE").target("<CTL=FIN,ACK><DATA=100>").settled();
  EXPECT_THAT(talk, ExplainedBy("3.8/text/new-fin"));
  EXPECT_THAT(talk, Conforms());
}

TEST(NewFin, DoesNotOvertakeTheText) {
  Talk talk;
  talk.established().user("SEND 100").user("CLOSE").target("<CTL=FIN,ACK><DATA=50>");
  EXPECT_THAT(talk, Unjustified());
}

TEST(NewFin, NeedsAClose) {
  Talk talk;
  talk.established().target("<CTL=FIN,ACK>");
  EXPECT_THAT(talk, Unjustified());
}

TEST(NewFin, OfACloseThatWaitedEntersLastAck) {
  Talk talk;
  talk.established().peer("<CTL=FIN,ACK>").told(SignalKind::ConnectionClosing).target("<CTL=ACK>").settled();
  talk.user("SEND 100").user("CLOSE").state(State::CloseWait).settled();
  talk.target("<CTL=ACK><DATA=100>").target("<CTL=FIN,ACK>").state(State::LastAck).settled();
  EXPECT_THAT(talk, Conforms());
}

// ---- retransmissions

TEST(Retransmission, AfterASecondConforms) {
  Talk talk = two_in_flight();
  talk.later(1000).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  EXPECT_THAT(talk, ExplainedBy("3.8/retransmission/retransmission"));
  EXPECT_THAT(talk, Conforms());
  EXPECT_EQ(talk[Var::RtxCount], 1);
  EXPECT_EQ(talk[Var::RtxInterval], 1000);
}

TEST(Retransmission, AfterLessThanASecondMissesAShould) {
  Talk talk = two_in_flight();
  talk.later(999).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  ASSERT_THAT(talk, Deviates(Kind::MissedShould, "3.8/retransmission/retransmission-early"));
  EXPECT_EQ(talk.finding()->level, spec::Level::Should);
}

TEST(Retransmission, AtOnceIsNone) {
  Talk talk = two_in_flight();
  talk.later(9).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  EXPECT_THAT(talk, Unjustified());
}

TEST(Retransmission, BacksOff) {
  Talk talk = two_in_flight();
  talk.later(1000).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  talk.later(2000).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  EXPECT_THAT(talk, Conforms());
  EXPECT_EQ(talk[Var::RtxInterval], 2000);
  talk.later(2000).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  ASSERT_THAT(talk, Deviates(Kind::MissedMust, "3.8/retransmission/not-backed-off"));
  EXPECT_EQ(talk.finding()->level, spec::Level::Must);
}

TEST(Retransmission, BeginsAnewAfterAnAcknowledgment) {
  Talk talk = two_in_flight();
  talk.later(1000).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  talk.peer("<ACK=SND.UNA + 100><CTL=ACK>").settled().later(1000).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  EXPECT_THAT(talk, Conforms());
}

TEST(Retransmission, OfWhatIsAcknowledgedIsNone) {
  Talk talk = two_in_flight();
  talk.peer("<ACK=SND.UNA + 100><CTL=ACK>").settled().later(1000).target("<SEQ=SND.UNA - 100><CTL=ACK><DATA=100>");
  EXPECT_THAT(talk, Deviates(Kind::WrongField, "3.8/form/acknowledged-not-resent"));
}

TEST(Retransmission, TheRestFollowsWhenATimeoutIsAnswered) {
  Talk talk = two_in_flight();
  talk.later(1000).target("<SEQ=SND.UNA><CTL=ACK><DATA=100>").settled();
  talk.peer("<ACK=SND.UNA + 100><CTL=ACK>").target("<SEQ=SND.UNA><CTL=ACK><DATA=100>").settled();
  EXPECT_THAT(talk, ExplainedBy("3.8/retransmission/go-back"));
  EXPECT_THAT(talk, Conforms());
}

TEST(Retransmission, ThreeDuplicatesStandForALoss) {
  Talk talk = two_in_flight();
  talk.peer("<ACK=SND.UNA><CTL=ACK>").settled().peer("<ACK=SND.UNA><CTL=ACK>").settled();
  Talk early = talk;
  early.target("<SEQ=SND.UNA><CTL=ACK><DATA=100>");
  EXPECT_THAT(early, Unjustified());
  talk.peer("<ACK=SND.UNA><CTL=ACK>").target("<SEQ=SND.UNA><CTL=ACK><DATA=100>").settled();
  EXPECT_THAT(talk, ExplainedBy("3.8/retransmission/fast-retransmission"));
  EXPECT_THAT(talk, Conforms());
}

TEST(Retransmission, TheTailMayBeProbedOnce) {
  Talk talk = two_in_flight();
  talk.later(10).target("<SEQ=SND.NXT - 100><CTL=ACK><DATA=100>");
  EXPECT_THAT(talk, ExplainedBy("3.8/retransmission/tail-loss-probe"));
  EXPECT_THAT(talk, Conforms());
  talk.later(10).target("<SEQ=SND.NXT - 100><CTL=ACK><DATA=100>");
  EXPECT_THAT(talk, Unjustified());
}

TEST(Retransmission, OfASynAckBacksOffToo) {
  Talk talk;
  talk.opened_passively().later(1000).target("<CTL=SYN,ACK>").later(2000).target("<CTL=SYN,ACK>");
  EXPECT_THAT(talk, Conforms());
  Talk hasty = talk;
  hasty.later(1000).target("<CTL=SYN,ACK>");
  EXPECT_THAT(hasty, Deviates(Kind::MissedMust, "3.8/retransmission/syn-ack-not-backed-off"));
  talk.later(4000).target("<CTL=SYN,ACK>");
  EXPECT_THAT(talk, Conforms());
}

TEST(Retransmission, OfASynIsNotEarly) {
  Talk talk;
  talk.user("OPEN active").target("<CTL=SYN>").settled();
  Talk early = talk;
  early.later(500).target("<CTL=SYN>");
  EXPECT_THAT(early, Unjustified());
  talk.later(1000).target("<CTL=SYN>");
  EXPECT_THAT(talk, ExplainedBy("3.8/retransmission/syn-retransmission"));
  EXPECT_THAT(talk, Conforms());
}

TEST(Retransmission, OfAFinIsJustifiedByTime) {
  Talk talk;
  talk.established().user("CLOSE").target("<CTL=FIN,ACK>").settled();
  talk.later(1000).target("<SEQ=SND.UNA><CTL=FIN,ACK>");
  EXPECT_THAT(talk, Conforms());
}

// ---- probes

// The peer's window was never open, and 100 octets wait.
Talk window_closed() {
  Talk talk;
  talk.opened_passively().peer("<CTL=ACK><WND=0>").settled().user("SEND 100").settled();
  return talk;
}

TEST(Probe, OfAClosedWindowCarriesOneOctet) {
  Talk talk = window_closed(), greedy = talk;
  greedy.later(1000).target("<CTL=ACK><DATA=2>");
  EXPECT_THAT(greedy, Deviates(Kind::WrongField, "3.8/form/window-respected"));
  talk.later(1000).target("<CTL=ACK><DATA=1>");
  EXPECT_THAT(talk, ExplainedBy("3.8/probe/zero-window-probe"));
  EXPECT_THAT(talk, Conforms());
}

TEST(Probe, ThatIsAnsweredByAWindowGoesWithTheTextBehindIt) {
  Talk talk = window_closed();
  talk.later(1000).target("<CTL=ACK><DATA=1>").settled();
  talk.peer("<ACK=SND.UNA><CTL=ACK><WND=1000>").target("<SEQ=SND.UNA><CTL=ACK><DATA=100>").settled();
  EXPECT_THAT(talk, Conforms());
}

TEST(Probe, WithoutNewsLiesLeftOfTheWindow) {
  Talk talk = window_closed(), elsewhere = talk;
  talk.later(1000).target("<SEQ=SND.UNA - 1><CTL=ACK>");
  EXPECT_THAT(talk, ExplainedBy("3.8/probe/empty-zero-window-probe"));
  EXPECT_THAT(talk, Conforms());
  elsewhere.later(1000).target("<SEQ=SND.UNA - 2><CTL=ACK>");
  EXPECT_THAT(elsewhere, Unjustified());
}

TEST(Probe, WithoutNewsBacksOff) {
  Talk talk = window_closed();
  talk.later(1000).target("<SEQ=SND.UNA - 1><CTL=ACK>").later(2000).target("<SEQ=SND.UNA - 1><CTL=ACK>");
  EXPECT_THAT(talk, Conforms());
  talk.later(1000).target("<SEQ=SND.UNA - 1><CTL=ACK>");
  EXPECT_TRUE(talk.finding()) << "the interval between probes grows";
}

TEST(Probe, NeedsTextThatWaits) {
  Talk talk;
  talk.opened_passively().peer("<CTL=ACK><WND=0>").settled().later(1000).target("<SEQ=SND.UNA - 1><CTL=ACK>");
  EXPECT_THAT(talk, Unjustified());
}

// ---- acknowledgments

TEST(Acknowledgment, OfTextMayBeDelayedButComesOnce) {
  Talk talk;
  talk.established().peer("<CTL=ACK><DATA=10>").settled().later(400).target("<CTL=ACK><WND=63990>");
  EXPECT_THAT(talk, ExplainedBy("3.8/acknowledgment/acknowledgment"));
  EXPECT_THAT(talk, Conforms());
  talk.target("<CTL=ACK><WND=63990>");
  EXPECT_THAT(talk, Unjustified());
}

TEST(Acknowledgment, MayBePiggybacked) {
  Talk talk;
  talk.established().peer("<CTL=ACK><DATA=10>").settled().user("SEND 5").target("<CTL=ACK><DATA=5>").settled();
  EXPECT_EQ(talk[Var::RcvAcked], talk[Var::RcvNxt]);
  talk.later(600);
  EXPECT_THAT(talk, Conforms());
}

TEST(WindowUpdate, IsAnnouncedOnlyWhenTheWindowHasOpened) {
  Talk talk;
  talk.established();
  Talk same = talk;
  talk.target("<CTL=ACK><WND=64001>");
  EXPECT_THAT(talk, ExplainedBy("3.8/acknowledgment/window-update"));
  EXPECT_THAT(talk, Conforms());
  same.target("<CTL=ACK><WND=64000>");
  EXPECT_THAT(same, Unjustified());
}

TEST(Challenges, AreCountedForFiveSeconds) {
  Talk talk;
  talk.established().peer("<SEQ=RCV.NXT + 10><CTL=RST>").target("<CTL=ACK>").settled();
  EXPECT_GT(talk[Var::Challenges], 0);
  Talk soon = talk, late = talk;
  soon.later(4999).peer("<SEQ=RCV.NXT + 10><CTL=RST>").settled();
  EXPECT_THAT(soon, Conforms()) << "further challenges may be left out";
  late.later(5000).peer("<SEQ=RCV.NXT + 10><CTL=RST>").settled();
  EXPECT_THAT(late, Deviates(Kind::MissingSegment, "3.10.7.4/second/rst-in-window"));
}

}  // namespace
}  // namespace conform::oracle
