// The network layer of an emitted datagram: finds the TCP segment in an IPv4 or IPv6 datagram, every octet hostile.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "harness/target/target.h"

namespace conform::packet {

struct IpView {
  Family family = Family::Ipv4;
  Address source, destination;
  std::span<const std::uint8_t> tcp;  // the TCP header and text, as far as they are there; points into the datagram
  bool checksum_ok = true;            // the IPv4 header's; IPv6 has none
  bool first_fragment = true;         // false: `tcp` does not begin with a TCP header
  std::string malformed;              // what is wrong, in words; the first thing found
};

// Looks at the datagram's IP header and, for IPv6, walks its extension headers. Nothing when there is no IP header, or
// what it carries is not TCP.
std::optional<IpView> find_tcp(std::span<const std::uint8_t> datagram);

}  // namespace conform::packet
