// RFC 9293 3.10.7.3: SEGMENT ARRIVES in SYN-SENT.
#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"
#include "stack/tcp/reset.h"

namespace tcp {

using wire::State;

void Connection::arrive_syn_sent(wire::Segment& segment) {
  if (!check_ack_in_syn_sent(segment)) return;

  // Second, check the RST bit. The ACK field decides: before a SYN arrived there is no RCV.NXT to compare with
  // (RFC 9293 3.5.3).
  if (segment.flags.rst()) {
    if (segment.flags.ack() || defects::on(Defect::SynSentBareRstAborts)) {
      fail(SignalKind::ConnectionReset, Answer::ConnectionReset);
    }
    return;
  }

  // Third, check the security: neither security nor compartment is implemented.
  // Fourth, check the SYN bit. Fifth, if neither SYN nor RST is set, drop the segment.
  if (segment.flags.syn()) synchronize(segment);
}

// First, check the ACK bit: false if the segment is thereby discarded.
bool Connection::check_ack_in_syn_sent(const wire::Segment& segment) {
  if (!segment.flags.ack()) return true;
  if (acceptable_ack(segment.ack)) return true;
  if (defects::on(Defect::SynSentOldAckAccepted) && wire::at_or_before(segment.ack, tcb_.iss)) return true;
  if (!segment.flags.rst()) emit_reset_for(context_, segment, tcb_.local(), *tcb_.remote);
  return false;
}

// Fourth, with the SYN bit on.
void Connection::synchronize(wire::Segment& segment) {
  start_receiving(segment.seq);
  take_mss(segment);
  if (segment.flags.ack()) {
    acknowledge(defects::on(Defect::SynSentOldAckAccepted) ? tcb_.snd_nxt : segment.ack);
  }
  // The text sets the window only on the way to SYN-RECEIVED; entering ESTABLISHED needs it as well (RFC 1122
  // 4.2.2.20 (c)).
  set_window(segment);

  if (wire::after(tcb_.snd_una, tcb_.iss) || defects::on(Defect::SynSentSynEstablishes)) {
    enter_established();
    ack_due_ = AckDue::Now;
    // Other controls or text: processing continues at the sixth step of 3.10.7.4, without the SYN.
    if (segment.flags.urg()) check_urgent(segment.seq + segment.urgent_pointer);
    segment.flags.bits &= static_cast<std::uint8_t>(~wire::Flags::kSyn);
    segment.seq += 1;
    trim(segment);
    process_text(segment);
    check_fin(segment);
    return;
  }

  tcb_.state = State::SynReceived;
  hold_from_syn(segment);
  if (defects::on(Defect::SynSentSynAnsweredByAck)) return emit_ack();
  emit(wire::Flags::kSyn | wire::Flags::kAck, tcb_.iss);
  // The SYN was sent again, within the SYN,ACK: which of them an ACK answers cannot be told (Karn's algorithm).
  rto_.retransmitted();
  start(kRetransmission, rto_.value());
}

}  // namespace tcp
