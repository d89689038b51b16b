// Checksum owns the Internet checksum (RFC 1071): the one's complement sum that IPv4 and TCP headers carry.
#pragma once

#include <cstdint>
#include <span>

namespace codec {

// Sums octets as big-endian 16-bit words. Pieces may be added one after another; every piece but the last must have
// an even length, and an odd last octet counts as if a zero octet followed it (RFC 9293 3.1, Checksum).
class Checksum {
 public:
  void add(std::span<const std::uint8_t> octets);
  void add(std::uint16_t word) { sum_ += word; }

  // The complement of the folded sum: what goes into the checksum field. Over a region that includes a correct
  // checksum field it is 0.
  std::uint16_t value() const;

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace codec
