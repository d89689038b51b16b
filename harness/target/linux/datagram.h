// Datagram headers: a bounds-checked look at what the kernel sent, and the few segments this target makes itself.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "harness/target/target.h"
#include "stack/wire/segment.h"

namespace conform::kernel {

// What is needed to hand a datagram to the session it belongs to. For an ICMP error these are the ports and the
// sequence number of the segment that it answers, turned round, so that it belongs to the same session.
struct Peek {
  Family family = Family::Ipv4;
  std::uint16_t target_port = 0;  // the source port of what the kernel sent
  std::uint16_t peer_port = 0;
  std::uint32_t seq = 0;
  std::uint8_t flags = 0;  // TCP control bits; 0 for an ICMP error
  bool icmp = false;
};

// Looks at a datagram from the kernel. Nothing when it is not TCP, nor an ICMP error about TCP, or is cut short, or
// is a fragment other than the first.
std::optional<Peek> peek_outgoing(std::span<const std::uint8_t> datagram);

// The control bits of a TCP segment in a datagram to the kernel; 0 when it holds none.
std::uint8_t control_bits(std::span<const std::uint8_t> datagram);

// The datagram that carries `segment` from the peer to the target: addresses from `sockets`, ports from the segment,
// checksums right, no IP options.
Datagram encode(const SocketPair& sockets, const wire::Segment& segment);

// The segment of a well-formed datagram in either direction; nothing when a length or the checksum is wrong.
std::optional<wire::Segment> decode(std::span<const std::uint8_t> datagram);

}  // namespace conform::kernel
