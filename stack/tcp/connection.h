// Connection owns one TCB and what RFC 9293 3.10 does with it on each event. It has no I/O and no clock of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stack/tcp/context.h"
#include "stack/tcp/fast_retransmit.h"
#include "stack/tcp/reassembly.h"
#include "stack/tcp/receive_queue.h"
#include "stack/tcp/rto.h"
#include "stack/tcp/send_queue.h"
#include "stack/tcp/tcb.h"
#include "stack/tcp/throttle.h"
#include "stack/wire/segment.h"

namespace tcp {

// Each public function is one event. What it sends and signals goes to the context's outputs. When it leaves the
// state CLOSED the TCB is deleted: the owner drops the object. The context outlives it.
//
// Where things are: user_calls.cc (3.10.1-3.10.6), arrive_listen.cc (3.10.7.2), arrive_syn_sent.cc (3.10.7.3),
// arrive_sequence.cc (3.10.7.4, first to fourth), arrive_ack.cc (fifth), arrive_text.cc (sixth to eighth),
// timeouts.cc (3.10.8), send.cc (segmentation and windows), emit.cc (one segment), fast_retransmit.cc (RFC 5681 3.2),
// invariants.cc. Of what is still to come, window scale, timestamps and SACK are negotiated where take_mss() is called
// and written in emit(); a congestion window is one more bound in sendable(), kept by FastRetransmit.
class Connection {
 public:
  Connection(ConnectionId id, Context& context) : id_(id), context_(context), rto_(context.config) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  ConnectionId id() const { return id_; }
  const Tcb& tcb() const { return tcb_; }
  wire::State state() const { return tcb_.state; }
  bool closed() const { return tcb_.state == wire::State::Closed; }
  // Octets of text that wait: for the user's RECEIVE, for the peer's acknowledgment.
  std::size_t receive_pending() const { return receive_queue_.size(); }
  std::size_t send_pending() const { return send_queue_.size(); }
  Duration rto() const { return rto_.value(); }

  // OPEN of a new record: the local socket is filled in by the owner.
  void open(const OpenCall& call, const Socket& local, bool local_address_specified);
  // OPEN that speaks of this connection (3.10.1, LISTEN and later states).
  Answer reopen(const OpenCall& call);
  Answer send(std::span<const std::uint8_t> text, const SendCall& call);
  Reply receive(std::size_t length);
  Answer close();
  Answer abort();
  Reply status() const;
  void set_nagle(bool nagle) {
    nagle_ = nagle;
    output();
  }
  void set_diffserv(std::uint8_t diffserv) { diffserv_ = diffserv; }

  // SEGMENT ARRIVES. The addresses are the datagram's: `remote` sent it to `local`.
  void arrive(wire::Segment& segment, const Socket& local, const Socket& remote);

  // The earliest timeout; kNever when no timer runs.
  Time next_deadline() const;
  // Serves the timeouts that are due at the context's now.
  void advance();

  // The first thing found wrong with this connection between two events, in words; empty if nothing is. Its cost does
  // not depend on what is queued.
  std::string check_invariants() const;

 private:
  friend struct Tamper;  // breaks the invariants, to prove that the check of them can fail

  enum Timer : std::uint8_t { kRetransmission, kDelayedAck, kTimeWait, kUserTimeout, kOverride, kTimers };
  enum class AckDue : std::uint8_t { None, Delayed, Now };

  // user_calls.cc
  bool take_close();
  bool loses_text_on_close() const;
  Answer close_with_reset();
  void complete_receives();
  Reply deliver(std::size_t length);

  // connection.cc: life of the connection
  void send_syn();
  void start_receiving(wire::SeqNum irs);
  void enter_listen_again();
  void enter_established();
  void enter_time_wait();
  void remove();
  void fail(SignalKind signal, Answer pending);
  void signal(SignalKind kind);
  void fail_receives(Answer answer);
  void take_mss(const wire::Segment& segment);
  std::uint32_t effective_mss() const;

