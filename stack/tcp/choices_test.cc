// The choices of tcp::Config that the RFC leaves open do what they say.
#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

Config chosen(void (*choose)(Config&)) {
  Config config = host_config();
  choose(config);
  return config;
}

TEST(Choices, NoDelayOfAcks) {
  Talk t(chosen([](Config& c) { c.delayed_ack = 0ms; }));
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>"), "<SEQ=101><ACK=311><CTL=ACK>");
  EXPECT_EQ(t.wait(1s), "");
}

TEST(Choices, NagleOffForAll) {
  Talk t(chosen([](Config& c) { c.nagle = false; }));
  t.establish();
  EXPECT_EQ(t.send(10), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>");
  EXPECT_EQ(t.send(10), "<SEQ=111><ACK=301><CTL=PSH,ACK><DATA=10>");
}

TEST(Choices, PushOnEverySegment) {
  const auto sent = [](const Config& config) {
    Talk t(config);
    t.establish("<WND=65535><MSS=100>");
    return t.send(200);
  };
  EXPECT_EQ(sent(host_config()), "<SEQ=101><ACK=301><CTL=ACK><DATA=100> <SEQ=201><ACK=301><CTL=PSH,ACK><DATA=100>");
  EXPECT_EQ(sent(chosen([](Config& c) { c.push_every_segment = true; })),
            "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=100> <SEQ=201><ACK=301><CTL=PSH,ACK><DATA=100>");
}

TEST(Choices, WindowUpdatesWaitForASegment) {
  Talk t(chosen([](Config& c) {
    c.lone_window_updates = false;
    c.receive_buffer = 4000;
  }));
  t.establish();
  t.show_window = true;
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=3000>"), "");
  EXPECT_EQ(t.wait(1s), "0.200 <SEQ=101><ACK=3301><CTL=ACK><WND=1000>");
  EXPECT_EQ(t.receive(3000), "received 3000");
  EXPECT_EQ(t.send(10), "<SEQ=101><ACK=3301><CTL=PSH,ACK><WND=4000><DATA=10>");
}

// RFC 9293 3.8.6: a window that was closed is told of all the same, as the peer waits for it.
TEST(Choices, ClosedWindowIsToldOfAtOnce) {
  Talk t(chosen([](Config& c) {
    c.lone_window_updates = false;
    c.receive_buffer = 4000;
  }));
  t.establish();
  t.show_window = true;
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=4000>"), "");
  EXPECT_EQ(t.wait(1s), "0.200 <SEQ=101><ACK=4301><CTL=ACK><WND=0>");
  EXPECT_EQ(t.receive(4000), "received 4000 <SEQ=101><ACK=4301><CTL=ACK><WND=4000>");
}

TEST(Choices, HalfDuplexCloseResetsForUnreadText) {
  Talk t(chosen([](Config& c) { c.half_duplex_close = true; }));
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>");
  EXPECT_EQ(t.close(), "<SEQ=101><CTL=RST>");
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(Choices, HalfDuplexCloseResetsForLaterText) {
  Talk t(chosen([](Config& c) { c.half_duplex_close = true; }));
  t.establish();
  EXPECT_EQ(t.close(), "<SEQ=101><ACK=301><CTL=FIN,ACK>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=ACK><DATA=10>"), "[close ok] <SEQ=102><CTL=RST> [connection reset]");
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(Choices, HalfDuplexCloseIsOrderlyOtherwise) {
  Talk t(chosen([](Config& c) { c.half_duplex_close = true; }));
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>");
  EXPECT_EQ(t.close(), "<SEQ=101><ACK=302><CTL=FIN,ACK>");
  EXPECT_EQ(t.state(), "LAST-ACK");
}

}  // namespace
}  // namespace tcp::testing
