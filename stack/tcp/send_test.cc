// RFC 9293 3.7, 3.8.5 and 3.8.6: segmentation, Nagle, urgent text, the peer's window and its probing.
#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

TEST(Send, SegmentsOfThePeersMss) {
  Talk t;
  t.establish("<WND=65535><MSS=500>");
  EXPECT_EQ(t.send(1200), "<SEQ=101><ACK=301><CTL=ACK><DATA=500> <SEQ=601><ACK=301><CTL=ACK><DATA=500>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=601><CTL=ACK>"), "");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=1101><CTL=ACK>"), "<SEQ=1101><ACK=301><CTL=PSH,ACK><DATA=200>");
}

TEST(Send, MssIsBoundedByTheMtu) {
  Talk t;
  t.establish("<WND=65535><MSS=9000>");
  EXPECT_EQ(t.send(1460), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=1460>");
  Talk six(host_config(), true);
  six.establish("<WND=65535><MSS=9000>");
  EXPECT_EQ(six.send(1440), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=1440>");
}

TEST(Send, DefaultMss) {
  Talk t;
  t.establish("<WND=65535>");
  EXPECT_EQ(t.send(536), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=536>");
  Talk six(host_config(), true);
  six.establish("<WND=65535>");
  EXPECT_EQ(six.send(1220 + 1), "<SEQ=101><ACK=301><CTL=ACK><DATA=1220>");
}

TEST(Send, NagleHoldsAndCanBeSwitchedOff) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.send(10), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>");
  EXPECT_EQ(t.send(10), "");
  EXPECT_EQ(t.send(10), "");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=111><CTL=ACK>"), "<SEQ=111><ACK=301><CTL=PSH,ACK><DATA=20>");
  EXPECT_EQ(t.send(10), "");
  t.stack.set_nagle(t.id, false);
  EXPECT_EQ(t.heard(), "<SEQ=131><ACK=301><CTL=PSH,ACK><DATA=10>");
  EXPECT_EQ(t.send(10), "<SEQ=141><ACK=301><CTL=PSH,ACK><DATA=10>");
}

TEST(Send, CloseSendsWhatNagleHeld) {
  Talk t;
  t.establish();
  t.send(10);
  t.send(10);
  EXPECT_EQ(t.close(), "<SEQ=111><ACK=301><CTL=FIN,PSH,ACK><DATA=10>");
  EXPECT_EQ(t.state(), "FIN-WAIT-1");
}

TEST(Send, NoFartherThanTheWindow) {
  Talk t;
  t.establish("<WND=1000><MSS=400>", "<WND=1000>");
  EXPECT_EQ(t.send(2000), "<SEQ=101><ACK=301><CTL=ACK><DATA=400> <SEQ=501><ACK=301><CTL=ACK><DATA=400>")
      << "the 200 that are left of the window are not worth a segment";
  EXPECT_EQ(t.segment("<SEQ=301><ACK=501><CTL=ACK><WND=1000>"), "<SEQ=901><ACK=301><CTL=ACK><DATA=400>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=1301><CTL=ACK><WND=100>"), "") << "a silly window";
  EXPECT_EQ(t.wait(600ms), "0.500 <SEQ=1301><ACK=301><CTL=ACK><DATA=100>") << "the override timeout";
}

TEST(Send, TheTopBitOfAWindowIsNoSign) {
  Talk t;
  t.establish("<WND=65535><MSS=1460>", "<WND=65535>");
  t.send(65535 + 100);
  EXPECT_EQ(t.tcb().snd_nxt, t.tcb().snd_una + 1460 * 44u) << "whole segments up to the edge";
}

TEST(Send, ShrunkWindow) {
  Talk t;
  t.establish("<WND=2000><MSS=500>", "<WND=2000>");
  t.send(3000);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=601><CTL=ACK><WND=600>"), "") << "1500 are in flight: the usable window is -900";
  EXPECT_EQ(t.wait(1s), "1.000 <SEQ=601><ACK=301><CTL=ACK><DATA=500>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=2101><CTL=ACK><WND=600>"), "<SEQ=2101><ACK=301><CTL=ACK><DATA=500>");
}

