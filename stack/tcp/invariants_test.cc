// What a connection leaves behind when it closes. Talk makes the same check after every event of every other test.
#include <gtest/gtest.h>

#include <functional>

#include "stack/tcp/bare_testing.h"
#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

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
