// RFC 9293 3.10.7.3: segments that find SYN-SENT, and SYN-RECEIVED after it.
#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

struct SynSent : ::testing::Test {
  SynSent() { t.open_active(); }
  Talk t;
};

TEST_F(SynSent, FirstUnacceptableAckIsReset) {
  EXPECT_EQ(t.segment("<SEQ=300><ACK=100><CTL=ACK>"), "<SEQ=100><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=102><CTL=ACK>"), "<SEQ=102><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=100><CTL=SYN,ACK>"), "<SEQ=100><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=102><CTL=SYN,ACK><DATA=4>"), "<SEQ=102><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=99><CTL=RST,ACK>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=102><CTL=RST,ACK>"), "");
  EXPECT_EQ(t.state(), "SYN-SENT");
}

TEST_F(SynSent, SecondRstNeedsAnAcceptableAck) {
  EXPECT_EQ(t.segment("<SEQ=0><CTL=RST>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN,RST>"), "");
  EXPECT_EQ(t.state(), "SYN-SENT");
  EXPECT_EQ(t.receive(10), "queued");
  EXPECT_EQ(t.segment("<SEQ=12345><ACK=101><CTL=RST,ACK>"), "[error: connection reset] [connection reset]");
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST_F(SynSent, FourthSynAckWithTextUrgentAndFin) {
  EXPECT_EQ(t.receive(100), "queued");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=101><CTL=SYN,ACK,FIN,URG><UP=6><DATA=10>"),
            "[open ok] [urgent data] [received 5] [connection closing] <SEQ=101><ACK=312><CTL=ACK>");
  EXPECT_EQ(t.receive(100), "received 5");
  EXPECT_EQ(t.state(), "CLOSE-WAIT");
}

TEST_F(SynSent, FourthQueuedTextRidesOnTheAck) {
  EXPECT_EQ(t.send(600), "");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=101><CTL=SYN,ACK><WND=2000>"), "[open ok] <SEQ=101><ACK=301><CTL=ACK><DATA=536>")
      << "the rest is held by Nagle";
  EXPECT_EQ(t.segment("<SEQ=301><ACK=637><CTL=ACK>"), "<SEQ=637><ACK=301><CTL=PSH,ACK><DATA=64>");
}

TEST_F(SynSent, FourthWindowIsTakenInBothBranches) {
  t.segment("<SEQ=300><ACK=101><CTL=SYN,ACK><WND=777>");
  EXPECT_EQ(t.tcb().snd_wnd, 777u);
  Talk other;
  other.open_active();
  other.segment("<SEQ=300><CTL=SYN><WND=778>");
  EXPECT_EQ(other.tcb().snd_wnd, 778u);
}

TEST_F(SynSent, FifthNeitherSynNorRstIsDropped) {
  EXPECT_EQ(t.segment("<SEQ=300><ACK=101><CTL=ACK>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=101><CTL=FIN,ACK><DATA=3>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=FIN>"), "");
  EXPECT_EQ(t.state(), "SYN-SENT");
}

TEST_F(SynSent, SimultaneousOpenKeepsTextOfTheSyn) {
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN,FIN><DATA=10>"), "<SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>");
  EXPECT_EQ(t.receive(100), "queued");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=101><CTL=SYN,ACK>"),
            "[open ok] [received 10] [connection closing] <SEQ=101><ACK=312><CTL=ACK>");
}

TEST_F(SynSent, SynReceivedFromHereIsRefusedByRst) {
  t.segment("<SEQ=300><CTL=SYN>");
  EXPECT_EQ(t.receive(10), "queued");
  EXPECT_EQ(t.segment("<SEQ=301><CTL=RST>"), "[error: connection refused] [connection refused]");
  EXPECT_EQ(t.state(), "CLOSED");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN>"), "<SEQ=0><ACK=301><CTL=RST,ACK>");
}

TEST_F(SynSent, SynReceivedFromHereChallengesAnInWindowSyn) {
  t.segment("<SEQ=300><CTL=SYN>");
  EXPECT_EQ(t.segment("<SEQ=350><CTL=SYN>"), "<SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=350><ACK=101><CTL=SYN,ACK>"), "<SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.state(), "SYN-RECEIVED");
}

TEST_F(SynSent, SynIsRetransmittedForThreeMinutesThenGivenUp) {
  EXPECT_EQ(t.receive(10), "queued");
  EXPECT_EQ(t.wait(182s),
            "1.000 <SEQ=100><CTL=SYN><MSS=1460>\n"
            "3.000 <SEQ=100><CTL=SYN><MSS=1460>\n"
            "7.000 <SEQ=100><CTL=SYN><MSS=1460> [delivery problem]\n"
            "15.000 <SEQ=100><CTL=SYN><MSS=1460>\n"
            "31.000 <SEQ=100><CTL=SYN><MSS=1460>\n"
            "63.000 <SEQ=100><CTL=SYN><MSS=1460>\n"
            "123.000 <SEQ=100><CTL=SYN><MSS=1460>");
  EXPECT_EQ(t.state(), "SYN-SENT");
  EXPECT_EQ(t.wait(2s),
            "1.000 [error: connection aborted due to user timeout] [connection aborted due to user timeout]");
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(SynReceived, UnacceptableAckIsResetAndTheStateStays) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=100><CTL=ACK>"), "<SEQ=100><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=ACK><DATA=5>"), "<SEQ=102><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=301><CTL=FIN>"), "") << "no ACK bit";
  EXPECT_EQ(t.state(), "SYN-RECEIVED");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK>"), "[open ok]");
}

