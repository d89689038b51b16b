// RFC 9293 3.10.7.4, first to fourth: the sequence number, RST and SYN in the synchronized states.
#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

const std::string kAck = "<SEQ=101><ACK=301><CTL=ACK>";

TEST(Sequence, UnacceptableSegmentsAreAcknowledged) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=300><ACK=101><CTL=ACK>"), kAck) << "left of the window";
  EXPECT_EQ(t.segment("<SEQ=291><ACK=101><CTL=ACK><DATA=10>"), kAck) << "ends at the left edge";
  EXPECT_EQ(t.segment("<SEQ=65836><ACK=101><CTL=ACK>"), kAck) << "at the right edge";
  EXPECT_EQ(t.segment("<SEQ=65836><ACK=101><CTL=ACK><DATA=1>"), kAck);
  EXPECT_EQ(t.segment("<SEQ=0><ACK=101><CTL=FIN,ACK>"), kAck);
  EXPECT_EQ(t.segment("<SEQ=65835><ACK=101><CTL=ACK>"), "") << "the last number of the window";
  EXPECT_EQ(t.state(), "ESTABLISHED");
}

TEST(Sequence, UnacceptableRstIsDroppedInSilence) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=300><CTL=RST>"), "");
  EXPECT_EQ(t.segment("<SEQ=65836><CTL=RST>"), "");
  EXPECT_EQ(t.segment("<SEQ=291><CTL=RST><DATA=20>"), "") << "a RST is where its SEG.SEQ is";
  EXPECT_EQ(t.state(), "ESTABLISHED");
}

TEST(Sequence, BothEdgesAreTrimmed) {
  Config config = host_config();
  config.receive_buffer = 100;
  Talk t(config);
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=40>"), "");
  EXPECT_EQ(t.segment("<SEQ=321><ACK=101><CTL=ACK><DATA=40>"), "<SEQ=101><ACK=361><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=361><ACK=101><CTL=FIN,ACK><DATA=50>"), "") << "the FIN lies past the edge";
  EXPECT_EQ(t.wait(200ms), "0.200 <SEQ=101><ACK=401><CTL=ACK>");
  EXPECT_EQ(t.receive(1000), "received 100 <SEQ=101><ACK=401><CTL=ACK>");
  EXPECT_EQ(t.state(), "ESTABLISHED");
}

TEST(Sequence, FinJustPastTheEdgeIsLost) {
  Config config = host_config();
  config.receive_buffer = 100;
  Talk t(config);
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK><DATA=100>"), "");
  EXPECT_EQ(t.wait(1s), "0.200 <SEQ=101><ACK=401><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=401><ACK=101><CTL=FIN,ACK>"), "<SEQ=101><ACK=401><CTL=ACK>") << "the window is zero";
  EXPECT_EQ(t.state(), "ESTABLISHED");
  t.receive(100);
  EXPECT_EQ(t.segment("<SEQ=401><ACK=101><CTL=FIN,ACK>"), "[connection closing] <SEQ=101><ACK=402><CTL=ACK>");
}

TEST(Sequence, ZeroWindowStillTakesAckUrgentAndRst) {
  Config config = host_config();
  config.receive_buffer = 100;
  Talk t(config);
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=100>");
  t.wait(1s);
  t.send(10);
  EXPECT_EQ(t.segment("<SEQ=401><ACK=106><CTL=ACK,URG><UP=9><DATA=1>"), "[urgent data] <SEQ=111><ACK=401><CTL=ACK>");
  EXPECT_EQ(t.send(0), "");
  EXPECT_EQ(t.tcb().snd_una, t.tcb().iss + 6);
  EXPECT_EQ(t.segment("<SEQ=402><ACK=101><CTL=RST>"), "") << "outside a window of nothing";
  EXPECT_EQ(t.segment("<SEQ=401><CTL=RST><DATA=3>"), "[connection reset]") << "SHLD-2: a RST may have text";
}

TEST(Reset, ExactResetsInexactIsChallenged) {
  Talk t;
  t.establish();
  t.send(10);
  EXPECT_EQ(t.segment("<SEQ=302><CTL=RST>"), "<SEQ=111><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=65835><ACK=101><CTL=RST,ACK>"), "<SEQ=111><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.state(), "ESTABLISHED");
  EXPECT_EQ(t.receive(5), "queued");
  EXPECT_EQ(t.receive(5), "queued");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=9999><CTL=RST,ACK>"),
            "[error: connection reset] [error: connection reset] [connection reset]");
  EXPECT_EQ(t.state(), "CLOSED");
  EXPECT_EQ(t.wait(1h), "");
}

