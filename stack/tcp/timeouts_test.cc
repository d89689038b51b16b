// RFC 9293 3.10.8, 3.8.1 and 3.8.3, RFC 6298: the timers.
#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

TEST(Retransmission, BacksOffAndGivesUpAtR2) {
  Talk t;
  t.establish();
  t.send(10);
  EXPECT_EQ(t.wait(122s),
            "1.000 <SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>\n"
            "3.000 <SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>\n"
            "7.000 <SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10> [delivery problem]\n"
            "15.000 <SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>\n"
            "31.000 <SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>\n"
            "63.000 <SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>");
  EXPECT_EQ(t.state(), "ESTABLISHED") << "R2 is at least 100 s";
  EXPECT_EQ(t.wait(1s), "1.000 [connection aborted due to user timeout]");
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(Retransmission, R2BeginsAnewWithProgress) {
  Talk t;
  t.establish();
  t.send(10);
  t.wait(120s);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=106><CTL=ACK>"), "");
  EXPECT_EQ(t.wait(4min),
            "60.000 <SEQ=106><ACK=301><CTL=PSH,ACK><DATA=5>\n"
            "120.000 <SEQ=106><ACK=301><CTL=PSH,ACK><DATA=5>\n"
            "180.000 <SEQ=106><ACK=301><CTL=PSH,ACK><DATA=5> [delivery problem]\n"
            "240.000 [connection aborted due to user timeout]")
      << "not before R1";
}

TEST(Retransmission, R2BeginsAnewWhenTheWindowOpens) {
  Talk t;
  t.establish("<WND=0><MSS=500>", "<WND=0>");
  t.close();
  t.wait(121s);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=1000>"), "<SEQ=101><ACK=301><CTL=FIN,ACK>");
  t.wait(100s);
  EXPECT_EQ(t.state(), "FIN-WAIT-1");
  t.wait(60s);
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(Retransmission, R2BeginsAnewWhenAShrunkWindowGrows) {
  Talk t;
  t.establish("<WND=2000><MSS=500>", "<WND=2000>");
  t.send(1000);
  t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=200>");
  t.wait(99s);
  t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=2000>");
  t.wait(99s);
  EXPECT_EQ(t.state(), "ESTABLISHED");
}

TEST(Retransmission, R2CountsFromTheFirstTransmission) {
  Config config = host_config();
  config.min_rto = 1590ms;
  Talk t(config);
  t.establish("<WND=5><MSS=500>", "<WND=5>");
  t.send(6);
  t.segment("<SEQ=301><ACK=106><CTL=ACK><WND=0>");
  const std::string heard = t.wait(101s);
  EXPECT_EQ(heard.find("1.590 <SEQ=106>"), 0u) << "the octet has not been sent before: " << heard;
  EXPECT_NE(heard.find("49.290 <SEQ=106>"), std::string::npos)
      << "the next one would be due after 100.170 s: " << heard;
  EXPECT_EQ(t.state(), "ESTABLISHED");
  t.wait(200s);
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(Retransmission, OnlyTheFrontIsSentAgain) {
  Talk t;
  t.establish("<WND=65535><MSS=500>");
  t.send(1000);
  EXPECT_EQ(t.wait(1s), "1.000 <SEQ=101><ACK=301><CTL=ACK><DATA=500>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=601><CTL=ACK>"), "");
  EXPECT_EQ(t.wait(2s), "2.000 <SEQ=601><ACK=301><CTL=PSH,ACK><DATA=500>")
      << "the backed-off timeout stays until a sample can be taken (Karn)";
}

TEST(Retransmission, PartialAcknowledgmentIsRepackaged) {
  Talk t;
  t.establish();
  t.send(10);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=105><CTL=ACK>"), "");
  EXPECT_EQ(t.wait(1s), "1.000 <SEQ=105><ACK=301><CTL=PSH,ACK><DATA=6>");
}

TEST(Retransmission, CarriesTheFin) {
  Talk t;
  t.establish();
  t.send(10);
  t.close();
  EXPECT_EQ(t.wait(1s), "1.000 <SEQ=101><ACK=301><CTL=FIN,PSH,ACK><DATA=10>");
}

TEST(Retransmission, FinInEveryState) {
  struct Case {
    const char* state;
    std::vector<const char*> way;
    const char* again;
  };
  const Case cases[] = {
      {"FIN-WAIT-1", {"close"}, "1.000 <SEQ=101><ACK=301><CTL=FIN,ACK>"},
      {"CLOSING", {"close", "<SEQ=301><ACK=101><CTL=FIN,ACK>"}, "1.000 <SEQ=101><ACK=302><CTL=FIN,ACK>"},
      {"LAST-ACK", {"<SEQ=301><ACK=101><CTL=FIN,ACK>", "close"}, "1.000 <SEQ=101><ACK=302><CTL=FIN,ACK>"},
  };
  for (const Case& c : cases) {
    Talk t;
    t.establish();
    for (const std::string step : c.way) step == "close" ? t.close() : t.segment(step);
    ASSERT_EQ(t.state(), c.state);
    EXPECT_EQ(t.wait(1s), c.again) << c.state;
    t.wait(5min);
    EXPECT_EQ(t.state(), "CLOSED") << c.state;
  }
}

TEST(Retransmission, RttIsMeasured) {
  Talk t;
  t.establish();
  t.send(10);
  t.wait(900ms);
  t.segment("<SEQ=301><ACK=111><CTL=ACK>");
  // The handshake took no time: SRTT = 900/8 and RTTVAR = 900/4.
  EXPECT_EQ(t.stack.find(t.id)->rto(), 112500us + 900ms);
  EXPECT_EQ(t.send(10), "<SEQ=111><ACK=301><CTL=PSH,ACK><DATA=10>");
  EXPECT_EQ(t.wait(1100ms), "1.012 <SEQ=111><ACK=301><CTL=PSH,ACK><DATA=10>");
}

TEST(UserTimeout, OfOpen) {
  Talk t;
  OpenCall call;
  call.active = true;
  call.remote = t.peer;
  call.user_timeout = 10s;
  t.open(call);
  t.wait(10s - 1ms);
  EXPECT_EQ(t.state(), "SYN-SENT");
  EXPECT_EQ(t.wait(1ms), "0.001 [connection aborted due to user timeout]");
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(UserTimeout, OfSendWhileTheConnectionOpens) {
  for (const bool arrived : {false, true}) {
    Talk t;
    t.open_active();
    if (arrived) t.segment("<SEQ=300><CTL=SYN>");
    t.wait(6654ms);
    EXPECT_EQ(t.send(10, {true, false, 1s}), "");
    t.wait(1s - 1ms);
    EXPECT_EQ(t.state(), arrived ? "SYN-RECEIVED" : "SYN-SENT") << "the text has its whole second";
    EXPECT_EQ(t.wait(1ms), "0.001 [connection aborted due to user timeout]");
  }
}

TEST(UserTimeout, TakesThePlaceOfR2) {
  Talk t;
  t.establish();
  t.send(10, {true, false, 10min});
  t.wait(10min - 1ms);
  EXPECT_EQ(t.state(), "ESTABLISHED");
  EXPECT_EQ(t.wait(1ms), "0.001 [connection aborted due to user timeout]");
}

TEST(UserTimeout, BeginsAnewWithEveryAcknowledgment) {
  Talk t;
  t.establish("<WND=65535><MSS=5>");
  t.send(10, {true, false, 10s});
  t.wait(9s);
  t.segment("<SEQ=301><ACK=106><CTL=ACK>");
  t.wait(9s);
  EXPECT_EQ(t.state(), "ESTABLISHED");
  t.segment("<SEQ=301><ACK=111><CTL=ACK>");
  EXPECT_EQ(t.wait(1h), "") << "everything is delivered";
  EXPECT_EQ(t.state(), "ESTABLISHED");
}

TEST(UserTimeout, FailsQueuedReceives) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.receive(10), "queued");
  t.send(10, {true, false, 500ms});
  EXPECT_EQ(t.wait(1s),
            "0.500 [error: connection aborted due to user timeout] [connection aborted due to user timeout]");
}

TEST(Rto, FollowsRfc6298) {
  Config config;
  config.min_rto = 1ms;
  Rto rto(config);
  EXPECT_EQ(rto.value(), 1s);
  rto.time(wire::SeqNum(10), 0ms);
  rto.time(wire::SeqNum(20), 50ms);  // one at a time
  rto.acknowledged(wire::SeqNum(9), 60ms);
  EXPECT_EQ(rto.value(), 1s);
  rto.acknowledged(wire::SeqNum(10), 100ms);
  EXPECT_EQ(rto.value(), 300ms) << "R + 4 * R/2";
  rto.time(wire::SeqNum(30), 0ms);
  rto.acknowledged(wire::SeqNum(30), 180ms);
  EXPECT_EQ(rto.value(), 110ms + 4 * 57500us) << "SRTT 7/8, RTTVAR 3/4";
  rto.back_off();
  EXPECT_EQ(rto.value(), 680ms);
  rto.time(wire::SeqNum(40), 0ms);
  rto.retransmitted();
  rto.acknowledged(wire::SeqNum(40), 5ms);
  EXPECT_EQ(rto.value(), 680ms) << "Karn";
  for (int i = 0; i < 20; ++i) rto.back_off();
  EXPECT_EQ(rto.value(), 60s);
}

}  // namespace
}  // namespace tcp::testing