TEST(Send, RetransmissionStaysWithinAShrunkWindow) {
  Talk t;
  t.establish("<WND=2000><MSS=500>", "<WND=2000>");
  t.send(1000);
  t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=200>");
  EXPECT_EQ(t.wait(1s), "1.000 <SEQ=101><ACK=301><CTL=ACK><DATA=200>");
}

TEST(Send, ZeroWindowIsProbedForEver) {
  Talk t;
  t.establish("<WND=0><MSS=500>", "<WND=0>");
  EXPECT_EQ(t.send(100), "");
  EXPECT_EQ(t.wait(1s), "1.000 <SEQ=101><ACK=301><CTL=ACK><DATA=1>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=0>"), "");
  EXPECT_EQ(t.wait(2s), "2.000 <SEQ=101><ACK=301><CTL=ACK><DATA=1>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=0>"), "");
  EXPECT_EQ(t.wait(4s), "4.000 <SEQ=101><ACK=301><CTL=ACK><DATA=1>");
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=0>"), "");
    EXPECT_NE(t.wait(60s), "") << "probe " << i;
  }
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=500>"), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=100>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=201><CTL=ACK><WND=500>"), "");
  EXPECT_EQ(t.wait(1h), "");
}

TEST(Send, AcceptedProbeMovesOn) {
  Talk t;
  t.establish("<WND=0><MSS=500>", "<WND=0>");
  t.send(3);
  t.wait(1s);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=ACK><WND=0>"), "");
  EXPECT_EQ(t.wait(2s), "2.000 <SEQ=102><ACK=301><CTL=ACK><DATA=1>") << "the window has been closed all the time";
  EXPECT_EQ(t.segment("<SEQ=301><ACK=103><CTL=ACK><WND=5>"), "<SEQ=103><ACK=301><CTL=PSH,ACK><DATA=1>");
}

TEST(Send, AcceptedOctetOfWhatIsOutstandingDoesNotHurryTheProbes) {
  Talk t;
  t.establish("<WND=65535><MSS=500>");
  t.send(100);
  t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=0>");
  EXPECT_EQ(t.wait(6s),
            "1.000 <SEQ=101><ACK=301><CTL=ACK><DATA=1>\n"
            "3.000 <SEQ=101><ACK=301><CTL=ACK><DATA=1>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=ACK><WND=0>"), "");
  EXPECT_EQ(t.wait(12s),
            "4.000 <SEQ=102><ACK=301><CTL=ACK><DATA=1>\n"
            "12.000 <SEQ=102><ACK=301><CTL=ACK><DATA=1>");
}

TEST(Send, ReopenedWindowEndsTheWaitForTheNextProbe) {
  Talk t;
  t.establish("<WND=0><MSS=500>", "<WND=0>");
  t.send(3);
  t.wait(8s);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=ACK><WND=0>"), "");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=ACK><WND=9>"), "<SEQ=102><ACK=301><CTL=PSH,ACK><DATA=2>");
  EXPECT_EQ(t.wait(2s), "1.000 <SEQ=102><ACK=301><CTL=PSH,ACK><DATA=2>");
}

TEST(Send, ReopenedWindowIsUsedWithTheAckOfTheTextThatOpenedIt) {
  Talk t;
  t.establish("<WND=0><MSS=500>", "<WND=0>");
  t.send(100);
  t.wait(1s);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=500><DATA=7>"), "<SEQ=101><ACK=308><CTL=PSH,ACK><DATA=100>");
}

TEST(Send, WhatLeavesWhenTheWindowOpensHasAWholeTimeout) {
  struct Case {
    std::size_t text;
    bool close;
    const char* front;
  };
  for (const Case& c : {Case{100, false, "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=100>"},
                        Case{100, true, "<SEQ=101><ACK=301><CTL=FIN,PSH,ACK><DATA=100>"}}) {
    Talk t;
    t.establish("<WND=0><MSS=500>", "<WND=0>");
    t.send(c.text);
    if (c.close) t.close();
    EXPECT_EQ(t.wait(998ms), "");
    EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=500>"), c.front);
    EXPECT_EQ(t.wait(1s), std::string("1.000 ") + c.front) << "RFC 6298 5.1: not when the probe was due";
  }
}