TEST(Reset, InEveryState) {
  struct Case {
    const char* state;
    std::vector<const char*> way;
    const char* reset;
    const char* heard;
  };
  const Case cases[] = {
      {"FIN-WAIT-1", {"close"}, "<SEQ=301><CTL=RST>", "[connection reset]"},
      {"FIN-WAIT-2", {"close", "<SEQ=301><ACK=102><CTL=ACK>"}, "<SEQ=301><CTL=RST>", "[connection reset]"},
      {"CLOSE-WAIT", {"<SEQ=301><ACK=101><CTL=FIN,ACK>"}, "<SEQ=302><CTL=RST>", "[connection reset]"},
      {"CLOSING", {"close", "<SEQ=301><ACK=101><CTL=FIN,ACK>"}, "<SEQ=302><CTL=RST>", ""},
      {"LAST-ACK", {"<SEQ=301><ACK=101><CTL=FIN,ACK>", "close"}, "<SEQ=302><CTL=RST>", ""},
      {"TIME-WAIT", {"close", "<SEQ=301><ACK=102><CTL=FIN,ACK>"}, "<SEQ=302><CTL=RST>", ""},
  };
  for (const Case& c : cases) {
    Talk t;
    t.establish();
    for (const std::string step : c.way) step == "close" ? t.close() : t.segment(step);
    ASSERT_EQ(t.state(), c.state);
    EXPECT_NE(t.segment("<SEQ=310><CTL=RST>"), "") << "in the window, inexact: " << c.state;
    ASSERT_EQ(t.state(), c.state);
    EXPECT_EQ(t.segment(c.reset), c.heard) << c.state;
    EXPECT_EQ(t.state(), "CLOSED") << c.state;
    EXPECT_EQ(t.stack.connection_count(), 0u);
  }
}

TEST(Syn, IsChallengedWhateverItsSequenceNumber) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><CTL=SYN>"), kAck);
  EXPECT_EQ(t.segment("<SEQ=310><ACK=101><CTL=SYN,ACK>"), kAck);
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN>"), kAck);
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN><DATA=10>"), kAck) << "text in the window changes nothing";
  EXPECT_EQ(t.segment("<SEQ=900000><CTL=SYN>"), kAck);
  EXPECT_EQ(t.receive(10), "queued") << "no text was taken";
  EXPECT_EQ(t.state(), "ESTABLISHED");
}

TEST(Syn, IsChallengedInTimeWait) {
  Talk t;
  t.establish();
  t.close();
  t.segment("<SEQ=301><ACK=102><CTL=FIN,ACK>");
  EXPECT_EQ(t.segment("<SEQ=500><CTL=SYN>"), "<SEQ=102><ACK=302><CTL=ACK>");
  EXPECT_EQ(t.state(), "TIME-WAIT");
}

TEST(Syn, OnTheLastFinDoesNotRestartTimeWait) {
  for (const char* segment : {"<SEQ=300><CTL=SYN,FIN>", "<SEQ=301><CTL=FIN>"}) {
    Talk t;
    t.establish();
    t.close();
    t.segment("<SEQ=301><ACK=102><CTL=FIN,ACK>");
    t.wait(3min);
    EXPECT_EQ(t.segment(segment), "<SEQ=102><ACK=302><CTL=ACK>") << segment;
    t.wait(1min);
    EXPECT_EQ(t.state(), "CLOSED") << "the fourth or the fifth step drops " << segment;
  }
}

TEST(Throttle, TenChallengeAcksInFiveSeconds) {
  Talk t;
  t.establish();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(t.segment("<SEQ=302><CTL=RST>"), kAck) << i;
  EXPECT_EQ(t.segment("<SEQ=302><CTL=RST>"), "");
  EXPECT_EQ(t.segment("<SEQ=310><CTL=SYN>"), "");
  EXPECT_EQ(t.wait(5s), "");
  EXPECT_EQ(t.segment("<SEQ=302><CTL=RST>"), kAck);
}

TEST(Throttle, IsForChallengesOnly) {
  for (const char* segment :
       {"<SEQ=300><ACK=101><CTL=ACK>", "<SEQ=291><ACK=101><CTL=ACK><DATA=10>", "<SEQ=300><CTL=SYN>",
        "<SEQ=300><ACK=101><CTL=SYN,ACK><DATA=1>", "<SEQ=301><ACK=5000><CTL=ACK>"}) {
    Talk t;
    t.establish();
    for (int i = 0; i < 30; ++i) EXPECT_EQ(t.segment(segment), kAck) << segment << ' ' << i;
    EXPECT_EQ(t.segment("<SEQ=302><CTL=RST>"), kAck) << "nor is it used up by " << segment;
  }
}

TEST(Throttle, ZeroIsNoLimit) {
  Config config = host_config();
  config.challenge_acks = 0;
  Talk t(config);
  t.establish();
  for (int i = 0; i < 100; ++i) ASSERT_EQ(t.segment("<SEQ=302><CTL=RST>"), kAck) << i;
}

}  // namespace
}  // namespace tcp::testing
