#include "harness/target/linux/datagram.h"

#include <algorithm>

namespace conform::kernel {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t kTcp = 6, kIcmp = 1, kIcmpv6 = 58;
constexpr std::size_t kIpv6Header = 40, kTcpHeader = 20;

std::uint16_t get16(Bytes bytes, std::size_t at) { return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]); }
std::uint32_t get32(Bytes bytes, std::size_t at) {
  return static_cast<std::uint32_t>(get16(bytes, at)) << 16 | get16(bytes, at + 2);
}
void put16(Datagram& out, std::size_t at, std::uint32_t value) {
  out[at] = static_cast<std::uint8_t>(value >> 8);
  out[at + 1] = static_cast<std::uint8_t>(value);
}
void put32(Datagram& out, std::size_t at, std::uint32_t value) {
  put16(out, at, value >> 16);
  put16(out, at + 2, value & 0xffff);
}

struct Payload {
  Family family = Family::Ipv4;
  std::uint8_t protocol = 0;
  Bytes addresses;  // source and destination, as the pseudo-header wants them
  Bytes bytes;      // as long as the IP header says, or as long as there is (an ICMP error quotes a part)
};

// The payload of an IP datagram. `whole`: nothing when it is shorter than its header says.
std::optional<Payload> ip_payload(Bytes datagram, bool whole) {
  if (datagram.empty()) return std::nullopt;
  if (datagram[0] >> 4 == 4) {
    if (datagram.size() < 20) return std::nullopt;
    const std::size_t header = (datagram[0] & 15u) * 4, total = get16(datagram, 2);
    const bool later_fragment = (get16(datagram, 6) & 0x1fff) != 0;
    if (header < 20 || total < header || header > datagram.size() || later_fragment) return std::nullopt;
    if (whole && total > datagram.size()) return std::nullopt;
    const Bytes bytes = datagram.subspan(header, std::min(total, datagram.size()) - header);
    return Payload{Family::Ipv4, datagram[9], datagram.subspan(12, 8), bytes};
  }
  if (datagram[0] >> 4 == 6) {
    if (datagram.size() < kIpv6Header) return std::nullopt;
    const std::size_t length = get16(datagram, 4), there = datagram.size() - kIpv6Header;
    if (whole && length > there) return std::nullopt;
    return Payload{Family::Ipv6, datagram[6], datagram.subspan(8, 32),
                   datagram.subspan(kIpv6Header, std::min(length, there))};
  }
  return std::nullopt;
}

