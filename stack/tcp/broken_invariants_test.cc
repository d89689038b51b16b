// Every invariant can fail: each is broken once, from inside, and named.
#include <gtest/gtest.h>

#include <ostream>

#include "stack/tcp/bare_testing.h"
#include "stack/tcp/talk_testing.h"

namespace tcp {

using wire::State;

// What no event should ever do.
struct Tamper {
  Connection& c;
  Context& context;
  Tcb& tcb = c.tcb_;

  void append(std::size_t length, bool urgent = false) {
    c.send_queue_.append(testing::stream(0, length), false, urgent);
  }
  void hold(std::uint32_t beyond) { c.reassembly_.hold(tcb.rcv_nxt + beyond, testing::stream(0, 1), false); }
  void run_timers_of_data() {
    c.start(Connection::kRetransmission, testing::host_config().initial_rto);
    c.start(Connection::kUserTimeout, testing::host_config().user_timeout);
  }

  // after CLOSED
  static void timer_left(Tamper t) { t.c.start(Connection::kUserTimeout, Duration(1)); }
  static void ack_left(Tamper t) { t.c.ack_due_ = Connection::AckDue::Now; }
  static void text_left(Tamper t) { t.append(1); }
  static void unread_left(Tamper t) { t.c.receive_queue_.append(testing::stream(0, 1), false); }
  static void held_left(Tamper t) { t.hold(1); }
  static void control_left(Tamper t) { t.c.held_fin_ = t.tcb.rcv_nxt; }
  static void receive_left(Tamper t) { t.c.receives_.push_back(1); }

  // timers
  static void ack_forgotten(Tamper t) { t.c.ack_due_ = Connection::AckDue::Now; }
  static void ack_timer(Tamper t) { t.c.start(Connection::kDelayedAck, Duration(1)); }
  static void time_wait_timer(Tamper t) { t.c.start(Connection::kTimeWait, Duration(1)); }
  static void no_user_timeout(Tamper t) { t.c.stop(Connection::kUserTimeout); }
  static void no_retransmission(Tamper t) { t.c.stop(Connection::kRetransmission); }
  static void retransmission_of_nothing(Tamper t) { t.c.start(Connection::kRetransmission, Duration(1)); }
  static void timer_in_time_wait(Tamper t) {
    t.c.enter_time_wait();
    t.c.start(Connection::kOverride, Duration(1));
  }

  // bounds
  static void send_more(Tamper t) { t.append(t.context.config.send_buffer); }
  static void receive_more(Tamper t) { t.c.receives_.assign(t.context.config.max_queued_receives + 1, 1); }
  static void hold_more(Tamper t) { t.c.reassembly_.blocks_.resize(Reassembly::kMaxBlocks + 1); }

  // send sequence
  static void una_beyond_nxt(Tamper t) { t.tcb.snd_una = t.tcb.snd_nxt + 1; }
  static void una_beyond_syn(Tamper t) {
    t.tcb.snd_nxt += 1;
    t.tcb.snd_una += 1;
  }
  static void una_moves(Tamper t) { t.tcb.snd_una += 1; }
  static void nxt_moves(Tamper t) { t.tcb.snd_nxt += 100000; }
  static void window_was_smaller(Tamper t) { t.tcb.max_snd_wnd = 0; }
  static void urgent_text_vanishes(Tamper t) { t.c.send_queue_.truncate(t.tcb.snd_nxt); }

  // receive sequence
  static void offer_more(Tamper t) { t.tcb.rcv_wnd = 65535; }
  static void nxt_skips(Tamper t) { t.tcb.rcv_nxt += 1; }
  static void receive_waits(Tamper t) { t.c.receives_.push_back(1); }
  static void hold_what_is_due(Tamper t) { t.hold(0); }
  static void hold_beyond_window(Tamper t) { t.hold(t.tcb.rcv_wnd); }

  // FINs
  static void fin_acknowledged(Tamper t) {
    t.tcb.fin_acknowledged = true;
    t.c.send_queue_.rebase(t.tcb.snd_una - 1);
  }
  static void fin_sent(Tamper t) {
    t.tcb.fin_sent = true;
    t.tcb.snd_nxt += 1;
    t.run_timers_of_data();
  }
  static void fin_received(Tamper t) {
    t.tcb.fin_received = true;
    t.tcb.rcv_nxt += 1;
  }
  static void fin_wait_2(Tamper t) { t.tcb.state = State::FinWait2; }
  static void fin_wait_1(Tamper t) { t.tcb.state = State::FinWait1; }
  static void last_ack(Tamper t) {
    fin_received(t);
    t.tcb.state = State::LastAck;
  }
  static void fin_queued(Tamper t) {
    t.tcb.fin_queued = true;
    t.run_timers_of_data();
  }

