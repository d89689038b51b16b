#include "stack/wire/segment.h"

#include <algorithm>

namespace wire {

namespace {
constexpr std::uint8_t kEndOfList = 0, kNoOperation = 1, kMss = 2;
}

bool Options::append(std::span<const std::uint8_t> octets) {
  if (octets.size() > kMaxSize - size_) return false;
  std::copy(octets.begin(), octets.end(), bytes_.begin() + size_);
  size_ = static_cast<std::uint8_t>(size_ + octets.size());
  return true;
}

bool Options::append_mss(std::uint16_t mss) {
  const std::uint8_t octets[] = {kMss, 4, static_cast<std::uint8_t>(mss >> 8), static_cast<std::uint8_t>(mss)};
  return append(octets);
}

void Options::pad() {
  while (size_ % 4 != 0) bytes_[size_++] = kNoOperation;
}

std::optional<std::span<const std::uint8_t>> Options::find(std::uint8_t kind) const {
  std::size_t at = 0;
  while (at < size_ && bytes_[at] != kEndOfList) {
    if (bytes_[at] == kNoOperation) {
      ++at;
      continue;
    }
    if (at + 1 >= size_) return std::nullopt;
    const std::size_t length = bytes_[at + 1];
    if (length < 2 || at + length > size_) return std::nullopt;
    if (bytes_[at] == kind) return bytes().subspan(at + 2, length - 2);
    at += length;
  }
  return std::nullopt;
}

std::optional<std::uint16_t> Options::mss() const {
  const auto content = find(kMss);
  if (!content || content->size() != 2) return std::nullopt;
  return static_cast<std::uint16_t>((*content)[0] << 8 | (*content)[1]);
}

bool Options::operator==(const Options& other) const {
  return std::ranges::equal(bytes(), other.bytes());
}

}  // namespace wire
