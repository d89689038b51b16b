// Careless owns what some seeded bugs (stack/tcp/defects.h) do in more than a line: code as it has been written before
// and must not be. All of it is inline and called behind defects::on() alone, so that none is in the stack that ships.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "stack/codec/datagram.h"
#include "stack/tcp/defects.h"
#include "stack/wire/segment.h"

namespace tcp::careless {

inline std::uint16_t load16(const std::uint8_t* octets) {
  return static_cast<std::uint16_t>(octets[0] << 8 | octets[1]);
}

// The MSS, found by a walk that believes every length. An option of length 0 is passed for ever: the walk is cut off by
// an abort, so that whoever runs it sees a crash after a moment instead of waiting for a time-out.
inline std::optional<std::uint16_t> mss_by_any_length(std::span<const std::uint8_t> options) {
  constexpr long kForEver = 50'000'000;
  std::size_t at = 0;
  for (long steps = 0; at + 4 <= options.size() && options[at] != 0; ++steps) {
    if (steps == kForEver) std::abort();
    if (options[at] == 2) return load16(&options[at + 2]);
    at += options[at] == 1 ? 1 : options[at + 1];
  }
  return std::nullopt;
}

// The MSS, found by a walk that does not look where the header ends, but knows that an option has two octets at least.
// Behind the end lie zeros.
inline std::optional<std::uint16_t> mss_over_the_end(std::span<const std::uint8_t> options) {
  std::array<std::uint8_t, wire::Options::kMaxSize + 4> octets{};
  std::copy(options.begin(), options.end(), octets.begin());
  for (std::size_t at = 0; at < options.size() && octets[at] != 0;) {
    if (octets[at] == 2) return load16(&octets[at + 2]);
    if (octets[at] != 1 && octets[at + 1] < 2) return std::nullopt;
    at += octets[at] == 1 ? 1 : octets[at + 1];
  }
  return std::nullopt;
}

// The same, but every option is read to its last octet in a buffer that ends with the header.
inline std::optional<std::uint16_t> mss_read_past_the_end(std::span<const std::uint8_t> options) {
  const std::vector<std::uint8_t> header(options.begin(), options.end());
  const volatile std::uint8_t* octets = header.data();
  for (std::size_t at = 0; at + 1 < header.size() && octets[at] != 0;) {
    const std::size_t length = octets[at] == 1 ? 1 : octets[at + 1];
    if (length == 0) return std::nullopt;
    const std::uint8_t last = octets[at + length - 1], before_last = octets[at + length - 2 + (length == 1)];
    if (octets[at] == 2) return static_cast<std::uint16_t>(before_last << 8 | last);
    at += length;
  }
  return std::nullopt;
}

inline bool reads_options() {
  return defects::on(Defect::OptionLengthZeroLoops) || defects::on(Defect::OptionOverrunTaken) ||
         defects::on(Defect::OptionOverrunRead);
}

inline std::optional<std::uint16_t> mss(const wire::Options& options) {
  if (defects::on(Defect::OptionLengthZeroLoops)) return mss_by_any_length(options.bytes());
  if (defects::on(Defect::OptionOverrunTaken)) return mss_over_the_end(options.bytes());
  return mss_read_past_the_end(options.bytes());
}

// A datagram whose TCP header says that it is too short to be one: read as if it said 5 words.
inline std::variant<codec::Received, codec::Reject> decode_short(std::span<const std::uint8_t> datagram) {
  auto decoded = codec::decode(datagram);
  if (!std::holds_alternative<codec::Reject>(decoded)) return decoded;
  const auto parsed = codec::parse_ip(datagram);
  const auto* packet = std::get_if<codec::IpPacket>(&parsed);
  if (!packet || packet->payload.size() < 20 || packet->payload[12] >> 4 >= 5) return decoded;
  std::vector<std::uint8_t> mended(datagram.begin(), datagram.end());
  std::uint8_t& offset = mended[static_cast<std::size_t>(packet->payload.data() - datagram.data()) + 12];
  offset = static_cast<std::uint8_t>(0x50 | (offset & 0x0f));
  return codec::decode(mended, false);
}

// What is read of an object after it is gone.
template <typename T>
auto deadline_after_delete(std::unique_ptr<T> object) {
  T* volatile gone = object.get();
  object.reset();
  return gone->next_deadline();
}

}  // namespace tcp::careless