TEST(SynReceived, PassiveReturnsToListen) {
  for (const char* cause : {"<SEQ=301><CTL=RST>", "<SEQ=301><CTL=SYN>", "<SEQ=301><ACK=101><CTL=SYN,ACK>"}) {
    Talk t;
    t.open_passive(false);
    t.segment("<SEQ=300><CTL=SYN>");
    EXPECT_EQ(t.receive(10), "queued");
    EXPECT_EQ(t.segment(cause), "");
    EXPECT_EQ(t.state(), "LISTEN") << cause;
    EXPECT_EQ(t.wait(10min), "") << "the retransmission queue is flushed";
    EXPECT_FALSE(t.tcb().remote) << "any peer may come next";
    t.segment("<SEQ=300><CTL=SYN>");
    t.segment("<SEQ=301><ACK=101><CTL=ACK>");
    EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=5>"), "[received 5]");
  }
}

TEST(SynReceived, WhatWaitedToBeSentIsGoneWithThePeerThatItWasFor) {
  for (const char* cause : {"<SEQ=301><CTL=RST>", "<SEQ=301><CTL=SYN>"}) {
    Talk t;
    t.open_passive();
    t.segment("<SEQ=300><CTL=SYN>");
    t.send(10, {true, true, {}});
    t.close();
    EXPECT_EQ(t.segment(cause), "");
    ASSERT_EQ(t.state(), "LISTEN") << cause;
    t.given = 0;
    EXPECT_EQ(t.send(3), "<SEQ=100><CTL=SYN><MSS=1460>") << "neither is the connection closing";
    EXPECT_EQ(t.segment("<SEQ=300><ACK=101><CTL=SYN,ACK>"), "[open ok] <SEQ=101><ACK=301><CTL=PSH,ACK><DATA=3>");
    EXPECT_EQ(t.segment("<SEQ=301><ACK=104><CTL=ACK>"), "");
    EXPECT_EQ(t.state(), "ESTABLISHED");
  }
}

TEST(SynReceived, RstInexactIsChallengedAndOutsideIgnored) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN>");
  EXPECT_EQ(t.segment("<SEQ=302><CTL=RST>"), "<SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=RST>"), "");
  EXPECT_EQ(t.segment("<SEQ=70000><CTL=RST>"), "");
  EXPECT_EQ(t.state(), "SYN-RECEIVED");
}

TEST(SynReceived, SynAckIsRetransmittedThenGivenUp) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN>");
  EXPECT_EQ(t.wait(4s),
            "1.000 <SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>\n"
            "3.000 <SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>");
  t.wait(178s);
  EXPECT_EQ(t.state(), "SYN-RECEIVED");
  EXPECT_EQ(t.wait(1s), "1.000 [connection aborted due to user timeout]");
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(SynReceived, CloseWithNothingToSendGoesToFinWait1) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN>");
  EXPECT_EQ(t.close(), "<SEQ=101><ACK=301><CTL=FIN,ACK>");
  EXPECT_EQ(t.state(), "FIN-WAIT-1");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK>"), "");
  EXPECT_EQ(t.state(), "FIN-WAIT-1") << "our SYN is acknowledged, our FIN is not";
  EXPECT_EQ(t.wait(1s), "1.000 <SEQ=101><ACK=301><CTL=FIN,ACK>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=ACK>"), "[close ok]");
  EXPECT_EQ(t.state(), "FIN-WAIT-2");
}

TEST(SynReceived, CloseBehindTextWaitsForEstablished) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN>");
  EXPECT_EQ(t.send(10), "");
  EXPECT_EQ(t.close(), "");
  EXPECT_EQ(t.state(), "SYN-RECEIVED");
  EXPECT_EQ(t.send(10), "error: connection closing");
  EXPECT_EQ(t.close(), "error: connection closing");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK>"), "[open ok] <SEQ=101><ACK=301><CTL=FIN,PSH,ACK><DATA=10>");
  EXPECT_EQ(t.state(), "FIN-WAIT-1");
}

TEST(SynReceived, TextOfTheSynIsNotLostByAnEarlyClose) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN,FIN><DATA=10>");
  EXPECT_EQ(t.close(), "<SEQ=101><ACK=301><CTL=FIN,ACK>");
  EXPECT_EQ(t.segment("<SEQ=312><ACK=102><CTL=ACK>"), "[close ok] [connection closing] <SEQ=102><ACK=312><CTL=ACK>");
  EXPECT_EQ(t.state(), "TIME-WAIT");
  EXPECT_EQ(t.receive(20), "received 10");
}

TEST(SynReceived, SlowHandshakeBeginsWithThreeSeconds) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN>");
  t.wait(1500ms);
  t.segment("<SEQ=301><ACK=101><CTL=ACK>");
  EXPECT_EQ(t.send(1), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=1>");
  EXPECT_EQ(t.wait(4s), "3.000 <SEQ=101><ACK=301><CTL=PSH,ACK><DATA=1>");
}

}  // namespace
}  // namespace tcp::testing
