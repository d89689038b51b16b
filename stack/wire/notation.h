// The RFC's angle-bracket notation for one segment: "<SEQ=100><ACK=300><CTL=SYN,ACK>" (RFC 9293 3.5, Figure 6).
#pragma once

#include <string>

#include "stack/wire/segment.h"

namespace wire {

// The control bits as in the notation: "SYN,ACK"; the empty string for none.
std::string to_string(Flags flags);

// One line for a segment. SEQ and CTL always stand; ACK stands with the ACK bit; WND, UP, MSS, DATA (octets of text)
// stand where they say something. `seq_base` and `ack_base` are subtracted first, to print relative numbers.
std::string to_string(const Segment& segment, SeqNum seq_base = SeqNum(0), SeqNum ack_base = SeqNum(0));

}  // namespace wire
