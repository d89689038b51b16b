// What is sent when: segmentation, Nagle, both silly window avoidances, window offers (RFC 9293 3.7.4 and 3.8.6).
#include <algorithm>
#include <utility>

#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"

namespace tcp {

using wire::State;

namespace {

// The states in which text and FIN may leave.
bool sends(State state) {
  switch (state) {
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::SynReceived:
    case State::FinWait2:
    case State::TimeWait: return false;
    case State::Established:
    case State::FinWait1:
    case State::CloseWait:
    case State::Closing:
    case State::LastAck: return true;
  }
  return false;
}

}  // namespace

// The end of every event: whatever may be sent now is sent, an ACK that is due and found no segment to ride on goes
// alone, and the timers of what has to wait are set.
void Connection::output(bool override_sws) {
  if (closed() || tcb_.state == State::Listen) return;
  // A CLOSE that waited for ESTABLISHED (3.10.4, SYN-RECEIVED)
  if (tcb_.state == State::Established && tcb_.fin_queued) tcb_.state = State::FinWait1;
  if (std::exchange(reopened_, false)) reopen_window();
  if (sends(tcb_.state)) {
    if (tcb_.syn_acknowledged) {
      while (send_text(override_sws)) override_sws = false;
    }
    if (tcb_.fin_queued && !tcb_.fin_sent && tcb_.snd_nxt == send_queue_.end()) send_fin();
  }
  if (ack_due_ == AckDue::Now) {
    for (int copies = defects::on(Defect::AckStorm) ? 3000 : 1; copies > 0; --copies) emit_ack();
  }
  wait_to_send();
}

// Sends one segment of new text if the rules let it go.
bool Connection::send_text(bool override_sws) {
  const std::uint32_t length = sendable(override_sws);
  if (length == 0) return false;
  const auto text = send_queue_.view(tcb_.snd_nxt, length);
  const auto seq = tcb_.snd_nxt;
  tcb_.snd_nxt += length;
  const bool fin = tcb_.fin_queued && tcb_.snd_nxt == send_queue_.end();
  emit_from_queue(seq, text, fin);
  if (fin) fin_leaves();
  rto_.time(tcb_.snd_nxt, context_.now);
  return true;
}

// RFC 9293 3.8.6.2.1: how much of the queued text may leave now, in one segment.
std::uint32_t Connection::sendable(bool override_sws) const {
  if (tcb_.fin_sent) return 0;
  const std::int32_t queued = send_queue_.end() - tcb_.snd_nxt;
  std::int32_t usable = tcb_.snd_una + tcb_.snd_wnd - tcb_.snd_nxt;  // negative when the peer shrank its window
  if (defects::on(Defect::PeerWindowIgnored)) usable = std::max(usable, queued);
  if (queued <= 0 || usable <= 0) return 0;
  const auto length = static_cast<std::uint32_t>(std::min(queued, usable));
  if (length >= effective_mss()) return effective_mss();
  // CLOSE implies push, and no more text will come that could be waited for.
  const bool idle = !outstanding() || !nagle_ || tcb_.fin_queued;
  if (idle && queued <= usable) return length;
  if (idle && 2 * length >= tcb_.max_snd_wnd) return length;
  return override_sws ? length : 0;
}

// All preceding SENDs have been segmentized (3.10.4).
void Connection::send_fin() {
  const auto seq = tcb_.snd_nxt;
  fin_leaves();
  emit_from_queue(seq, {}, true);
  rto_.time(tcb_.snd_nxt, context_.now);
}

void Connection::fin_leaves() {
  tcb_.fin_sent = true;
  tcb_.snd_nxt += 1;
  if (tcb_.state == State::CloseWait) {
    tcb_.state = defects::on(Defect::CloseWaitCloseToClosing) ? State::Closing : State::LastAck;
  }
}

// Sends the front of the retransmission queue again: at most `limit` octets of text.
void Connection::resend_front(std::size_t limit) {
  if (!tcb_.syn_acknowledged) {
    const bool synchronizing = tcb_.state != State::SynSent;
    if (synchronizing && defects::on(Defect::SynAckNotRetransmitted)) return;
    emit(synchronizing ? wire::Flags::kSyn | wire::Flags::kAck : wire::Flags::kSyn, tcb_.iss);
    return;
  }
  const auto in_flight = static_cast<std::size_t>(tcb_.snd_nxt - tcb_.snd_una) - (tcb_.fin_sent ? 1 : 0);
  const auto text = send_queue_.view(tcb_.snd_una, std::min<std::size_t>({in_flight, limit, effective_mss()}));
  const bool fin = tcb_.fin_sent && text.size() == in_flight && text.size() < limit;
  if (text.empty() && fin && tcb_.state == State::Closing && defects::on(Defect::ClosingFinNotRetransmitted)) return;
  emit_from_queue(tcb_.snd_una, text, fin);
}

// The window opens again after we probed it: what the peer refused is repackaged with what follows it.
void Connection::reopen_window() {
  const auto room = std::min(tcb_.snd_wnd, effective_mss());
  const auto text = send_queue_.view(tcb_.snd_una, room);
  const auto end = tcb_.snd_una + static_cast<std::uint32_t>(text.size());
  rto_.retransmitted();
  if (tcb_.fin_sent || !wire::after(end, tcb_.snd_nxt)) {
    resend_front(room);
  } else {
    tcb_.snd_nxt = end;
    const bool fin = tcb_.fin_queued && end == send_queue_.end();
    emit_from_queue(tcb_.snd_una, text, fin);
    if (fin) fin_leaves();
  }
  start(kRetransmission, rto_.value());
}

// Sets the timers of what could not be sent or is not acknowledged.
void Connection::wait_to_send() {
  const bool waiting = sends(tcb_.state) && !tcb_.fin_sent && wire::after(send_queue_.end(), tcb_.snd_nxt);
  const bool closed_window = tcb_.snd_wnd == 0;
  if (outstanding() || (waiting && closed_window)) {
    // RFC 6298 5.1; RFC 9293 3.8.6.1: a zero window is first probed after the retransmission timeout.
    if (!running(kRetransmission)) start(kRetransmission, closed_window ? probe_interval() : rto_.value());
  } else if (!defects::on(Defect::TimerNotStopped)) {
    stop(kRetransmission);
  }
  if (waiting && !closed_window && !outstanding()) {
    if (!running(kOverride)) start(kOverride, context_.config.sws_override);
  } else {
    stop(kOverride);
  }
  if (!undelivered()) {
    stop(kUserTimeout);
  } else if (!running(kUserTimeout)) {
    start_user_timeout();
  }
}

// RFC 9293 3.8.6.3: an ACK waits a little, but every second segment of text is acknowledged at once.
void Connection::acknowledge_later() {
  if (++segments_unacknowledged_ >= 2 || context_.config.delayed_ack == Duration::zero()) {
    ack_due_ = AckDue::Now;
  } else if (ack_due_ == AckDue::None) {
    ack_due_ = AckDue::Delayed;
    const Duration late = std::chrono::seconds(1);
    start(kDelayedAck, defects::on(Defect::DelayedAckTooLate) ? late : context_.config.delayed_ack);
  }
}

// RFC 9293 3.8.6.2.2: the right edge stays until it can move by a good deal, and never moves to the left (SHLD-14).
std::uint32_t Connection::window_to_offer() const {
  const std::uint32_t buffer = std::min<std::uint32_t>(context_.config.receive_buffer, 65535);
  const std::uint32_t used = receive_queue_.size();
  const std::uint32_t free = buffer > used ? buffer - used : 0;
  if (free <= tcb_.rcv_wnd) return tcb_.rcv_wnd;
  return free - tcb_.rcv_wnd >= std::min(buffer / 2, effective_mss()) ? free : tcb_.rcv_wnd;
}

}  // namespace tcp
