// RFC 9293 3.10.7.4, first to fourth: what is done with a segment before its ACK field is looked at.
#include <algorithm>

#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"

namespace tcp {

using wire::SeqNum;
using wire::State;

void Connection::arrive_other(wire::Segment& segment) {
  const SeqNum seg_up = segment.seq + segment.urgent_pointer;
  const bool duplicate_ack = is_duplicate_ack(segment);
  if (!check_sequence(segment)) return;
  if (!check_reset(segment)) return;
  // Third, check security: neither security nor compartment is implemented.
  if (!check_syn(segment)) return;
  trim(segment);
  if (duplicate_ack) duplicate_ack_arrived();
  if (!check_ack(segment)) return;
  if (held_fin_ == tcb_.rcv_nxt) process_fin();  // that of the SYN comes before what this segment carries
  if (segment.flags.urg()) check_urgent(seg_up);
  process_text(segment);
  check_fin(segment);
}

// RFC 9293 3.10.7.4, first: check sequence number
bool Connection::check_sequence(wire::Segment& segment) {
  if (acceptable(segment)) return true;
  if (segment.flags.rst()) return defects::on(Defect::RstOutsideWindow);
  if (special_allowance(segment)) return true;
  refuse_sequence(segment);
  return false;
}

// Table 6. A RST is judged by its SEG.SEQ alone (RFC 5961 3), also when the window is zero (MUST-66).
bool Connection::acceptable(const wire::Segment& segment) const {
  const std::uint32_t length = segment.length();
  const auto in_window = [&](SeqNum number) { return wire::in_window(number, tcb_.rcv_nxt, tcb_.rcv_wnd); };
  if (segment.flags.rst()) {
    if (defects::on(Defect::RstUnderZeroWindowIgnored) && tcb_.rcv_wnd == 0) return false;
    return segment.seq == tcb_.rcv_nxt || in_window(segment.seq);
  }
  if (tcb_.rcv_wnd == 0) return length == 0 && segment.seq == tcb_.rcv_nxt;
  if (length == 0) return in_window(segment.seq);
  if (defects::on(Defect::PartialOverlapDropped)) return in_window(segment.seq);
  return in_window(segment.seq) || in_window(segment.seq + (length - 1));
}

// The segments that Table 6 refuses but whose control information counts. True if processing goes on with it.
bool Connection::special_allowance(wire::Segment& segment) {
  if (segment.flags.syn()) {
    // RFC 9293 3.5, Figure 7, line 6: the SYN,ACK of a simultaneous open lies left of the window, but it is needed.
    return tcb_.state == State::SynReceived && !tcb_.passive_open && segment.seq == tcb_.irs && segment.flags.ack() &&
           acceptable_ack(segment.ack);
  }
  if (tcb_.rcv_wnd != 0) return false;
  if (segment.length() > 0 && segment.seq == tcb_.rcv_nxt) {
    // A zero window: valid ACKs and URGs are accepted, text and FIN are not (MUST-66), and the peer learns where we
    // are (RFC 9293 3.8.6.1).
    segment.text.clear();
    segment.flags.bits &= static_cast<std::uint8_t>(~wire::Flags::kFin);
    if (!defects::on(Defect::OutOfWindowUnanswered)) ack_due_ = AckDue::Now;
    return true;
  }
  if (segment.length() == 0 && segment.seq == tcb_.rcv_nxt + 1) {
    // RFC 9293 A.2: the peer's zero-window probe, which we refused, is counted in its SEG.SEQ. When both ends probe
    // at once neither would ever see the other's ACK. Answered as well, but not without end.
    segment.seq = tcb_.rcv_nxt;
    if (probe_throttle_.allow(context_.config, context_.now)) ack_due_ = AckDue::Now;
    return true;
  }
  return false;
}

// An unacceptable segment without RST: answer with an ACK and drop it. This is no challenge, also if it has a SYN: a
// SYN outside the window does not reach the fourth step.
void Connection::refuse_sequence(const wire::Segment& segment) {
  const bool last_fin =
      tcb_.state == State::TimeWait && segment.flags.fin() && segment.seq + segment.length() == tcb_.rcv_nxt;
  if (last_fin && segment.flags.ack() && !segment.flags.syn()) {
    // The only thing that can arrive in TIME-WAIT lies left of the window: the fifth and eighth steps mean this one,
    // which the steps before them would drop for a SYN or for want of an ACK.
    if (!defects::on(Defect::TimeWaitFinDoesNotRestart)) enter_time_wait();
    if (!defects::on(Defect::TimeWaitFinUnanswered)) emit_ack();
    return;
  }
  if (defects::on(Defect::OutOfWindowUnanswered)) return;
  if (defects::on(Defect::ReassemblyUnbounded) && wire::after(segment.seq, tcb_.rcv_nxt)) {
    reassembly_.hold(segment.seq, segment.text, segment.flags.psh());
  }
  emit_ack();
}

// RFC 9293 3.10.7.4, second: check the RST bit
bool Connection::check_reset(const wire::Segment& segment) {
  if (!segment.flags.rst()) return true;
  // Outside the window was dropped in the first step; exactly at RCV.NXT resets; in between is challenged.
  if (segment.seq == tcb_.rcv_nxt || defects::on(Defect::RstInexact) ||
      (defects::on(Defect::RstOutsideWindow) && !acceptable(segment))) {
    reset_received();
  } else if (!defects::on(Defect::RstInexactUnanswered)) {
    emit_challenge_ack();
  }
  return false;
}

void Connection::reset_received() {
  switch (tcb_.state) {
    case State::Closed:
    case State::Listen:
    case State::SynSent: return;
    case State::SynReceived:
      if (!tcb_.passive_open) return fail(SignalKind::ConnectionRefused, Answer::ConnectionRefused);
      if (defects::on(Defect::SynReceivedPassiveRstCloses)) return remove();
      return enter_listen_again();
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait: return fail(SignalKind::ConnectionReset, Answer::ConnectionReset);
    case State::TimeWait:
      if (defects::on(Defect::TimeWaitRstIgnored)) return;
      [[fallthrough]];
    case State::Closing:
    case State::LastAck: return remove();
  }
}

// RFC 9293 3.10.7.4, fourth: check the SYN bit
bool Connection::check_syn(const wire::Segment& segment) {
  if (!segment.flags.syn()) return true;
  if (tcb_.state == State::SynReceived) {
    // A SYN left of the window is trimmed off: it is the one that we have seen.
    if (wire::before(segment.seq, tcb_.rcv_nxt)) return true;
    if (tcb_.passive_open) {
      enter_listen_again();
      return false;
    }
  }
  if (defects::on(Defect::SynResets)) {
    fail(SignalKind::ConnectionReset, Answer::ConnectionReset);
    return false;
  }
  // RFC 5961 4. TIME-WAIT is not reopened (MAY-2). A SYN left of the window comes here if there is text in the window
  // behind it, which would have been acknowledged without it.
  if (wire::before(segment.seq, tcb_.rcv_nxt)) {
    emit_ack();
  } else {
    emit_challenge_ack();
  }
  return false;
}

// "Trimming off any portions that lie outside the window (including SYN and FIN)".
void Connection::trim(wire::Segment& segment) const {
  if (segment.flags.syn() && wire::before(segment.seq, tcb_.rcv_nxt)) {
    segment.flags.bits &= static_cast<std::uint8_t>(~wire::Flags::kSyn);
    segment.seq += 1;
  }
  if (wire::before(segment.seq, tcb_.rcv_nxt)) {
    const auto distance = static_cast<std::size_t>(tcb_.rcv_nxt - segment.seq);
    const std::size_t old = defects::on(Defect::OverlapDeliveredTwice) ? 0 : std::min(distance, segment.text.size());
    segment.text.erase(segment.text.begin(), segment.text.begin() + static_cast<std::ptrdiff_t>(old));
    segment.seq += static_cast<std::uint32_t>(defects::on(Defect::OverlapDeliveredTwice) ? distance : old);
  }
  const auto offset = static_cast<std::uint32_t>(segment.seq - tcb_.rcv_nxt);
  const std::size_t room = tcb_.rcv_wnd > offset ? tcb_.rcv_wnd - offset : 0;
  if (segment.text.size() >= room && !defects::on(Defect::TextPastWindow)) {
    // A FIN lies behind the text, and so just past the edge when the text fills the window.
    segment.flags.bits &= static_cast<std::uint8_t>(~wire::Flags::kFin);
    segment.text.resize(room);
  }
}

}  // namespace tcp
