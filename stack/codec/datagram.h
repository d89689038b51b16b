// Datagram owns the way between the bytes of one IP datagram and the Segment it carries (RFC 9293 3.1).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "stack/codec/ip.h"
#include "stack/wire/segment.h"

namespace codec {

using Datagram = std::vector<std::uint8_t>;

// A segment and the IP header that it came under.
struct Received {
  IpHeader ip;
  wire::Segment segment;
};

// Reads a datagram of which nothing is trusted. The only allocation is the segment's text. `verify_checksum` is false
// only where the caller has verified it already (an offloading device).
std::variant<Received, Reject> decode(std::span<const std::uint8_t> datagram, bool verify_checksum = true);

// Writes a segment under an IP header, checksums filled in (RFC 9293 3.1, MUST-2). Options are padded with zeros after
// the list to a multiple of four octets (MUST-69). `text` takes the place of segment.text, so that a sender need not
// copy it first. The whole must fit into 65535 octets of IP payload.
Datagram encode(const IpHeader& ip, const wire::Segment& segment, std::span<const std::uint8_t> text);
inline Datagram encode(const IpHeader& ip, const wire::Segment& segment) { return encode(ip, segment, segment.text); }

}  // namespace codec
