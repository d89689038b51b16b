// RFC 9293 3.10.7.2: SEGMENT ARRIVES in LISTEN.
#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"
#include "stack/tcp/reset.h"

namespace tcp {

using wire::State;

void Connection::arrive_listen(wire::Segment& segment, const Socket& local, const Socket& remote) {
  // First, check for a RST: it could not be valid.
  if (segment.flags.rst() && !(defects::on(Defect::ListenSynRstOpens) && segment.flags.syn())) return;

  // Second, check for an ACK: any acknowledgment is bad.
  if (segment.flags.ack()) {
    if (!defects::on(Defect::ListenAckUnanswered)) emit_reset_for(context_, segment, local, remote);
    return;
  }

  // Third, check for a SYN. Fourth, other data or control: drop the segment.
  if (!segment.flags.syn()) return;
  tcb_.local_address = local.address;
  tcb_.remote = remote;
  start_receiving(segment.seq);
  take_mss(segment);
  tcb_.iss = context_.isn.next(local, remote, context_.now);
  tcb_.snd_una = tcb_.iss;
  tcb_.snd_nxt = tcb_.iss + 1;
  send_queue_.rebase(tcb_.snd_nxt);
  set_window(segment);
  tcb_.state = State::SynReceived;
  hold_from_syn(segment);
  progress();
  emit(wire::Flags::kSyn | wire::Flags::kAck, tcb_.iss);
  rto_.time(tcb_.snd_nxt, context_.now);
  wait_to_send();
}

// "Any other control or text should be queued for processing later": that is, in ESTABLISHED.
void Connection::hold_from_syn(const wire::Segment& segment) {
  wire::Segment rest = segment;
  rest.flags.bits &= static_cast<std::uint8_t>(~wire::Flags::kSyn);
  rest.seq = tcb_.rcv_nxt;
  if (segment.flags.urg()) held_urgent_ = segment.seq + segment.urgent_pointer;
  trim(rest);
  if (rest.flags.fin()) held_fin_ = rest.seq + static_cast<std::uint32_t>(rest.text.size());
  if (!rest.text.empty()) reassembly_.hold(rest.seq, rest.text, rest.flags.psh());
  if (defects::on(Defect::SynTextTakenAtOnce)) accept_held_text();
  if (defects::on(Defect::SynFinTakenAtOnce) && held_fin_ == tcb_.rcv_nxt) process_fin();
}

// The connection is established: what came with the SYN is due.
void Connection::process_held() {
  if (held_urgent_) {
    if (receive_queue_.set_urgent(*held_urgent_)) signal(SignalKind::UrgentData);
    held_urgent_.reset();
  }
  const wire::SeqNum before = tcb_.rcv_nxt;
  accept_held_text();
  if (tcb_.rcv_nxt != before) acknowledge_later();  // and not for text beyond a hole, which is acknowledged already
}

}  // namespace tcp
