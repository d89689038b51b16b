// RFC 5681 3.2, to which RFC 9293 3.8.2 refers: retransmission without waiting for the timer.
#include "stack/tcp/fast_retransmit.h"

#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"

namespace tcp {

bool FastRetransmit::duplicate(wire::SeqNum snd_nxt) {
  if (duplicates_ == kThreshold || ++duplicates_ < kThreshold || recovery_point_) return false;
  recovery_point_ = snd_nxt;
  return true;
}

void FastRetransmit::acknowledged(wire::SeqNum ack) {
  duplicates_ = 0;
  // An ACK of just the recovery point says nothing about what was sent since (RFC 6582 3.2, step 2).
  if (recovery_point_ && wire::after(ack, *recovery_point_)) recovery_point_.reset();
}

void FastRetransmit::timed_out(wire::SeqNum snd_nxt) {
  duplicates_ = 0;
  recovery_point_ = snd_nxt;
}

// RFC 5681 2, (a) to (e). The segment is as it arrived: what has lost its text to trimming or to a closed window is no
// bare ACK. The window compared with is the last one that was offered, so this comes before the fifth step. While it is
// zero the ACKs answer our probes.
bool Connection::is_duplicate_ack(const wire::Segment& segment) const {
  return outstanding() && tcb_.syn_acknowledged && segment.flags.ack() && segment.length() == 0 &&
         segment.ack == tcb_.snd_una && segment.wnd == tcb_.snd_wnd && tcb_.snd_wnd != 0;
}

// The duplicate ACK has passed the checks before the fifth: on the third the front is sent again at once. No timeout
// has expired, so the RTO is not backed off and R1 not approached; the timer begins anew with what was sent.
void Connection::duplicate_ack_arrived() {
  if (!fast_retransmit_.duplicate(tcb_.snd_nxt)) return;
  if (!defects::on(Defect::KarnIgnored)) rto_.retransmitted();
  resend_front(tcb_.snd_wnd);
  start(kRetransmission, rto_.value());
}

}  // namespace tcp