  // SEGMENT ARRIVES: a step returns whether processing goes on.
  void arrive_listen(wire::Segment& segment, const Socket& local, const Socket& remote);
  void hold_from_syn(const wire::Segment& segment);
  void process_held();
  void arrive_syn_sent(wire::Segment& segment);
  bool check_ack_in_syn_sent(const wire::Segment& segment);
  void synchronize(wire::Segment& segment);
  void arrive_other(wire::Segment& segment);
  bool check_sequence(wire::Segment& segment);
  bool acceptable(const wire::Segment& segment) const;
  bool special_allowance(wire::Segment& segment);
  void refuse_sequence(const wire::Segment& segment);
  bool check_reset(const wire::Segment& segment);
  void reset_received();
  bool check_syn(const wire::Segment& segment);
  void trim(wire::Segment& segment) const;
  bool check_ack(const wire::Segment& segment);
  bool check_ack_in_syn_received(const wire::Segment& segment);
  bool check_ack_synchronized(const wire::Segment& segment);
  bool acceptable_ack(wire::SeqNum ack) const;
  void acknowledge(wire::SeqNum ack);
  void update_window(const wire::Segment& segment);
  void set_window(const wire::Segment& segment);
  bool check_ack_of_fin();
  void check_urgent(wire::SeqNum seg_up);
  void process_text(wire::Segment& segment);
  void accept_text(std::span<const std::uint8_t> text, bool push);
  void accept_held_text();
  void check_fin(const wire::Segment& segment);
  void process_fin();

  // fast_retransmit.cc
  bool is_duplicate_ack(const wire::Segment& segment) const;
  void duplicate_ack_arrived();

  // invariants.cc: what is violated, or nothing
  std::string_view check_closed() const;
  std::string_view check_timers() const;
  std::string_view check_bounds() const;
  std::string_view check_send_sequence() const;
  std::string_view check_receive_sequence() const;
  std::string_view check_fins() const;

  // timeouts.cc
  void retransmission_timeout();
  void probe();
  Duration probe_interval() const;
  void retransmit();
  void abort_after_timeout();
  bool given_up() const;
  Time& deadline(Timer timer) { return deadlines_[timer]; }
  Time deadline(Timer timer) const { return deadlines_[timer]; }
  void start(Timer timer, Duration after) { deadlines_[timer] = context_.now + after; }
  void stop(Timer timer) { deadlines_[timer] = kNever; }
  bool running(Timer timer) const { return deadlines_[timer] != kNever; }
  void progress();
  void start_user_timeout();
  bool window_holds_back() const { return tcb_.snd_wnd == 0 || wire::after(tcb_.snd_nxt, tcb_.snd_una + tcb_.snd_wnd); }
  bool outstanding() const { return tcb_.snd_una != tcb_.snd_nxt; }
  bool undelivered() const;

  // send.cc
  void output(bool override_sws = false);
  bool send_text(bool override_sws);
  std::uint32_t sendable(bool override_sws) const;
  void send_fin();
  void fin_leaves();
  void reopen_window();
  void resend_front(std::size_t limit);
  void wait_to_send();
  void acknowledge_later();
  std::uint32_t window_to_offer() const;

  // emit.cc
  void emit(std::uint8_t flags, wire::SeqNum seq, std::span<const std::uint8_t> text = {});
  void emit_from_queue(wire::SeqNum seq, std::span<const std::uint8_t> text, bool fin);
  void emit_ack();
  void emit_challenge_ack();

  const ConnectionId id_;
  Context& context_;
  Tcb tcb_;
  SendQueue send_queue_;
  ReceiveQueue receive_queue_;
  Reassembly reassembly_;
  std::optional<wire::SeqNum> held_fin_;     // a FIN that arrived beyond a hole or on a SYN
  std::optional<wire::SeqNum> held_urgent_;  // an urgent pointer that arrived on a SYN
  std::vector<std::size_t> receives_;        // lengths of the queued RECEIVEs
  Rto rto_;
  FastRetransmit fast_retransmit_;
  Throttle throttle_;        // of challenge ACKs
  Throttle probe_throttle_;  // of ACKs that answer ACKs while both windows are closed
  std::array<Time, kTimers> deadlines_{kNever, kNever, kNever, kNever, kNever};
  std::optional<Socket> open_remote_;  // as OPEN gave them, for the way back to LISTEN
  std::optional<codec::IpAddress> open_address_;
  std::optional<Duration> user_timeout_;  // set by the user: takes the place of R2
  std::optional<Time> tried_since_;       // when the front was first sent since the peer last took something
  unsigned retransmissions_ = 0;          // of the front since then, probes included
  unsigned probes_ = 0;                   // into the window that is closed now
  unsigned segments_unacknowledged_ = 0;  // segments of text since our last ACK
  AckDue ack_due_ = AckDue::None;
  bool front_probed_ = false;  // what is outstanding has gone out as a probe of a closed window
  bool reopened_ = false;      // the window that refused it is open again
  bool nagle_ = true;
  std::uint8_t diffserv_ = 0;
};

}  // namespace tcp
