// Checksum owns the Internet checksum as the harness computes it for itself (RFC 1071), to judge and to damage
// datagrams: libtins only ever writes right ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/target/target.h"

namespace conform::packet {

// Adds octets, as big-endian 16-bit words and an odd last octet padded with zero, to a running sum that is not folded.
std::uint64_t add_words(std::uint64_t sum, std::span<const std::uint8_t> octets);

// Folds a sum into 16 bits, end-around carry included. The checksum is its complement; over octets that already hold
// their checksum it is 0xFFFF.
std::uint16_t fold(std::uint64_t sum);

// The sum of the pseudo-header (RFC 9293 3.1) of a TCP segment of `tcp_length` octets between these addresses.
std::uint64_t pseudo_header_sum(Family family, const Address& source, const Address& destination,
                                std::size_t tcp_length);

// Octets of an address: 4 or 16.
constexpr std::size_t address_size(Family family) { return family == Family::Ipv4 ? 4 : 16; }

}  // namespace conform::packet
