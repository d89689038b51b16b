#include "fuzz/campaign/novelty.h"

#include <bit>

namespace conform::fuzz {

std::size_t Novelty::take(const Features& features) {
  for (Feature feature : features) {
    if (counts_[feature] != 255) ++counts_[feature];
  }
  std::size_t fresh = 0;
  for (Feature feature : features) {
    if (counts_[feature] == 0) continue;
    const auto octave = static_cast<std::uint8_t>(1u << (std::bit_width(counts_[feature]) - 1));
    counts_[feature] = 0;
    if (octaves_[feature] & octave) continue;
    octaves_[feature] |= octave;
    ++fresh;
  }
  seen_ += fresh;
  return fresh;
}

}  // namespace conform::fuzz
