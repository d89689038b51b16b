// RFC 9293 3.10.7.4, sixth to eighth: urgent data, text and FIN.
#include <algorithm>

#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"

namespace tcp {

using wire::SeqNum;
using wire::State;

namespace {

// Whether the peer's FIN is still to come.
bool receives_text(State state) {
  switch (state) {
    case State::Established:
    case State::FinWait1:
    case State::FinWait2: return true;
    case State::CloseWait: return defects::on(Defect::TextAfterFin);
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::SynReceived:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait: return false;
  }
  return false;
}

}  // namespace

// RFC 9293 3.10.7.4, sixth: check the URG bit. The user is told anew whenever the mark moves forward (3.8.5, MUST-32,
// which is stricter than this step).
void Connection::check_urgent(SeqNum seg_up) {
  if (!receives_text(tcb_.state) || tcb_.fin_received) return;
  if (receive_queue_.set_urgent(seg_up) && !defects::on(Defect::UrgentSignalLost)) signal(SignalKind::UrgentData);
}

// RFC 9293 3.10.7.4, seventh: process the segment text. After a FIN it is ignored.
void Connection::process_text(wire::Segment& segment) {
  trim(segment);  // again: what was held since the SYN may have moved RCV.NXT in the fifth step
  if (segment.text.empty() || !receives_text(tcb_.state)) return;
  if (wire::after(segment.seq, tcb_.rcv_nxt)) {
    // Held until what is before it comes; acknowledged at once, as that tells the peer of the hole (RFC 5681 4.2).
    reassembly_.hold(segment.seq, segment.text, segment.flags.psh());
    ack_due_ = AckDue::Now;
    return;
  }
  if (context_.config.half_duplex_close && tcb_.fin_queued) {
    // The user who has closed does not read any more: the peer is shown that its text was lost (SHLD-3).
    emit(wire::Flags::kRst, tcb_.snd_nxt);
    return fail(SignalKind::ConnectionReset, Answer::ConnectionReset);
  }
  accept_text(segment.text, segment.flags.psh());
  if (segment.flags.fin()) return;  // in order as well, and before all that is held: the peer's stream ends with it
  if (reassembly_.empty()) {
    acknowledge_later();
  } else {
    accept_held_text();
    ack_due_ = AckDue::Now;  // it filled all or part of a gap
  }
}

// Takes responsibility for text that begins at RCV.NXT. The right edge of the window stays where it is.
void Connection::accept_text(std::span<const std::uint8_t> text, bool push) {
  receive_queue_.append(text, push);
  const auto length = static_cast<std::uint32_t>(text.size());
  tcb_.rcv_nxt += length;
  tcb_.rcv_wnd -= std::min(length, tcb_.rcv_wnd);
  complete_receives();
}

// Up to a FIN that was held: text beyond it is void.
void Connection::accept_held_text() {
  while (held_fin_ != tcb_.rcv_nxt) {
    const auto block = reassembly_.pop(tcb_.rcv_nxt);
    if (!block) return;
    if (defects::on(Defect::HeldTextLost)) {
      tcb_.rcv_nxt += static_cast<std::uint32_t>(block->text.size());
      continue;
    }
    accept_text(block->text, block->push);
  }
}

// RFC 9293 3.10.7.4, eighth: check the FIN bit
void Connection::check_fin(const wire::Segment& segment) {
  switch (tcb_.state) {
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::SynReceived: return;
    case State::Established:
    case State::FinWait1:
    case State::FinWait2: break;
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
      // A FIN has been received: a second one changes nothing, and RCV.NXT stays behind the first.
      if (segment.flags.fin()) ack_due_ = AckDue::Now;
      return;
    case State::TimeWait:
      if (!segment.flags.fin()) return;
      if (!defects::on(Defect::TimeWaitFinUnanswered)) ack_due_ = AckDue::Now;
      if (!defects::on(Defect::TimeWaitFinDoesNotRestart)) enter_time_wait();
      return;
  }
  // Segments are processed in the order of SEG.SEQ: text that ran over the place of a held FIN has made it void.
  if (held_fin_ && wire::before(*held_fin_, tcb_.rcv_nxt)) held_fin_.reset();
  if (segment.flags.fin()) {
    // process_text() has moved RCV.NXT over the text, but not over a hole before it.
    const SeqNum fin = segment.seq + static_cast<std::uint32_t>(segment.text.size());
    if (defects::on(Defect::FinBeyondHole) && wire::after(fin, tcb_.rcv_nxt)) return process_fin();
    // Of FINs in several places the first in sequence is reached first, and the others are void then.
    const bool first = !held_fin_ || wire::before(fin, *held_fin_);
    if (first && wire::at_or_after(fin, tcb_.rcv_nxt)) held_fin_ = fin;
    ack_due_ = AckDue::Now;
  }
  if (held_fin_ == tcb_.rcv_nxt) process_fin();
}

// RCV.NXT has reached the peer's FIN.
void Connection::process_fin() {
  held_fin_.reset();
  reassembly_.clear();
  tcb_.fin_received = true;
  tcb_.rcv_nxt += 1;
  if (tcb_.rcv_wnd > 0) --tcb_.rcv_wnd;
  ack_due_ = defects::on(Defect::FinUnanswered) ? AckDue::None : AckDue::Now;
  signal(SignalKind::ConnectionClosing);
  fail_receives(Answer::ConnectionClosing);
  switch (tcb_.state) {
    case State::Established: tcb_.state = State::CloseWait; return;
    case State::FinWait1:
      // Our FIN has not been ACKed: the fifth step would have led to FIN-WAIT-2.
      if (defects::on(Defect::FinWait1FinToTimeWait)) return enter_time_wait();
      tcb_.state = State::Closing;
      return;
    case State::FinWait2: enter_time_wait(); return;
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::SynReceived:
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait: return;
  }
}

}  // namespace tcp
