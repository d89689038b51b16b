// How a connection forms one segment and hands it to IP (RFC 9293 3.1 and 3.9.2).
#include <algorithm>

#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"

namespace tcp {

using wire::Flags;
using wire::SeqNum;

// A segment of this connection. With the ACK bit it acknowledges everything that there is to acknowledge.
void Connection::emit(std::uint8_t flags, SeqNum seq, std::span<const std::uint8_t> text) {
  wire::Segment segment;
  segment.source_port = tcb_.local_port;
  segment.destination_port = tcb_.remote->port;
  segment.seq = seq;
  segment.flags.bits = flags;
  if (segment.flags.ack()) {
    segment.ack = tcb_.rcv_nxt;
    tcb_.rcv_wnd = window_to_offer();
    ack_due_ = AckDue::None;
    segments_unacknowledged_ = 0;
    stop(kDelayedAck);
  }
  if (!segment.flags.rst()) segment.wnd = static_cast<std::uint16_t>(tcb_.rcv_wnd);
  if (segment.flags.syn()) {
    // RFC 9293 3.7.1: the MTU without the fixed headers, sent always (MAY-3).
    const auto headers = static_cast<std::uint16_t>(codec::ip_header_size(tcb_.remote->address.version) + 20);
    segment.options.append_mss(static_cast<std::uint16_t>(context_.config.mtu - headers));
  }
  const auto& urgent = send_queue_.urgent();
  if (!text.empty() && urgent && wire::after(*urgent, seq)) {
    // The pointer leads to the octet following the urgent text (MUST-62). One that lies farther away than the field
    // can tell moves on with the segments to come (MUST-31).
    const auto distance =
        static_cast<std::uint32_t>(*urgent - seq) - (defects::on(Defect::UrgentPointerOneShort) ? 1u : 0u);
    segment.flags.bits |= Flags::kUrg;
    segment.urgent_pointer = static_cast<std::uint16_t>(std::min<std::uint32_t>(distance, 65535));
  }
  const bool occupies = !text.empty() || segment.flags.syn() || segment.flags.fin();
  if (occupies && seq == tcb_.snd_una && !tried_since_) tried_since_ = context_.now;
  context_.outputs.emplace_back(
      codec::encode({*tcb_.local_address, tcb_.remote->address, context_.config.ttl, diffserv_}, segment, text));
}

// Text of the send queue, or none, and perhaps the FIN behind it. PSH stands on what a pushed SEND ends with, and on
// what empties the queue, so that no receiver waits for more (RFC 9293 3.9.1.2, MUST-61).
void Connection::emit_from_queue(SeqNum seq, std::span<const std::uint8_t> text, bool fin) {
  const SeqNum end = seq + static_cast<std::uint32_t>(text.size());
  std::uint8_t flags = Flags::kAck;
  const bool push =
      context_.config.push_every_segment || end == send_queue_.end() || send_queue_.pushed_within(seq, end);
  if (!text.empty() && push) flags |= Flags::kPsh;
  if (fin) flags |= Flags::kFin;
  emit(flags, seq, text);
}

// <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
void Connection::emit_ack() { emit(Flags::kAck, tcb_.snd_nxt); }

// The same, where RFC 5961 asks for it, and not too often (RFC 5961 7).
void Connection::emit_challenge_ack() {
  if (!throttle_.allow(context_.config, context_.now)) return;
  emit(Flags::kAck, defects::on(Defect::ChallengeAckWrongSeq) ? tcb_.snd_una : tcb_.snd_nxt);
}

}  // namespace tcp
