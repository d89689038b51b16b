#include "stack/codec/ip.h"

#include <algorithm>

#include "stack/codec/checksum.h"

namespace codec {

namespace {

constexpr std::uint8_t kTcp = 6;

std::uint16_t load16(std::span<const std::uint8_t> octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

void store16(std::span<std::uint8_t> octets, std::size_t at, std::size_t value) {
  octets[at] = static_cast<std::uint8_t>(value >> 8);
  octets[at + 1] = static_cast<std::uint8_t>(value);
}

IpAddress load_address(IpVersion version, std::span<const std::uint8_t> octets) {
  IpAddress address{version, {}};
  std::copy_n(octets.begin(), address.size(), address.octets.begin());
  return address;
}

std::variant<IpPacket, Reject> parse_v4(std::span<const std::uint8_t> datagram) {
  if (datagram.size() < 20) return Reject::Truncated;
  const std::size_t header_size = (datagram[0] & 0x0f) * 4u;
  if (header_size < 20) return Reject::BadIpHeaderLength;
  if (header_size > datagram.size()) return Reject::BadIpHeaderLength;
  const std::size_t total = load16(datagram, 2);
  if (total < header_size) return Reject::BadTotalLength;
  if (total > datagram.size()) return Reject::Truncated;
  Checksum checksum;
  checksum.add(datagram.first(header_size));
  if (checksum.value() != 0) return Reject::BadIpChecksum;
  constexpr std::uint16_t kMoreFragmentsAndOffset = 0x3fff;
  if (load16(datagram, 6) & kMoreFragmentsAndOffset) return Reject::Fragment;
  if (datagram[9] != kTcp) return Reject::NotTcp;
  return IpPacket{{load_address(IpVersion::V4, datagram.subspan(12, 4)),
                   load_address(IpVersion::V4, datagram.subspan(16, 4)), datagram[8], datagram[1]},
                  datagram.subspan(header_size, total - header_size)};
}

std::variant<IpPacket, Reject> parse_v6(std::span<const std::uint8_t> datagram) {
  constexpr std::size_t kHeader = 40;
  if (datagram.size() < kHeader) return Reject::Truncated;
  const std::size_t payload = load16(datagram, 4);
  if (payload > datagram.size() - kHeader) return Reject::Truncated;
  constexpr std::uint8_t kFragmentHeader = 44;
  if (datagram[6] == kFragmentHeader) return Reject::Fragment;
  if (datagram[6] != kTcp) return Reject::NotTcp;
  const auto diffserv = static_cast<std::uint8_t>(load16(datagram, 0) >> 4);
  return IpPacket{{load_address(IpVersion::V6, datagram.subspan(8, 16)),
                   load_address(IpVersion::V6, datagram.subspan(24, 16)), datagram[7], diffserv},
                  datagram.subspan(kHeader, payload)};
}

}  // namespace

std::string_view to_string(Reject reject) {
  switch (reject) {
    case Reject::Truncated: return "truncated datagram";
    case Reject::BadVersion: return "bad IP version";
    case Reject::BadIpHeaderLength: return "bad IP header length";
    case Reject::BadTotalLength: return "bad IP total length";
    case Reject::BadIpChecksum: return "bad IP header checksum";
    case Reject::Fragment: return "fragment";
    case Reject::NotTcp: return "not TCP";
    case Reject::TcpTruncated: return "truncated TCP header";
    case Reject::BadDataOffset: return "bad data offset";
    case Reject::BadTcpChecksum: return "bad TCP checksum";
    case Reject::NotForUs: return "not for this host";
    case Reject::BadSource: return "bad source address";
  }
  return "?";
}

std::variant<IpPacket, Reject> parse_ip(std::span<const std::uint8_t> datagram) {
  if (datagram.empty()) return Reject::Truncated;
  switch (datagram[0] >> 4) {
    case 4: return parse_v4(datagram);
    case 6: return parse_v6(datagram);
    default: return Reject::BadVersion;
  }
}

std::vector<std::uint8_t> write_ip(const IpHeader& header, std::size_t payload_size) {
  const IpVersion version = header.source.version;
  const std::size_t size = ip_header_size(version);
  std::vector<std::uint8_t> datagram(size + payload_size);
  const std::span<std::uint8_t> octets(datagram);
  if (version == IpVersion::V4) {
    octets[0] = 0x45;
    octets[1] = header.diffserv;
    store16(octets, 2, datagram.size());
    store16(octets, 6, 0x4000);
    octets[8] = header.ttl;
    octets[9] = kTcp;
    std::copy_n(header.source.octets.begin(), 4, octets.begin() + 12);
    std::copy_n(header.destination.octets.begin(), 4, octets.begin() + 16);
    Checksum checksum;
    checksum.add(octets.first(size));
    store16(octets, 10, checksum.value());
  } else {
    store16(octets, 0, 0x6000u | static_cast<unsigned>(header.diffserv << 4));
    store16(octets, 4, payload_size);
    octets[6] = kTcp;
    octets[7] = header.ttl;
    std::copy_n(header.source.octets.begin(), 16, octets.begin() + 8);
    std::copy_n(header.destination.octets.begin(), 16, octets.begin() + 24);
  }
  return datagram;
}

}  // namespace codec
