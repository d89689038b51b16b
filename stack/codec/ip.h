// Ip owns the IPv4 and IPv6 headers under a segment: reading a hostile one, writing our own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "stack/codec/address.h"

namespace codec {

// Why a datagram was thrown away without being looked at by TCP.
enum class Reject : std::uint8_t {
  Truncated,          // fewer octets than the headers, or than the length fields promise
  BadVersion,         // neither IPv4 nor IPv6
  BadIpHeaderLength,  // IPv4 IHL below 5, or beyond the datagram
  BadTotalLength,     // the IP length field is smaller than the IP header
  BadIpChecksum,      // IPv4 header checksum
  Fragment,           // part of a datagram: reassembly is not TCP's business
  NotTcp,             // another protocol, or an IPv6 extension header
  TcpTruncated,       // fewer than 20 octets of TCP
  BadDataOffset,      // data offset below 5, or beyond the datagram
  BadTcpChecksum,
  NotForUs,   // the destination is no address of this host
  BadSource,  // the source can be no single host (RFC 9293 3.9.2.3)
};
std::string_view to_string(Reject reject);

// Where a datagram comes from and goes to, and what its sender chose for the IP header.
struct IpHeader {
  IpAddress source;
  IpAddress destination;
  std::uint8_t ttl = 64;      // or hop limit (RFC 9293 3.9.2, MUST-49)
  std::uint8_t diffserv = 0;  // the whole octet: DSCP and ECN
};

// A datagram's header, and its payload as a view into it.
struct IpPacket {
  IpHeader header;
  std::span<const std::uint8_t> payload;
};

// Reads the IP header. IPv4 options are skipped (RFC 9293 3.9.2, MUST-50); octets after the IP length are padding.
std::variant<IpPacket, Reject> parse_ip(std::span<const std::uint8_t> datagram);

// The size of the header that write_ip() makes, in octets.
constexpr std::size_t ip_header_size(IpVersion version) { return version == IpVersion::V4 ? 20 : 40; }

// A datagram with its IP header written and `payload_size` octets of zeros behind it for TCP. Do not fragment is set,
// and so the Identification means nothing and is 0 (RFC 6864).
std::vector<std::uint8_t> write_ip(const IpHeader& header, std::size_t payload_size);

}  // namespace codec
