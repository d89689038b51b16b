// Segment owns the value of one TCP segment (RFC 9293 3.1), apart from its bytes: fields, options, text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stack/wire/seq_num.h"

namespace wire {

// The control bits, in the order of the header's thirteenth and fourteenth octets.
struct Flags {
  static constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10, kUrg = 0x20,
                                kEce = 0x40, kCwr = 0x80;
  std::uint8_t bits = 0;

  constexpr bool fin() const { return bits & kFin; }
  constexpr bool syn() const { return bits & kSyn; }
  constexpr bool rst() const { return bits & kRst; }
  constexpr bool psh() const { return bits & kPsh; }
  constexpr bool ack() const { return bits & kAck; }
  constexpr bool urg() const { return bits & kUrg; }
  constexpr bool operator==(const Flags&) const = default;
};

// The options field: at most 40 octets (RFC 9293 3.1, Data Offset), kept as they are on the wire so that malformed
// lists can be told from absent ones. Octets that do not fit are refused.
class Options {
 public:
  static constexpr std::size_t kMaxSize = 40;

  std::span<const std::uint8_t> bytes() const { return {bytes_.data(), size_}; }
  bool empty() const { return size_ == 0; }

  // Appends octets. False, and nothing changed, when they do not fit.
  bool append(std::span<const std::uint8_t> octets);
  // Appends a Maximum Segment Size option (kind 2, RFC 9293 3.7.1), in octets of text.
  bool append_mss(std::uint16_t mss);
  // Appends No-Operations (kind 1) up to a multiple of four octets.
  void pad();

  // The content (after kind and length) of the first option of that kind. Nothing when it is absent, or when the
  // list is malformed before it: an option of length 0 or 1, or one that overruns the field (RFC 9293 3.1, MUST-7).
  std::optional<std::span<const std::uint8_t>> find(std::uint8_t kind) const;
  // The value of the MSS option; nothing when it is absent or its length is not 4.
  std::optional<std::uint16_t> mss() const;

  bool operator==(const Options& other) const;

 private:
  std::array<std::uint8_t, kMaxSize> bytes_{};
  std::uint8_t size_ = 0;
};

struct Segment {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  SeqNum seq;
  SeqNum ack;  // meaningless unless flags.ack()
  Flags flags;
  std::uint8_t reserved = 0;  // the four reserved bits
  std::uint16_t wnd = 0;      // as on the wire, before any scaling
  std::uint16_t urgent_pointer = 0;
  Options options;
  std::vector<std::uint8_t> text;

  // SEG.LEN: octets of sequence space, counting SYN and FIN (RFC 9293 3.4).
  std::uint32_t length() const {
    return static_cast<std::uint32_t>(text.size()) + (flags.syn() ? 1u : 0u) + (flags.fin() ? 1u : 0u);
  }
  bool operator==(const Segment&) const = default;
};

}  // namespace wire