TEST(Send, AFinThatLeftUnderAZeroWindowIsNotHurriedByTheWindow) {
  Talk t;
  t.establish("<WND=0><MSS=500>", "<WND=0>");
  t.send(1);
  t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK><WND=0>");
  t.close();
  EXPECT_EQ(t.wait(1s), "1.000 <SEQ=101><ACK=302><CTL=PSH,ACK><DATA=1>");
  EXPECT_EQ(t.segment("<SEQ=302><ACK=102><CTL=ACK><WND=0>"), "<SEQ=102><ACK=302><CTL=FIN,ACK>");
  EXPECT_EQ(t.segment("<SEQ=302><ACK=102><CTL=ACK><WND=1>"), "") << "the probe was taken, the FIN not refused";
  EXPECT_EQ(t.state(), "LAST-ACK");
}

TEST(Send, UnansweredProbesAreAFailure) {
  Talk t;
  t.establish("<WND=0><MSS=500>", "<WND=0>");
  t.send(100);
  const std::string heard = t.wait(10min);
  EXPECT_NE(heard.find("[connection aborted due to user timeout]"), std::string::npos) << heard;
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(Send, FinBehindAZeroWindow) {
  Talk t;
  t.establish("<WND=0><MSS=500>", "<WND=0>");
  t.send(2);
  EXPECT_EQ(t.close(), "");
  EXPECT_EQ(t.state(), "FIN-WAIT-1");
  t.wait(1s);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=10>"), "<SEQ=101><ACK=301><CTL=FIN,PSH,ACK><DATA=2>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=104><CTL=ACK><WND=10>"), "[close ok]");
}

TEST(Send, UrgentPointerLeadsBehindTheUrgentText) {
  Talk t;
  t.establish("<WND=65535><MSS=500>");
  EXPECT_EQ(t.send(800, {true, true, {}}), "<SEQ=101><ACK=301><CTL=URG,ACK><UP=800><DATA=500>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=601><CTL=ACK>"), "<SEQ=601><ACK=301><CTL=PSH,URG,ACK><UP=300><DATA=300>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=901><CTL=ACK>"), "");
  EXPECT_EQ(t.send(5), "<SEQ=901><ACK=301><CTL=PSH,ACK><DATA=5>") << "no longer urgent";
}

TEST(Send, AnUrgentSendOfNothingMakesWhatWaitsUrgent) {
  Talk t;
  t.establish();
  t.send(1, {true, true, {}});
  EXPECT_EQ(t.send(5), "");
  EXPECT_EQ(t.send(0, {true, true, {}}), "");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=ACK>"), "<SEQ=102><ACK=301><CTL=PSH,URG,ACK><UP=5><DATA=5>");
  t.segment("<SEQ=301><ACK=107><CTL=ACK>");
  EXPECT_EQ(t.send(0, {true, true, {}}), "") << "there is nothing that it could speak of";
  EXPECT_EQ(t.send(5), "<SEQ=107><ACK=301><CTL=PSH,ACK><DATA=5>");
}

TEST(Send, UrgentTextFartherThanTheFieldCanTell) {
  Talk t;
  t.establish("<WND=1000><MSS=1000>", "<WND=1000>");
  EXPECT_EQ(t.send(70000, {true, true, {}}), "<SEQ=101><ACK=301><CTL=URG,ACK><UP=65535><DATA=1000>");
  for (int i = 0; i < 10; ++i) t.segment("<SEQ=301><ACK=" + std::to_string(1101 + 1000 * i) + "><CTL=ACK><WND=1000>");
  EXPECT_EQ(t.last.urgent_pointer, 60000);
}

TEST(Send, PushStandsAtTheEndOfAPushedSend) {
  Talk t;
  t.establish("<WND=65535><MSS=500>", "<WND=300>");
  t.send(100);
  EXPECT_EQ(t.send(100, {true, false, {}}), "");
  EXPECT_EQ(t.send(1000, {false, false, {}}), "");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=201><CTL=ACK><WND=500>"), "<SEQ=201><ACK=301><CTL=PSH,ACK><DATA=500>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=701><CTL=ACK><WND=500>"), "<SEQ=701><ACK=301><CTL=ACK><DATA=500>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=1201><CTL=ACK><WND=500>"), "<SEQ=1201><ACK=301><CTL=PSH,ACK><DATA=100>");
}

}  // namespace
}  // namespace tcp::testing
