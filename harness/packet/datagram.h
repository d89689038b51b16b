// Datagram owns the harness's way between raw IP datagrams and Segments, through libtins: apart from the stack's own
// codec, so that one's bug cannot hide the other's.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "harness/spec/template.h"
#include "harness/target/target.h"
#include "stack/wire/segment.h"

namespace conform::packet {

// A datagram as it came from a target. Every byte is hostile.
struct Parsed {
  wire::Segment segment;
  SocketPair sockets;        // as seen by the target: source is the target's side
  bool checksum_ok = false;  // TCP checksum over the pseudo-header, and the IPv4 header's
  std::string malformed;     // what is wrong with the header, in words; empty if nothing. `segment` is then partial
};

// Parses one datagram that a target emitted. Nothing when it is not a TCP segment at all (ICMP, too short for IP, IPv6
// extension headers that do not lead to TCP). Whatever is wrong beyond that is said in `malformed`, and as much as can
// be read is read: a fragment that is not the first has no ports, a wrong Data Offset leaves no options and no text.
std::optional<Parsed> parse(std::span<const std::uint8_t> datagram);

// The most octets of text that fit into a datagram beside every header.
inline constexpr std::size_t kMaxText = 65'535 - 40 - 60 - 16;

// Builds the datagram of a segment from peer to target, with right checksums, then damages it as asked. The segment's
// ports are taken from `sockets`; its options go out as they are, malformed or not, padded with zeros to whole words;
// text beyond kMaxText octets is left out. What each damage does in octets: harness/packet/damage.h.
Datagram build(const wire::Segment& segment, const SocketPair& sockets, spec::Damage damage = spec::Damage::None);

}  // namespace conform::packet
