// Templates become segments, and segments are held against templates, with the values of one world.
#include "harness/oracle/resolve.h"

#include "harness/oracle/testing.h"
#include "stack/wire/notation.h"

namespace conform::oracle {
namespace {

using spec::Var;
using wire::State;

// ESTABLISHED: SND.NXT is 5001, RCV.NXT is IRS+1, both ends talk.
class Resolve : public ::testing::Test {
 protected:
  Resolve() { talk_.established(); }

  // The segment relative to the peer's and the target's initial sequence numbers.
  std::string resolved(std::string_view text, std::uint16_t window = 65535) const {
    return to_string(resolve(talk_.parsed(text), talk_.world(), window), wire::SeqNum(Talk::kPeerIss),
                     wire::SeqNum(Talk::kIss));
  }
  bool match(std::string_view pattern, std::string_view segment) const {
    return matches(talk_.parsed(pattern), talk_.from_target(segment), talk_.world());
  }
  Talk talk_;
};

TEST_F(Resolve, WhatIsLeftOutTakesItsUsualValue) {
  EXPECT_EQ(resolved("<CTL=ACK>"), "<SEQ=1><ACK=1><CTL=ACK><WND=65535>");
  EXPECT_EQ(resolved("<CTL=ACK>", 77), "<SEQ=1><ACK=1><CTL=ACK><WND=77>");
  EXPECT_EQ(resolved("<CTL=ACK><WND=0>", 77), "<SEQ=1><ACK=1><CTL=ACK><WND=0>");
}

TEST_F(Resolve, WithoutTheAckBitThereIsNoAckField) {
  EXPECT_EQ(resolved("<ACK=SND.NXT><CTL=RST>"), "<SEQ=1><CTL=RST><WND=65535>");
  EXPECT_EQ(resolve(talk_.parsed("<ACK=SND.NXT><CTL=RST>"), talk_.world(), 1).ack.raw(), 0u);
}

TEST_F(Resolve, ValuesAreExpressionsOverTheWorld) {
  EXPECT_EQ(resolved("<SEQ=RCV.NXT - 1><ACK=SND.NXT + 5><CTL=FIN,ACK>"), "<SEQ=0><ACK=6><CTL=FIN,ACK><WND=65535>");
  EXPECT_EQ(resolved("<SEQ=RCV.EDGE><CTL=ACK>"), "<SEQ=64001><ACK=1><CTL=ACK><WND=65535>");
}

TEST_F(Resolve, TextIsThePeersStreamAtThatSequenceNumber) {
  const auto text = [&](std::string_view notation) { return resolve(talk_.parsed(notation), talk_.world(), 1).text; };
  EXPECT_EQ(text("<CTL=ACK><DATA=10>"), peer_text(0, 10));
  EXPECT_EQ(text("<SEQ=RCV.NXT + 40><CTL=ACK><DATA=10>"), peer_text(40, 10)) << "beyond the wrap";
  EXPECT_EQ(text("<SEQ=RCV.NXT - 3><CTL=ACK><DATA=10>"), peer_text(0u - 3, 10));
}

TEST_F(Resolve, NeverMoreTextThanADatagramHolds) {
  EXPECT_EQ(resolve(talk_.parsed("<CTL=ACK><DATA=200000>"), talk_.world(), 1).text.size(), 65000u);
  EXPECT_TRUE(resolve(talk_.parsed("<CTL=ACK><DATA=0 - 5>"), talk_.world(), 1).text.empty());
}

TEST_F(Resolve, OptionsArePadded) {
  const wire::Segment s = resolve(talk_.parsed("<CTL=SYN><OPT=fd03aa>"), talk_.world(), 1);
  EXPECT_EQ(s.options.bytes().size(), 4u);
  EXPECT_EQ(s.options.bytes()[3], 1);
  EXPECT_EQ(resolve(talk_.parsed("<CTL=SYN><MSS=536>"), talk_.world(), 1).options.mss(), 536);
}

TEST(ResolveSyn, TextOfASynBeginsTheStream) {
  Talk talk;
  talk.user("OPEN passive");
  const wire::Segment syn = resolve(talk.parsed("<SEQ=PEER.ISS + 100000><CTL=SYN><DATA=10>"), talk.world(), 1);
  EXPECT_EQ(syn.text, peer_text(0, 10)) << "wherever the SYN lies";
}

TEST_F(Resolve, EveryFieldThatIsGivenIsCompared) {
  EXPECT_TRUE(match("<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>", "<CTL=ACK>"));
  EXPECT_FALSE(match("<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>", "<SEQ=SND.NXT + 1><CTL=ACK>"));
  EXPECT_FALSE(match("<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>", "<ACK=RCV.NXT - 1><CTL=ACK>"));
  EXPECT_FALSE(match("<CTL=ACK><WND=10>", "<CTL=ACK><WND=11>"));
  EXPECT_FALSE(match("<CTL=ACK><UP=3>", "<CTL=ACK><UP=4>"));
  EXPECT_TRUE(match("<CTL=SYN><MSS=1460>", "<CTL=SYN><MSS=1460>"));
  EXPECT_FALSE(match("<CTL=SYN><MSS=1460>", "<CTL=SYN>"));
}

TEST_F(Resolve, AnAckFieldNeedsTheAckBit) { EXPECT_FALSE(match("<ACK=0><CTL=*>", "<CTL=RST>")); }

TEST_F(Resolve, FieldsThatAreLeftOutAreNot) {
  EXPECT_TRUE(match("<CTL=ACK>", "<SEQ=SND.NXT + 7><ACK=RCV.NXT + 9><CTL=ACK><WND=1>"));
}

TEST_F(Resolve, ControlBitsMustBeEqualButForPush) {
  EXPECT_TRUE(match("<CTL=ACK>", "<CTL=PSH,ACK>"));
  EXPECT_FALSE(match("<CTL=ACK>", "<CTL=FIN,ACK>"));
  EXPECT_FALSE(match("<CTL=ACK>", "<CTL=URG,ACK>"));
  EXPECT_FALSE(match("<CTL=FIN,ACK>", "<CTL=ACK>"));
  EXPECT_TRUE(match("<CTL=*>", "<CTL=FIN,ACK>"));
}

TEST_F(Resolve, WithoutDataThereMustBeNoText) {
  EXPECT_FALSE(match("<CTL=ACK>", "<CTL=ACK><DATA=1>"));
  EXPECT_TRUE(match("<CTL=ACK><DATA=1>", "<CTL=ACK><DATA=1>"));
  EXPECT_FALSE(match("<CTL=ACK><DATA=2>", "<CTL=ACK><DATA=1>"));
  EXPECT_TRUE(match("<CTL=ACK><DATA=*>", "<CTL=ACK><DATA=1>"));
  EXPECT_TRUE(match("<CTL=ACK><DATA=*>", "<CTL=ACK>"));
}

}  // namespace
}  // namespace conform::oracle
