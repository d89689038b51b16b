// Addresses of the little network in the namespace: the target's end, and the peer that the harness plays.
#pragma once

#include <array>
#include <cstdint>

#include "harness/target/target.h"

namespace conform::kernel {

// RFC 5737 and RFC 3849: blocks for documentation, which no host has.
inline constexpr Address kTargetIpv4{{192, 0, 2, 1}};
inline constexpr Address kPeerIpv4{{192, 0, 2, 2}};
inline constexpr Address kTargetIpv6{{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
inline constexpr Address kPeerIpv6{{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}};
inline constexpr std::uint8_t kPrefixIpv4 = 24, kPrefixIpv6 = 64;

// Locally administered link addresses. The peer's is nobody's: what the kernel sends to it is for "another host" to
// the raw end of the veth pair, which therefore drops it once the packet socket has seen it.
using LinkAddress = std::array<std::uint8_t, 6>;
inline constexpr LinkAddress kTargetLink{2, 0, 0, 0, 0, 1};
inline constexpr LinkAddress kPeerLink{2, 0, 0, 0, 0, 2};
inline constexpr LinkAddress kRawEndLink{2, 0, 0, 0, 0, 3};

inline constexpr char kTargetDevice[] = "tcpc0";  // the TUN device, or the kernel's end of the veth pair
inline constexpr char kRawDevice[] = "tcpc1";     // the raw end of the veth pair

}  // namespace conform::kernel
