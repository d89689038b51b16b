// RFC 9293 3.10.7.4, fifth: check the ACK field.
#include <algorithm>
#include <utility>

#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"
#include "stack/tcp/reset.h"

namespace tcp {

using wire::SeqNum;
using wire::State;

bool Connection::check_ack(const wire::Segment& segment) {
  if (!segment.flags.ack()) return defects::on(Defect::AcklessTextAccepted) && tcb_.state != State::SynReceived;
  if (tcb_.state == State::SynReceived) return check_ack_in_syn_received(segment);
  return check_ack_synchronized(segment) && check_ack_of_fin();
}

// RFC 9293 3.4: SND.UNA < SEG.ACK =< SND.NXT
bool Connection::acceptable_ack(SeqNum ack) const {
  if (defects::on(Defect::ComparisonDoesNotWrap)) {
    return tcb_.snd_una.raw() < ack.raw() && ack.raw() <= tcb_.snd_nxt.raw();
  }
  return wire::after(ack, tcb_.snd_una) && wire::at_or_before(ack, tcb_.snd_nxt);
}

// SYN-RECEIVED. The range check of RFC 5961 does not come before this: 3.5.2 wants a RST for an unacceptable ACK in
// every non-synchronized state.
bool Connection::check_ack_in_syn_received(const wire::Segment& segment) {
  if (!acceptable_ack(segment.ack)) {
    if (!defects::on(Defect::SynReceivedBadAckUnanswered)) {
      emit_reset_for(context_, segment, tcb_.local(), *tcb_.remote);
    }
    return false;
  }
  enter_established();
  acknowledge(segment.ack);
  set_window(segment);
  process_held();
  return true;
}

// ESTABLISHED, and in addition to its own every later state
bool Connection::check_ack_synchronized(const wire::Segment& segment) {
  // RFC 5961 5: (SND.UNA - MAX.SND.WND) =< SEG.ACK =< SND.NXT
  const SeqNum lowest = tcb_.snd_una - tcb_.max_snd_wnd;
  const auto range = static_cast<std::uint32_t>(tcb_.snd_nxt - lowest) + 1;
  if (!wire::in_window(segment.ack, lowest, range)) {
    if (defects::on(Defect::AckBeyondSndNxt) && wire::after(segment.ack, tcb_.snd_nxt)) {
      if (outstanding()) acknowledge(tcb_.snd_nxt);
      set_window(segment);
      return true;
    }
    if (defects::on(Defect::AckMovesUnaBeyondNxt) && wire::after(segment.ack, tcb_.snd_nxt)) tcb_.snd_una = segment.ack;
    if (!defects::on(Defect::LastAckBadAckUnanswered) || tcb_.state != State::LastAck) emit_ack();
    return defects::on(Defect::AckBeyondSndNxtDelivers) && wire::after(segment.ack, tcb_.snd_nxt);
  }
  if (acceptable_ack(segment.ack)) {
    const bool first = !tcb_.syn_acknowledged;  // a CLOSE in SYN-RECEIVED left before ESTABLISHED
    acknowledge(segment.ack);
    if (first) process_held();
  } else if (defects::on(Defect::DuplicateAckRestartsTimer) && outstanding()) {
    start(kRetransmission, rto_.value());
  }
  if (defects::on(Defect::AcksAnswered)) ack_due_ = AckDue::Now;
  // RFC 9293 3.8.6: an ACK under a closed or shrunk window is no failure, however long it lasts (MUST-37, SHLD-17); nor
  // is the one that opens it, and what leaves then has not been sent in vain yet.
  const bool held_back = window_holds_back();
  if (segment.ack == tcb_.snd_una) update_window(segment);
  if (tcb_.syn_acknowledged && (held_back || window_holds_back())) progress();
  return true;
}

// SND.UNA <- SEG.ACK; what is thereby acknowledged leaves the retransmission queue.
void Connection::acknowledge(SeqNum ack) {
  // RFC 6298 5.7: a SYN that had to be sent again
  if (!tcb_.syn_acknowledged && retransmissions_ > 0) rto_.handshake_was_slow();
  tcb_.snd_una = ack;
  tcb_.syn_acknowledged = true;
  if (tcb_.fin_sent && ack == tcb_.snd_nxt) tcb_.fin_acknowledged = true;
  send_queue_.acknowledge(ack);
  rto_.acknowledged(ack, context_.now);
  fast_retransmit_.acknowledged(ack);
  progress();
  // RFC 6298 5.2 and 5.3
  if (outstanding()) {
    start(kRetransmission, tcb_.snd_wnd == 0 ? probe_interval() : rto_.value());
  } else {
    front_probed_ = false;
    if (!defects::on(Defect::TimerNotStopped)) stop(kRetransmission);
  }
}

// The check of SND.WL1 and SND.WL2 prevents using old segments to update the window.
void Connection::update_window(const wire::Segment& segment) {
  const bool newer = wire::before(tcb_.snd_wl1, segment.seq) ||
                     (tcb_.snd_wl1 == segment.seq && wire::at_or_before(tcb_.snd_wl2, segment.ack));
  if (newer || defects::on(Defect::OldSegmentUpdatesWindow)) set_window(segment);
}

void Connection::set_window(const wire::Segment& segment) {
  const bool was_closed = tcb_.snd_wnd == 0;
  tcb_.snd_wnd = segment.wnd;
  tcb_.max_snd_wnd = std::max(tcb_.max_snd_wnd, tcb_.snd_wnd);
  tcb_.snd_wl1 = segment.seq;
  // A bare SYN acknowledges nothing: every ACK that can come is as new as our ISS.
  tcb_.snd_wl2 = segment.flags.ack() ? segment.ack : tcb_.iss;
  if (!was_closed || tcb_.snd_wnd == 0) return;
  probes_ = 0;
  // The timer that was to probe has nothing to time any more: what leaves now starts it anew (RFC 6298 5.1).
  if (!outstanding()) stop(kRetransmission);
  // The peer refused what we probed with: it need not wait for another timeout now that there is room for it.
  reopened_ = std::exchange(front_probed_, false);
}

// What the acknowledgment of our FIN means; false if the segment is to be ignored from here on.
bool Connection::check_ack_of_fin() {
  switch (tcb_.state) {
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::SynReceived:
    case State::Established:
    case State::CloseWait:
    case State::FinWait2:
    case State::TimeWait: return true;
    case State::FinWait1:
      if (tcb_.fin_acknowledged ||
          (defects::on(Defect::FinWait1AnyAckToFinWait2) && wire::after(tcb_.snd_una, tcb_.iss)) ||
          (defects::on(Defect::FinWait1SynAckToFinWait2) && tcb_.snd_una == tcb_.iss + 1) ||
          (defects::on(Defect::FinWait1TextAckToFinWait2) && tcb_.fin_sent && tcb_.snd_una == tcb_.snd_nxt - 1)) {
        tcb_.state = State::FinWait2;
        signal(SignalKind::CloseDone);
      }
      return true;
    case State::Closing:
      if (!tcb_.fin_acknowledged) return false;
      signal(SignalKind::CloseDone);
      enter_time_wait();
      return true;
    case State::LastAck:
      if (!tcb_.fin_acknowledged || defects::on(Defect::LastAckIgnoresAckOfFin)) return true;
      signal(SignalKind::CloseDone);
      remove();
      return false;
  }
  return true;
}

}  // namespace tcp
