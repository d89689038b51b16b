#include "stack/codec/checksum.h"

#include <cstddef>

namespace codec {

void Checksum::add(std::span<const std::uint8_t> octets) {
  std::size_t at = 0;
  for (; at + 1 < octets.size(); at += 2) sum_ += static_cast<std::uint32_t>(octets[at] << 8 | octets[at + 1]);
  if (at < octets.size()) sum_ += static_cast<std::uint32_t>(octets[at] << 8);
}

std::uint16_t Checksum::value() const {
  std::uint64_t folded = sum_;
  while (folded >> 16) folded = (folded & 0xffff) + (folded >> 16);
  return static_cast<std::uint16_t>(~folded);
}

}  // namespace codec
