#include "harness/packet/checksum.h"

namespace conform::packet {

namespace {
constexpr std::uint8_t kTcp = 6;
}

std::uint64_t add_words(std::uint64_t sum, std::span<const std::uint8_t> octets) {
  std::size_t at = 0;
  for (; at + 1 < octets.size(); at += 2) {
    sum += static_cast<std::uint32_t>(octets[at]) << 8 | octets[at + 1];
  }
  if (at < octets.size()) sum += static_cast<std::uint32_t>(octets[at]) << 8;
  return sum;
}

std::uint16_t fold(std::uint64_t sum) {
  while (sum > 0xFFFF) sum = (sum >> 16) + (sum & 0xFFFF);
  return static_cast<std::uint16_t>(sum);
}

std::uint64_t pseudo_header_sum(Family family, const Address& source, const Address& destination,
                                std::size_t tcp_length) {
  const std::size_t size = address_size(family);
  std::uint64_t sum = kTcp + static_cast<std::uint64_t>(tcp_length);
  sum = add_words(sum, {source.bytes.data(), size});
  return add_words(sum, {destination.bytes.data(), size});
}

}  // namespace conform::packet