// RFC 792, RFC 4443: whether a message of this type quotes the datagram that caused it.
bool is_icmp_error(Family family, std::uint8_t type) {
  if (family == Family::Ipv6) return type >= 1 && type <= 4;
  return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

std::optional<Peek> peek_icmp(const Payload& outer) {
  if (outer.bytes.size() < 8 || !is_icmp_error(outer.family, outer.bytes[0])) return std::nullopt;
  const auto quoted = ip_payload(outer.bytes.subspan(8), false);
  if (!quoted || quoted->protocol != kTcp || quoted->bytes.size() < 8) return std::nullopt;
  return Peek{outer.family, get16(quoted->bytes, 2), get16(quoted->bytes, 0), get32(quoted->bytes, 4), 0, true};
}

// RFC 1071 over a pseudo-header (RFC 9293 3.1) and the segment; 0 when the checksum in it is right.
std::uint16_t tcp_checksum(Bytes addresses, Bytes segment) {
  std::uint64_t sum = kTcp + segment.size();
  for (const Bytes part : {addresses, segment}) {
    for (std::size_t i = 0; i + 1 < part.size(); i += 2) sum += get16(part, i);
    if (part.size() % 2 != 0) sum += static_cast<std::uint32_t>(part.back()) << 8;
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::size_t put_ip_header(Datagram& out, const SocketPair& sockets, std::size_t payload) {
  if (sockets.family == Family::Ipv6) {
    out.resize(kIpv6Header);
    out[0] = 0x60;
    put16(out, 4, static_cast<std::uint32_t>(payload));
    out[6] = kTcp;
    out[7] = 64;
    std::copy_n(sockets.peer_address.bytes.begin(), 16, out.begin() + 8);
    std::copy_n(sockets.target_address.bytes.begin(), 16, out.begin() + 24);
    return kIpv6Header;
  }
  out.resize(20);
  out[0] = 0x45;
  put16(out, 2, static_cast<std::uint32_t>(20 + payload));
  put16(out, 6, 0x4000);  // do not fragment
  out[8] = 64;
  out[9] = kTcp;
  std::copy_n(sockets.peer_address.bytes.begin(), 4, out.begin() + 12);
  std::copy_n(sockets.target_address.bytes.begin(), 4, out.begin() + 16);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2) sum += get16(out, i);
  sum = (sum & 0xffff) + (sum >> 16);
  put16(out, 10, ~(sum + (sum >> 16)) & 0xffff);
  return 20;
}

}  // namespace

std::optional<Peek> peek_outgoing(Bytes datagram) {
  const auto payload = ip_payload(datagram, true);
  if (!payload) return std::nullopt;
  const Bytes bytes = payload->bytes;
  if (payload->protocol == (payload->family == Family::Ipv4 ? kIcmp : kIcmpv6)) return peek_icmp(*payload);
  if (payload->protocol != kTcp || bytes.size() < kTcpHeader) return std::nullopt;
  return Peek{payload->family, get16(bytes, 0), get16(bytes, 2), get32(bytes, 4), bytes[13], false};
}

std::uint8_t control_bits(Bytes datagram) {
  const auto payload = ip_payload(datagram, false);
  return payload && payload->protocol == kTcp && payload->bytes.size() >= kTcpHeader ? payload->bytes[13] : 0;
}

Datagram encode(const SocketPair& sockets, const wire::Segment& segment) {
  Datagram options(segment.options.bytes().begin(), segment.options.bytes().end());
  options.resize((options.size() + 3) / 4 * 4);
  const std::size_t length = kTcpHeader + options.size() + segment.text.size();
  Datagram out;
  const std::size_t at = put_ip_header(out, sockets, length);
  out.resize(at + kTcpHeader);
  put16(out, at, segment.source_port);
  put16(out, at + 2, segment.destination_port);
  put32(out, at + 4, segment.seq.raw());
  put32(out, at + 8, segment.ack.raw());
  out[at + 12] = static_cast<std::uint8_t>((kTcpHeader + options.size()) / 4 << 4 | segment.reserved);
  out[at + 13] = segment.flags.bits;
  put16(out, at + 14, segment.wnd);
  put16(out, at + 18, segment.urgent_pointer);
  out.insert(out.end(), options.begin(), options.end());
  out.insert(out.end(), segment.text.begin(), segment.text.end());
  const std::size_t addresses = sockets.family == Family::Ipv4 ? 8 : 32;
  put16(out, at + 16, tcp_checksum(Bytes(out).subspan(at - addresses, addresses), Bytes(out).subspan(at)));
  return out;
}

std::optional<wire::Segment> decode(Bytes datagram) {
  const auto payload = ip_payload(datagram, true);
  if (!payload || payload->protocol != kTcp || payload->bytes.size() < kTcpHeader) return std::nullopt;
  const Bytes bytes = payload->bytes;
  const std::size_t header = static_cast<std::size_t>(bytes[12] >> 4) * 4;
  if (header < kTcpHeader || header > bytes.size()) return std::nullopt;
  if (tcp_checksum(payload->addresses, bytes) != 0) return std::nullopt;
  wire::Segment segment;
  segment.source_port = get16(bytes, 0);
  segment.destination_port = get16(bytes, 2);
  segment.seq = wire::SeqNum(get32(bytes, 4));
  segment.ack = wire::SeqNum(get32(bytes, 8));
  segment.reserved = bytes[12] & 15;
  segment.flags.bits = bytes[13];
  segment.wnd = get16(bytes, 14);
  segment.urgent_pointer = get16(bytes, 18);
  segment.options.append(bytes.subspan(kTcpHeader, header - kTcpHeader));
  segment.text.assign(bytes.begin() + static_cast<std::ptrdiff_t>(header), bytes.end());
  return segment;
}

}  // namespace conform::kernel
