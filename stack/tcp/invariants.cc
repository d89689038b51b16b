// What holds between any two events, whatever arrived: a cheap check of one connection and of the whole stack.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "stack/tcp/connection.h"
#include "stack/tcp/stack.h"

namespace tcp {

using wire::State;

std::string Connection::check_invariants() const {
  std::string_view violation;
  switch (tcb_.state) {
    case State::Closed: violation = check_closed(); break;
    case State::Listen:  // there are no sequence variables yet
      violation = check_timers();
      if (violation.empty()) violation = check_bounds();
      break;
    case State::SynSent:
    case State::SynReceived:
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait:
      violation = check_timers();
      if (violation.empty()) violation = check_bounds();
      if (violation.empty()) violation = check_send_sequence();
      if (violation.empty()) violation = check_receive_sequence();
      if (violation.empty()) violation = check_fins();
      break;
  }
  if (violation.empty()) return {};
  return "connection " + std::to_string(id_) + ", " + std::string(wire::to_string(tcb_.state)) + ": " +
         std::string(violation);
}

// RFC 9293 3.10.5, 3.10.7.4, 3.10.8: all queues are flushed and the TCB is deleted.
std::string_view Connection::check_closed() const {
  if (next_deadline() != kNever) return "a timer still runs";
  if (ack_due_ != AckDue::None) return "an ACK is still due";
  if (!send_queue_.empty()) return "text is left in the send queue";
  if (!receive_queue_.empty()) return "text is left in the receive queue";
  if (!reassembly_.empty()) return "text is left that was held beyond a hole";
  if (held_fin_ || held_urgent_) return "a control is left that was held";
  if (!receives_.empty()) return "a queued RECEIVE was never answered";
  return {};
}

// There is one deadline for each kind of timer by construction; here is which of them may run, and which must.
std::string_view Connection::check_timers() const {
  if (next_deadline() < context_.now) return "a timeout was missed";
  if (ack_due_ == AckDue::Now) return "an ACK was due at once and not sent";
  if ((ack_due_ == AckDue::Delayed) != running(kDelayedAck)) return "the delayed ACK and its timer disagree";
  if ((tcb_.state == State::TimeWait) != running(kTimeWait)) return "the time-wait timer belongs to TIME-WAIT";
  if (undelivered() != running(kUserTimeout)) return "the user timeout runs while something is not delivered";
  const bool others = running(kRetransmission) || running(kOverride) || running(kDelayedAck);
  if (tcb_.state == State::TimeWait || tcb_.state == State::Listen) {
    return others ? "a timer runs that the state has no use for" : "";
  }
  if (outstanding() && !running(kRetransmission)) return "something is outstanding without a retransmission timer";
  if (!undelivered() && (running(kRetransmission) || running(kOverride))) return "a timer runs for nothing to send";
  return {};
}

// Nothing that a peer or a user can add to grows without end. Octets held beyond a hole are bounded by the window.
std::string_view Connection::check_bounds() const {
  if (send_queue_.size() > context_.config.send_buffer) return "the send queue is larger than its buffer";
  if (receives_.size() > context_.config.max_queued_receives) return "more RECEIVEs wait than may";
  if (reassembly_.blocks().size() > Reassembly::kMaxBlocks) return "more blocks of text are held than may be";
  return {};
}

// RFC 9293 3.4: SND.UNA =< SND.NXT, and the send queue lies where they say.
std::string_view Connection::check_send_sequence() const {
  if (wire::after(tcb_.snd_una, tcb_.snd_nxt)) return "SND.UNA > SND.NXT";
  if (!tcb_.syn_acknowledged && tcb_.snd_una != tcb_.iss) return "SND.UNA passed a SYN that is not acknowledged";
  const auto control =
      static_cast<std::int32_t>(!tcb_.syn_acknowledged) - static_cast<std::int32_t>(tcb_.fin_acknowledged);
  if (send_queue_.begin() - tcb_.snd_una != control) return "the send queue does not begin at SND.UNA";
  const std::int32_t unsent = send_queue_.end() - tcb_.snd_nxt;
  if (tcb_.fin_sent ? unsent != -1 : unsent < 0) return "SND.NXT is beyond what there was to send";
  if (tcb_.snd_wnd > tcb_.max_snd_wnd) return "SND.WND is larger than the largest window that was offered";
  const auto& urgent = send_queue_.urgent();
  if (urgent && !(wire::after(*urgent, send_queue_.begin()) && wire::at_or_before(*urgent, send_queue_.end()))) {
    return "SND.UP lies outside the send queue";
  }
  return {};
}

// RCV.NXT follows what is on hand, and all that is held lies between it and the right edge of the window.
std::string_view Connection::check_receive_sequence() const {
  const std::uint32_t buffer = std::min<std::uint32_t>(context_.config.receive_buffer, 65535);
  if (receive_queue_.size() > buffer || tcb_.rcv_wnd > buffer - receive_queue_.size()) {
    return "more is offered and on hand than the receive buffer holds";
  }
  if (tcb_.state == State::SynSent) return {};
  const std::int32_t control = tcb_.fin_received ? 1 : 0;
  if (tcb_.rcv_nxt - (receive_queue_.begin() + receive_queue_.size()) != control) {
    return "RCV.NXT does not follow the text on hand";
  }
  if (!receives_.empty() && (!receive_queue_.empty() || tcb_.fin_received)) return "a RECEIVE waits for nothing";
  if (reassembly_.empty()) return {};
  // What came with the SYN begins at RCV.NXT itself, until the connection is established.
  const auto first = reassembly_.blocks().front().seq - tcb_.rcv_nxt;
  if (first < (tcb_.syn_acknowledged ? 1 : 0)) return "text is held that is due to the user";
  const auto last = reassembly_.blocks().back().end() - tcb_.rcv_nxt;
  if (last < 0 || static_cast<std::uint32_t>(last) > tcb_.rcv_wnd) return "text is held beyond the window";
  return {};
}

// What each state says of the two FINs (RFC 9293 3.3.2, Figure 5).
std::string_view Connection::check_fins() const {
  if (tcb_.fin_acknowledged && !tcb_.fin_sent) return "a FIN is acknowledged that was not sent";
  if (tcb_.fin_sent && !tcb_.fin_queued) return "a FIN was sent that nobody asked for";
  const auto in = [&](std::initializer_list<State> states) {
    return std::find(states.begin(), states.end(), tcb_.state) != states.end();
  };
  if (tcb_.fin_received != in({State::CloseWait, State::Closing, State::LastAck, State::TimeWait})) {
    return "the state and the peer's FIN disagree";
  }
  if (tcb_.fin_acknowledged != in({State::FinWait2, State::TimeWait}))
    return "the state and the ACK of our FIN disagree";
  if (in({State::FinWait1, State::Closing}) && !tcb_.fin_queued) return "CLOSE was never called";
  if (in({State::LastAck}) != (tcb_.fin_sent && tcb_.fin_received && !in({State::Closing, State::TimeWait}))) {
    return "LAST-ACK and the FIN that leads to it disagree";
  }
  if (in({State::SynSent, State::Established}) && tcb_.fin_queued) return "a CLOSE has not changed the state";
  return {};
}

std::string Stack::check_invariants() const {
  if (!violation_.empty()) return violation_;
  if (entries_.size() > context_.config.max_connections) return "there are more connections than may be";
  for (const Entry& entry : entries_) {
    std::string violation = entry.connection->check_invariants();
    if (!violation.empty()) return violation;
    if (const std::string_view wrong = check_entry(entry); !wrong.empty()) {
      return "connection " + std::to_string(entry.connection->id()) + ": " + std::string(wrong);
    }
  }
  return {};
}

// What the stack notes of a connection is what the connection says.
std::string_view Stack::check_entry(const Entry& entry) {
  const Connection& connection = *entry.connection;
  if (connection.closed()) return "kept after CLOSED";
  if (entry.deadline != connection.next_deadline()) return "the stack has an old deadline of it";
  const Tcb& tcb = connection.tcb();
  if (entry.ports != ports_of(tcb.local_port, tcb.remote ? tcb.remote->port : std::uint16_t{0})) {
    return "the stack has old ports of it";
  }
  return {};
}

}  // namespace tcp
