// IpAddress owns one IPv4 or IPv6 address as a value, and which addresses can be the end of a connection.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace codec {

enum class IpVersion : std::uint8_t { V4, V6 };

// In network byte order; IPv4 uses the first four octets and leaves the others zero, so that equality is plain.
struct IpAddress {
  IpVersion version = IpVersion::V4;
  std::array<std::uint8_t, 16> octets{};

  static constexpr IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return {IpVersion::V4, {a, b, c, d}};
  }
  static constexpr IpAddress v6(const std::array<std::uint8_t, 16>& octets) { return {IpVersion::V6, octets}; }

  constexpr std::size_t size() const { return version == IpVersion::V4 ? 4 : 16; }
  std::span<const std::uint8_t> bytes() const { return {octets.data(), size()}; }
  bool operator==(const IpAddress&) const = default;

  // 0.0.0.0 or ::
  bool is_unspecified() const {
    return std::all_of(octets.begin(), octets.end(), [](std::uint8_t octet) { return octet == 0; });
  }
  // 127.0.0.0/8 or ::1
  bool is_loopback() const {
    if (version == IpVersion::V4) return octets[0] == 127;
    return octets[15] == 1 && std::all_of(octets.begin(), octets.end() - 1, [](std::uint8_t o) { return o == 0; });
  }
  // 224.0.0.0/4 or ff00::/8
  bool is_multicast() const { return version == IpVersion::V4 ? (octets[0] & 0xf0) == 0xe0 : octets[0] == 0xff; }
  // 255.255.255.255
  bool is_broadcast() const {
    return version == IpVersion::V4 && std::all_of(octets.begin(), octets.begin() + 4, [](auto o) { return o == 255; });
  }
  // Whether one host can be meant by it (RFC 9293 3.9.1.1 MUST-46, 3.9.2.3 MUST-57 and MUST-63).
  bool is_unicast() const { return !is_unspecified() && !is_multicast() && !is_broadcast(); }
};

}  // namespace codec
