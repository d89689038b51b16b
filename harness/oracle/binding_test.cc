// What a target chooses for itself is learned when it is first seen, and held against it from then on.
#include "harness/oracle/testing.h"

namespace conform::oracle {
namespace {

using ::testing::HasSubstr;
using spec::Var;
using wire::State;

TEST(Binding, AnyInitialSequenceNumberWillDo) {
  for (const char* iss : {"0", "1", "5000", "0x7fffffff", "0x80000000", "0xffffffff"}) {
    Talk talk;
    talk.user("OPEN passive").settled().peer("<SEQ=PEER.ISS><CTL=SYN>");
    EXPECT_TRUE(talk.world().iss_unbound);
    talk.target("<SEQ=" + std::string(iss) + "><CTL=SYN,ACK>").settled();
    EXPECT_THAT(talk, Conforms()) << iss;
    EXPECT_FALSE(talk.world().iss_unbound);
    EXPECT_EQ(talk[Var::Iss], std::strtoll(iss, nullptr, 0));
    EXPECT_EQ(talk.world().seq(Var::SndNxt), talk.world().seq(Var::Iss) + 1);
    EXPECT_EQ(talk[Var::SndUna], talk[Var::Iss]);
  }
}

TEST(Binding, AnInitialSequenceNumberOnceSeenIsHeld) {
  Talk talk;
  talk.opened_passively();
  ASSERT_THAT(talk, Conforms());
  talk.later(1000).target("<SEQ=ISS + 1><CTL=SYN,ACK>");
  EXPECT_THAT(talk, Refuted()) << "a SYN,ACK is sent again as it was";
}

TEST(Binding, AnActiveOpenChoosesAnIssToo) {
  Talk talk;
  talk.user("OPEN active").target("<SEQ=77><CTL=SYN>").settled().state(State::SynSent);
  EXPECT_EQ(talk[Var::Iss], 77);
  talk.peer("<SEQ=PEER.ISS><CTL=SYN,ACK><MSS=1460>").target("<SEQ=78><CTL=ACK>").state(State::Established).settled();
  EXPECT_THAT(talk, Conforms());
}

TEST(Binding, TextGivenBeforeTheSynMovesAlongWithTheIss) {
  Talk talk;
  talk.user("OPEN active");
  talk.target("<SEQ=0xfffffffe><CTL=SYN>").settled().user("SEND 100").settled();
  EXPECT_EQ(talk[Var::SndEnd], 99) << "ISS+1+100 across the wrap";
  talk.peer("<SEQ=PEER.ISS><CTL=SYN,ACK>").target("<SEQ=ISS + 1><CTL=ACK><DATA=100>").settled();
  EXPECT_THAT(talk, Conforms());
}

TEST(Binding, TextMayGoWithTheFirstSyn) {
  Talk talk;
  talk.user("OPEN passive specified").settled().user("SEND 10").target("<SEQ=5000><CTL=SYN><DATA=10>").settled();
  EXPECT_THAT(talk, Conforms()) << "3.10.2, LISTEN: data may be sent with the SYN";
  Talk garbled;
  garbled.user("OPEN passive specified").settled().user("SEND 10").target_garbles("<SEQ=5000><CTL=SYN><DATA=10>");
  EXPECT_THAT(garbled, Deviates(Kind::InventedBytes, "3.8/form/users-text"));
}

TEST(Binding, TheWindowIsTheOneThatTheSynOffered) {
  Talk talk;
  talk.user("OPEN passive").settled().peer("<SEQ=PEER.ISS><CTL=SYN>");
  talk.target("<CTL=SYN,ACK><WND=100>").settled().peer("<CTL=ACK>").state(State::Established).settled();
  EXPECT_EQ(talk[Var::RcvWnd], 100);
  // The last number in the window is acceptable, and needs no answer ...
  talk.peer("<SEQ=RCV.EDGE - 1><CTL=ACK>").settled();
  EXPECT_THAT(talk, Conforms());
  // ... the next is not, and needs one.
  talk.peer("<SEQ=RCV.EDGE><CTL=ACK>").settled();
  EXPECT_THAT(talk, Deviates(Kind::MissingSegment, "3.10.7.4/first/unacceptable"));
}

TEST(Binding, TheWindowOpensWithEveryAcknowledgment) {
  Talk talk;
  talk.established();
  const std::int64_t edge = talk[Var::RcvEdge];
  talk.peer("<CTL=ACK><DATA=10>").target("<CTL=ACK><WND=64990>").settled();
  EXPECT_EQ(talk[Var::RcvEdge], edge + 1000);
  EXPECT_EQ(talk[Var::RcvWnd], 64990);
  EXPECT_THAT(talk, Conforms());
}

TEST(Binding, AShrunkenWindowDoesNotTakeBackWhatWasOffered) {
  Talk talk;
  talk.established();
  const std::int64_t edge = talk[Var::RcvEdge];
  talk.peer("<CTL=ACK><DATA=10>").target("<CTL=ACK><WND=1000>").settled();
  EXPECT_THAT(talk, Deviates(Kind::MissedShould, "3.8/form/window-not-shrunk"));
  EXPECT_EQ(talk[Var::RcvEdge], edge) << "the peer may still send what it was offered";
}

TEST(Binding, TheMaximumSegmentSizeIsThePeersOrTheDefault) {
  Talk offered, silent;
  offered.established();
  EXPECT_EQ(offered[Var::SndMss], 1460);
  silent.user("OPEN passive").settled().peer("<SEQ=PEER.ISS><CTL=SYN>").target("<CTL=SYN,ACK>").settled();
  EXPECT_EQ(silent[Var::SndMss], 536);
}

TEST(Binding, WordsOfABlameAreRelativeToWhatIsBound) {
  Talk talk;
  talk.established().peer("<SEQ=RCV.NXT - 1><CTL=ACK>").target("<SEQ=SND.NXT + 4><CTL=ACK>");
  ASSERT_THAT(talk, Deviates(Kind::WrongField, "3.10.7.4/first/unacceptable"));
  EXPECT_EQ(talk.finding()->observed, "<SEQ=ISS+5><ACK=IRS+1><CTL=ACK><WND=64000>");
  EXPECT_THAT(talk.finding()->allowed, HasSubstr("emit <SEQ=ISS+1><ACK=IRS+1><CTL=ACK>, state ESTABLISHED"));
}

TEST(Binding, AnUnseenIssIsWrittenAsSuch) {
  Talk talk;
  talk.user("OPEN passive").settled().peer("<SEQ=PEER.ISS><CTL=SYN>").settled();
  ASSERT_THAT(talk, Deviates(Kind::MissingSegment, "3.10.7.2/third/syn"));
  EXPECT_EQ(talk.finding()->allowed, "emit <SEQ=ISS><ACK=IRS+1><CTL=SYN,ACK>, state SYN-RECEIVED");
}

}  // namespace
}  // namespace conform::oracle
