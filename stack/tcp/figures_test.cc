// RFC 9293 3.5 and 3.6: the exchanges of Figures 6 to 13, line by line.
#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

TEST(Figures, Figure6ThreeWayHandshakeFromPeerA) {
  Talk a;
  EXPECT_EQ(a.open_active(), "<SEQ=100><CTL=SYN><MSS=1460>");
  EXPECT_EQ(a.state(), "SYN-SENT");
  EXPECT_EQ(a.segment("<SEQ=300><ACK=101><CTL=SYN,ACK>"), "[open ok] <SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(a.state(), "ESTABLISHED");
  EXPECT_EQ(a.send(10), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>");
}

TEST(Figures, Figure6ThreeWayHandshakeFromPeerB) {
  Talk b;
  EXPECT_EQ(b.open_passive(false), "");
  EXPECT_EQ(b.state(), "LISTEN");
  EXPECT_EQ(b.segment("<SEQ=300><CTL=SYN>"), "<SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>");
  EXPECT_EQ(b.state(), "SYN-RECEIVED");
  EXPECT_EQ(b.segment("<SEQ=301><ACK=101><CTL=ACK>"), "[open ok]");
  EXPECT_EQ(b.state(), "ESTABLISHED");
  EXPECT_EQ(b.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>"), "");
  EXPECT_EQ(b.wait(200ms), "0.200 <SEQ=101><ACK=311><CTL=ACK>");
}

TEST(Figures, Figure7SimultaneousOpen) {
  Talk a;
  a.open_active();
  EXPECT_EQ(a.segment("<SEQ=300><CTL=SYN>"), "<SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>");
  EXPECT_EQ(a.state(), "SYN-RECEIVED");
  EXPECT_EQ(a.segment("<SEQ=300><ACK=101><CTL=SYN,ACK>"), "[open ok]");
  EXPECT_EQ(a.state(), "ESTABLISHED");
  EXPECT_EQ(a.send(10), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>");
}

TEST(Figures, Figure8OldDuplicateSynSeenByPeerA) {
  Talk a;
  a.open_active();
  EXPECT_EQ(a.segment("<SEQ=300><ACK=91><CTL=SYN,ACK>"), "<SEQ=91><CTL=RST>");
  EXPECT_EQ(a.state(), "SYN-SENT");
  a.peer_iss += 100;
  EXPECT_EQ(a.segment("<SEQ=300><ACK=101><CTL=SYN,ACK>"), "[open ok] <SEQ=101><ACK=301><CTL=ACK>");
}

TEST(Figures, Figure8OldDuplicateSynSeenByPeerB) {
  Talk b;
  b.open_passive(false);
  EXPECT_EQ(b.segment("<SEQ=290><CTL=SYN>"), "<SEQ=100><ACK=291><CTL=SYN,ACK><MSS=1460>");
  EXPECT_EQ(b.segment("<SEQ=291><CTL=RST>"), "");
  EXPECT_EQ(b.state(), "LISTEN");
  EXPECT_EQ(b.segment("<SEQ=300><CTL=SYN>"), "<SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>");
  EXPECT_EQ(b.segment("<SEQ=301><ACK=101><CTL=ACK>"), "[open ok]");
}

TEST(Figures, Figure9HalfOpenConnectionDiscovery) {
  Talk a;
  a.open_active();
  EXPECT_EQ(a.segment("<SEQ=300><ACK=50><CTL=ACK>"), "<SEQ=50><CTL=RST>");
  EXPECT_EQ(a.state(), "SYN-SENT");

  Talk b;
  b.establish();
  EXPECT_EQ(b.segment("<SEQ=900000><CTL=SYN>"), "<SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(b.segment("<SEQ=301><CTL=RST>"), "[connection reset]");
  EXPECT_EQ(b.state(), "CLOSED");
}

TEST(Figures, Figure10ActiveSideDiscovers) {
  Talk a;
  EXPECT_EQ(a.segment("<SEQ=300><ACK=100><CTL=ACK><DATA=10>"), "<SEQ=100><CTL=RST>");

  Talk b;
  b.establish();
  b.send(10);
  EXPECT_EQ(b.segment("<SEQ=301><CTL=RST>"), "[connection reset]");
}

TEST(Figures, Figure11OldDuplicateSynOnTwoPassiveSockets) {
  Talk b;
  b.open_passive(false);
  EXPECT_EQ(b.segment("<SEQ=300><CTL=SYN>"), "<SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>");
  Talk a;
  a.open_passive(false);
  EXPECT_EQ(a.segment("<SEQ=100><ACK=301><CTL=SYN,ACK>"), "<SEQ=301><CTL=RST>");
  EXPECT_EQ(a.state(), "LISTEN");
  EXPECT_EQ(b.segment("<SEQ=301><CTL=RST>"), "");
  EXPECT_EQ(b.state(), "LISTEN");
}

TEST(Figures, Figure12NormalCloseFromPeerA) {
  Talk a;
  a.establish();
  EXPECT_EQ(a.close(), "<SEQ=101><ACK=301><CTL=FIN,ACK>");
  EXPECT_EQ(a.state(), "FIN-WAIT-1");
  EXPECT_EQ(a.segment("<SEQ=301><ACK=102><CTL=ACK>"), "[close ok]");
  EXPECT_EQ(a.state(), "FIN-WAIT-2");
  EXPECT_EQ(a.segment("<SEQ=301><ACK=102><CTL=FIN,ACK>"), "[connection closing] <SEQ=102><ACK=302><CTL=ACK>");
  EXPECT_EQ(a.state(), "TIME-WAIT");
  EXPECT_EQ(a.wait(4min - 1ms), "");
  EXPECT_EQ(a.state(), "TIME-WAIT");
  EXPECT_EQ(a.wait(1ms), "");
  EXPECT_EQ(a.state(), "CLOSED");
}

TEST(Figures, Figure12NormalCloseFromPeerB) {
  Talk b;
  b.establish();
  EXPECT_EQ(b.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>"), "[connection closing] <SEQ=101><ACK=302><CTL=ACK>");
  EXPECT_EQ(b.state(), "CLOSE-WAIT");
  EXPECT_EQ(b.close(), "<SEQ=101><ACK=302><CTL=FIN,ACK>");
  EXPECT_EQ(b.state(), "LAST-ACK");
  EXPECT_EQ(b.segment("<SEQ=302><ACK=102><CTL=ACK>"), "[close ok]");
  EXPECT_EQ(b.state(), "CLOSED");
  EXPECT_EQ(b.stack.connection_count(), 0u);
}

TEST(Figures, Figure13SimultaneousClose) {
  Talk a;
  a.establish();
  EXPECT_EQ(a.close(), "<SEQ=101><ACK=301><CTL=FIN,ACK>");
  EXPECT_EQ(a.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>"), "[connection closing] <SEQ=102><ACK=302><CTL=ACK>");
  EXPECT_EQ(a.state(), "CLOSING");
  EXPECT_EQ(a.segment("<SEQ=302><ACK=102><CTL=ACK>"), "[close ok]");
  EXPECT_EQ(a.state(), "TIME-WAIT");
  EXPECT_EQ(a.wait(4min), "");
  EXPECT_EQ(a.state(), "CLOSED");
}

// Hands everything that one stack sent to the other, until both are silent.
int carry(Stack& a, Stack& b) {
  int carried = 0;
  for (bool busy = true; busy && carried < 1000;) {
    busy = false;
    for (auto [from, to] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
      for (const Output& output : from->take_outputs()) {
        const auto* datagram = std::get_if<codec::Datagram>(&output);
        if (!datagram) continue;
        to->arrive(*datagram, to->now());
        ++carried;
        busy = true;
      }
    }
  }
  return carried;
}

TEST(Figures, TwoStacksOpenAndCloseSimultaneously) {
  Config config_a = host_config(), config_b = host_config();
  config_b.address_v4 = kPeer4;
  config_b.seed = 2;
  Stack a(config_a), b(config_b);
  OpenCall open;
  open.active = true;
  open.local_port = 80;
  open.remote = Socket{kPeer4, 90};
  const ConnectionId at_a = a.open(open).connection;
  open.local_port = 90;
  open.remote = Socket{kHost4, 80};
  const ConnectionId at_b = b.open(open).connection;
  carry(a, b);
  ASSERT_EQ(a.status(at_a).state, wire::State::Established);
  ASSERT_EQ(b.status(at_b).state, wire::State::Established);

  a.close(at_a);
  b.close(at_b);
  carry(a, b);
  EXPECT_EQ(a.status(at_a).state, wire::State::TimeWait);
  EXPECT_EQ(b.status(at_b).state, wire::State::TimeWait);
}

// RFC 9293 A.2: two ends that hold each other's window closed and probe at once must not drown each other in ACKs.
TEST(Figures, CrossingWindowProbesComeToRest) {
  Config config_a = host_config(), config_b = host_config();
  config_a.receive_buffer = config_b.receive_buffer = 100;
  config_b.address_v4 = kPeer4;
  Stack a(config_a), b(config_b);
  OpenCall open;
  open.local_port = 90;
  const ConnectionId at_b = b.open(open).connection;
  open.active = true;
  open.local_port = 80;
  open.remote = Socket{kPeer4, 90};
  const ConnectionId at_a = a.open(open).connection;
  carry(a, b);
  a.send(at_a, stream(0, 200));
  b.send(at_b, stream(0, 200));
  carry(a, b);
  ASSERT_EQ(a.find(at_a)->tcb().snd_wnd, 100u) << "neither has been told yet that the window is full";
  for (int second = 1; second <= 20; ++second) {
    a.advance(std::chrono::seconds(second));
    b.advance(std::chrono::seconds(second));
    EXPECT_LT(carry(a, b), 60) << "after " << second << " s";
  }
  EXPECT_EQ(a.receive(at_a, 200).text.size(), 100u);
  EXPECT_EQ(b.receive(at_b, 200).text.size(), 100u);
  for (int second = 21; second <= 140; ++second) {
    a.advance(std::chrono::seconds(second));
    b.advance(std::chrono::seconds(second));
    carry(a, b);
  }
  EXPECT_EQ(a.receive(at_a, 200).text, stream(100, 100));
  EXPECT_EQ(b.receive(at_b, 200).text, stream(100, 100));
}

}  // namespace
}  // namespace tcp::testing
