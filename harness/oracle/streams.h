// Streams own the octets of both directions: each is a function of its place, so that nothing has to be remembered and
// overlapping segments always agree.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace conform::oracle {

// The octet at `offset` of what the target's user gives to SEND. 0 is the first.
constexpr std::uint8_t user_octet(std::uint32_t offset) {
  return static_cast<std::uint8_t>((offset * 2654435761u) >> 24 ^ 0x55);
}
// The octet at `offset` of what the peer sends.
constexpr std::uint8_t peer_octet(std::uint32_t offset) {
  return static_cast<std::uint8_t>((offset * 2246822519u + 374761393u) >> 24);
}

inline std::vector<std::uint8_t> user_text(std::uint32_t offset, std::uint32_t length) {
  std::vector<std::uint8_t> text(length);
  for (std::uint32_t i = 0; i < length; ++i) text[i] = user_octet(offset + i);
  return text;
}
inline std::vector<std::uint8_t> peer_text(std::uint32_t offset, std::uint32_t length) {
  std::vector<std::uint8_t> text(length);
  for (std::uint32_t i = 0; i < length; ++i) text[i] = peer_octet(offset + i);
  return text;
}

inline bool is_user_text(std::uint32_t offset, std::span<const std::uint8_t> text) {
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] != user_octet(offset + i)) return false;
  }
  return true;
}
inline bool is_peer_text(std::uint32_t offset, std::span<const std::uint8_t> text) {
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] != peer_octet(offset + i)) return false;
  }
  return true;
}

}  // namespace conform::oracle
