#include "stack/codec/datagram.h"

#include <algorithm>

#include "stack/codec/checksum.h"

namespace codec {

namespace {

constexpr std::size_t kFixedHeader = 20;

std::uint16_t load16(std::span<const std::uint8_t> octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

std::uint32_t load32(std::span<const std::uint8_t> octets, std::size_t at) {
  return static_cast<std::uint32_t>(load16(octets, at)) << 16 | load16(octets, at + 2);
}

void store16(std::span<std::uint8_t> octets, std::size_t at, std::uint32_t value) {
  octets[at] = static_cast<std::uint8_t>(value >> 8);
  octets[at + 1] = static_cast<std::uint8_t>(value);
}

void store32(std::span<std::uint8_t> octets, std::size_t at, std::uint32_t value) {
  store16(octets, at, value >> 16);
  store16(octets, at + 2, value);
}

// RFC 9293 3.1, Figure 2, and RFC 8200 8.1: the checksum covers a pseudo-header of the addresses, the protocol and
// the TCP length.
std::uint16_t tcp_checksum(const IpHeader& ip, std::span<const std::uint8_t> tcp) {
  Checksum checksum;
  checksum.add(ip.source.bytes());
  checksum.add(ip.destination.bytes());
  checksum.add(std::uint16_t{6});
  checksum.add(static_cast<std::uint16_t>(tcp.size() >> 16));
  checksum.add(static_cast<std::uint16_t>(tcp.size()));
  checksum.add(tcp);
  return checksum.value();
}

}  // namespace

std::variant<Received, Reject> decode(std::span<const std::uint8_t> datagram, bool verify_checksum) {
  const auto parsed = parse_ip(datagram);
  if (const Reject* reject = std::get_if<Reject>(&parsed)) return *reject;
  const auto& [ip, tcp] = std::get<IpPacket>(parsed);
  if (tcp.size() < kFixedHeader) return Reject::TcpTruncated;
  const std::size_t header_size = (tcp[12] >> 4) * 4u;
  if (header_size < kFixedHeader || header_size > tcp.size()) return Reject::BadDataOffset;
  if (verify_checksum && tcp_checksum(ip, tcp) != 0) return Reject::BadTcpChecksum;

  std::variant<Received, Reject> result(std::in_place_type<Received>);
  Received& received = std::get<Received>(result);
  received.ip = ip;
  wire::Segment& segment = received.segment;
  segment.source_port = load16(tcp, 0);
  segment.destination_port = load16(tcp, 2);
  segment.seq = wire::SeqNum(load32(tcp, 4));
  segment.ack = wire::SeqNum(load32(tcp, 8));
  segment.reserved = tcp[12] & 0x0f;
  segment.flags.bits = tcp[13];
  segment.wnd = load16(tcp, 14);
  segment.urgent_pointer = load16(tcp, 18);
  segment.options.append(tcp.subspan(kFixedHeader, header_size - kFixedHeader));
  const auto text = tcp.subspan(header_size);
  segment.text.assign(text.begin(), text.end());
  return result;
}

Datagram encode(const IpHeader& ip, const wire::Segment& segment, std::span<const std::uint8_t> text) {
  const auto options = segment.options.bytes();
  const std::size_t header_size = kFixedHeader + (options.size() + 3) / 4 * 4;
  Datagram datagram = write_ip(ip, header_size + text.size());
  const std::span<std::uint8_t> tcp = std::span(datagram).subspan(ip_header_size(ip.source.version));
  store16(tcp, 0, segment.source_port);
  store16(tcp, 2, segment.destination_port);
  store32(tcp, 4, segment.seq.raw());
  store32(tcp, 8, segment.ack.raw());
  tcp[12] = static_cast<std::uint8_t>(header_size / 4 << 4 | (segment.reserved & 0x0f));
  tcp[13] = segment.flags.bits;
  store16(tcp, 14, segment.wnd);
  store16(tcp, 18, segment.urgent_pointer);
  std::copy(options.begin(), options.end(), tcp.begin() + kFixedHeader);
  std::copy(text.begin(), text.end(), tcp.begin() + static_cast<std::ptrdiff_t>(header_size));
  store16(tcp, 16, tcp_checksum(ip, tcp));
  return datagram;
}

}  // namespace codec
