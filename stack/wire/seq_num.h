// SeqNum owns the arithmetic of the 32-bit sequence space (RFC 9293 3.4): all of it modulo 2^32.
#pragma once

#include <cstdint>

namespace wire {

// A sequence or acknowledgment number. It has no operator<: order is only defined within half of the space, and
// the names below say which question is asked.
class SeqNum {
 public:
  constexpr SeqNum() = default;
  constexpr explicit SeqNum(std::uint32_t raw) : raw_(raw) {}

  constexpr std::uint32_t raw() const { return raw_; }

  constexpr bool operator==(const SeqNum&) const = default;

  // Moves forwards or backwards by octets of sequence space.
  constexpr SeqNum operator+(std::uint32_t octets) const { return SeqNum(raw_ + octets); }
  constexpr SeqNum operator-(std::uint32_t octets) const { return SeqNum(raw_ - octets); }
  constexpr SeqNum& operator+=(std::uint32_t octets) { return *this = *this + octets; }

  // The signed distance from `other` to this, in octets: negative when this is the older one.
  constexpr std::int32_t operator-(SeqNum other) const { return static_cast<std::int32_t>(raw_ - other.raw_); }

 private:
  std::uint32_t raw_ = 0;
};

// RFC 9293 3.4: "<" and "=<" modulo 2^32. Defined for numbers less than 2^31 apart.
constexpr bool before(SeqNum a, SeqNum b) { return a - b < 0; }
constexpr bool at_or_before(SeqNum a, SeqNum b) { return a - b <= 0; }
constexpr bool after(SeqNum a, SeqNum b) { return a - b > 0; }
constexpr bool at_or_after(SeqNum a, SeqNum b) { return a - b >= 0; }

// first =< s < first+length: whether s lies in a window (RFC 9293 3.4, Table 5). An empty window holds nothing.
constexpr bool in_window(SeqNum s, SeqNum first, std::uint32_t length) { return s.raw() - first.raw() < length; }

constexpr SeqNum later_of(SeqNum a, SeqNum b) { return before(a, b) ? b : a; }

}  // namespace wire
