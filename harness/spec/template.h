// SegmentTemplate owns a segment in the RFC's notation whose fields are expressions:
// "<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>". The same form says what is to be sent and what is to be expected.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/expression.h"
#include "stack/wire/segment.h"

namespace conform::spec {

// What is wrong on purpose with a datagram that the harness injects.
enum class Damage : std::uint8_t {
  None,
  Checksum,         // BAD=checksum: the TCP checksum is wrong
  OffsetShort,      // BAD=offset-short: data offset below 5
  OffsetLong,       // BAD=offset-long: data offset beyond the segment
  Truncated,        // BAD=truncated: fewer than 20 octets of header
  OptionLength,     // BAD=option-length: an option of length 0
  OptionOverrun,    // BAD=option-overrun: an option that runs over the header's end
  Security,         // SEC=other: an IP security option that does not match (RFC 9293 3.10.7.4, third)
};

// Whether a TCP must not process such a segment. An option list that is wrong does not make the header wrong (RFC 9293
// 3.1, MUST-7): it is processed as if without it; and another security label is for the table to judge.
constexpr bool spoils_header(Damage damage) {
  return damage == Damage::Checksum || damage == Damage::OffsetShort || damage == Damage::OffsetLong ||
         damage == Damage::Truncated;
}

struct SegmentTemplate {
  std::optional<Expression> seq, ack, wnd, up, mss, data;   // DATA: octets of text
  std::optional<wire::Flags> ctl;                           // nothing: <CTL=*>, any
  bool any_seq = false, any_ack = false, any_data = false;  // <SEQ=*>, <ACK=*>, <DATA=*>
  std::vector<std::uint8_t> options;                        // <OPT=0204...>: raw octets of options, in hex
  std::uint8_t reserved = 0;                                // <RSV=5>
  Damage damage = Damage::None;
  std::string text;                                         // as written
};

}  // namespace conform::spec