  // the stack's own notes
  static void more_connections(Stack& stack) { stack.entries_.resize(stack.context_.config.max_connections + 1); }
  static void closed_unseen(Stack& stack) { stack.entries_[0].connection->abort(); }
  static void old_deadline(Stack& stack) { stack.entries_[0].deadline = Time(1); }
  static void old_ports(Stack& stack) { stack.entries_[0].ports = 0; }
  static void receive_in_time_wait(Stack& stack) {
    stack.entries_[0].connection->tcb_.fin_received = true;
    stack.entries_[0].connection->enter_time_wait();
    stack.entries_[0].connection->receives_.push_back(1);
    stack.refresh(stack.entries_[0]);
  }
};

namespace testing {
namespace {

enum class From { SynSent, Idle, InUse, Closed };

struct Breach {
  From from;
  void (*tamper)(Tamper);
  const char* words;
};
void PrintTo(const Breach& breach, std::ostream* out) { *out << breach.words; }

class Broken : public ::testing::TestWithParam<Breach> {};

TEST_P(Broken, IsNamed) {
  Bare b;
  switch (GetParam().from) {
    case From::SynSent: break;
    case From::Idle: b.arrive(wire::Flags::kSyn | wire::Flags::kAck, 300); break;
    case From::InUse: b.fill(); break;
    case From::Closed:
      b.fill();
      b.connection.abort();
      break;
  }
  ASSERT_EQ(b.connection.check_invariants(), "");
  GetParam().tamper({b.connection, b.context});
  const std::string state(wire::to_string(b.connection.state()));
  EXPECT_EQ(b.connection.check_invariants(), "connection 1, " + state + ": " + GetParam().words);
}

const Breach kBreaches[] = {
    {From::Closed, Tamper::timer_left, "a timer still runs"},
    {From::Closed, Tamper::ack_left, "an ACK is still due"},
    {From::Closed, Tamper::text_left, "text is left in the send queue"},
    {From::Closed, Tamper::unread_left, "text is left in the receive queue"},
    {From::Closed, Tamper::held_left, "text is left that was held beyond a hole"},
    {From::Closed, Tamper::control_left, "a control is left that was held"},
    {From::Closed, Tamper::receive_left, "a queued RECEIVE was never answered"},
    {From::InUse, Tamper::ack_forgotten, "an ACK was due at once and not sent"},
    {From::Idle, Tamper::ack_timer, "the delayed ACK and its timer disagree"},
    {From::Idle, Tamper::time_wait_timer, "the time-wait timer belongs to TIME-WAIT"},
    {From::InUse, Tamper::no_user_timeout, "the user timeout runs while something is not delivered"},
    {From::InUse, Tamper::no_retransmission, "something is outstanding without a retransmission timer"},
    {From::Idle, Tamper::retransmission_of_nothing, "a timer runs for nothing to send"},
    {From::Idle, Tamper::timer_in_time_wait, "a timer runs that the state has no use for"},
    {From::InUse, Tamper::send_more, "the send queue is larger than its buffer"},
    {From::Idle, Tamper::receive_more, "more RECEIVEs wait than may"},
    {From::InUse, Tamper::hold_more, "more blocks of text are held than may be"},
    {From::InUse, Tamper::una_beyond_nxt, "SND.UNA > SND.NXT"},
    {From::SynSent, Tamper::una_beyond_syn, "SND.UNA passed a SYN that is not acknowledged"},
    {From::InUse, Tamper::una_moves, "the send queue does not begin at SND.UNA"},
    {From::InUse, Tamper::nxt_moves, "SND.NXT is beyond what there was to send"},
    {From::InUse, Tamper::window_was_smaller, "SND.WND is larger than the largest window that was offered"},
    {From::InUse, Tamper::urgent_text_vanishes, "SND.UP lies outside the send queue"},
    {From::InUse, Tamper::offer_more, "more is offered and on hand than the receive buffer holds"},
    {From::InUse, Tamper::nxt_skips, "RCV.NXT does not follow the text on hand"},
    {From::InUse, Tamper::receive_waits, "a RECEIVE waits for nothing"},
    {From::InUse, Tamper::hold_what_is_due, "text is held that is due to the user"},
    {From::InUse, Tamper::hold_beyond_window, "text is held beyond the window"},
    {From::InUse, Tamper::fin_acknowledged, "a FIN is acknowledged that was not sent"},
    {From::Idle, Tamper::fin_sent, "a FIN was sent that nobody asked for"},
    {From::Idle, Tamper::fin_received, "the state and the peer's FIN disagree"},
    {From::Idle, Tamper::fin_wait_2, "the state and the ACK of our FIN disagree"},
    {From::Idle, Tamper::fin_wait_1, "CLOSE was never called"},
    {From::Idle, Tamper::last_ack, "LAST-ACK and the FIN that leads to it disagree"},
    {From::Idle, Tamper::fin_queued, "a CLOSE has not changed the state"},
};

INSTANTIATE_TEST_SUITE_P(Invariant, Broken, ::testing::ValuesIn(kBreaches));

std::string after(void (*tamper)(Stack&), Duration wait = {}) {
  Config config = host_config();
  config.max_connections = 1;
  Talk t(config);
  t.establish();
  EXPECT_EQ(t.stack.check_invariants(), "");
  tamper(t.stack);
  t.stack.advance(t.stack.now() + wait);
  return t.stack.check_invariants();
}

TEST(BrokenStack, IsNamed) {
  EXPECT_EQ(after(Tamper::more_connections), "there are more connections than may be");
  EXPECT_EQ(after(Tamper::closed_unseen), "connection 1: kept after CLOSED");
  EXPECT_EQ(after(Tamper::old_deadline), "connection 1: the stack has an old deadline of it");
  EXPECT_EQ(after(Tamper::old_ports), "connection 1: the stack has old ports of it");
}

TEST(BrokenStack, RemembersWhatClosed) {
  EXPECT_EQ(after(Tamper::receive_in_time_wait, std::chrono::hours(1)),
            "connection 1, CLOSED: a queued RECEIVE was never answered");
}

}  // namespace
}  // namespace testing
}  // namespace tcp
