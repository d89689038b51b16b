// What a connection leaves behind when it closes, and that the check of it can fail. Talk makes the same check after
// every event of every other test.
#include <gtest/gtest.h>

#include <functional>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

// A connection without a stack, so that it can be looked at after CLOSED.
struct Bare {
  Bare() : connection(1, context) {
    OpenCall call;
    call.active = true;
    call.remote = peer;
    connection.open(call, local, true);
  }

  void arrive(std::uint8_t flags, std::uint32_t seq, std::size_t text = 0) {
    wire::Segment segment;
    segment.source_port = peer.port;
    segment.destination_port = local.port;
    segment.seq = wire::SeqNum(seq);
    segment.ack = connection.tcb().iss + 1;
    segment.flags.bits = flags;
    segment.wnd = 1000;
    segment.text = stream(0, text);
    connection.arrive(segment, local, peer);
  }

  // Every timer and every queue is in use, but for queued RECEIVEs, which text on hand would satisfy.
  void fill() {
    arrive(wire::Flags::kSyn | wire::Flags::kAck, 300);
    connection.send(stream(0, 5000), {true, true, {}});
    arrive(wire::Flags::kAck | wire::Flags::kUrg, 301, 10);
    arrive(wire::Flags::kAck, 400, 10);
    arrive(wire::Flags::kFin | wire::Flags::kAck, 410);
  }

  void wait(Duration duration) {
    const Time end = context.now + duration;
    while (!connection.closed() && connection.next_deadline() <= end) {
      context.now = connection.next_deadline();
      connection.advance();
    }
  }

  const Socket local{kHost4, 80}, peer{kPeer4, 4000};
  Context context{host_config()};
  Connection connection;
};

TEST(Invariants, NothingIsLeftAfterClosed) {
  struct Case {
    const char* way;
    std::function<void(Bare&)> leave;
  };
  const Case cases[] = {
      {"RST", [](Bare& b) { b.fill(), b.arrive(wire::Flags::kRst, 311); }},
      {"ABORT", [](Bare& b) { b.fill(), b.connection.abort(); }},
      {"R2", [](Bare& b) { b.fill(), b.wait(1h); }},
      {"user timeout",
       [](Bare& b) {
         b.fill(), b.connection.send(stream(0, 1), {true, false, 1s}), b.wait(1s);
       }},
      {"RST in SYN-SENT",
       [](Bare& b) { b.connection.receive(10), b.arrive(wire::Flags::kRst | wire::Flags::kAck, 0); }},
      {"timeout in SYN-SENT",
       [](Bare& b) { b.connection.receive(10), b.connection.send(stream(0, 9), {}), b.wait(1h); }},
      {"CLOSE in SYN-SENT", [](Bare& b) { b.connection.receive(10), b.connection.close(); }},
      {"RST with RECEIVEs",
       [](Bare& b) {
         b.arrive(wire::Flags::kSyn | wire::Flags::kAck, 300);
         b.connection.receive(10);
         b.connection.receive(10);
         b.arrive(wire::Flags::kRst, 301);
       }},
  };
  for (const Case& c : cases) {
    Bare b;
    c.leave(b);
    ASSERT_TRUE(b.connection.closed()) << c.way << ": " << wire::to_string(b.connection.state());
    EXPECT_EQ(b.connection.check_invariants(), "") << c.way;
    EXPECT_EQ(b.connection.next_deadline(), kNever) << c.way;
    EXPECT_EQ(b.connection.send_pending(), 0u) << c.way;
    EXPECT_EQ(b.connection.receive_pending(), 0u) << c.way;
  }
}

TEST(Invariants, HoldWithEverythingInUse) {
  Bare b;
  b.fill();
  EXPECT_EQ(b.connection.receive_pending(), 10u);
  EXPECT_EQ(b.connection.send_pending(), 5000u);
  EXPECT_EQ(b.connection.check_invariants(), "");
}

TEST(Invariants, ATimeoutThatNobodyServesIsNoticed) {
  Bare b;
  b.fill();
  b.context.now += 1s;
  EXPECT_EQ(b.connection.check_invariants(), "") << "due, but not over";
  b.context.now += 1ns;
  EXPECT_EQ(b.connection.check_invariants(), "connection 1, ESTABLISHED: a timeout was missed");
  b.connection.advance();
  EXPECT_EQ(b.connection.check_invariants(), "");
}

TEST(Invariants, StackForgetsWhatClosed) {
  Talk t;
  t.establish();
  t.receive(10);
  t.send(2000);
  EXPECT_EQ(t.stack.check_invariants(), "");
  EXPECT_EQ(t.segment("<SEQ=301><CTL=RST>"), "[error: connection reset] [connection reset]");
  EXPECT_EQ(t.stack.connection_count(), 0u);
  EXPECT_EQ(t.stack.next_deadline(), kNever);
  EXPECT_EQ(t.stack.check_invariants(), "");
  EXPECT_EQ(t.wait(1h), "");
}

}  // namespace
}  // namespace tcp::testing
