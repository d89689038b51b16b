// Novelty owns the memory of what a campaign has seen: features, and roughly how often in one sequence.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "fuzz/judge/features.h"

namespace conform::fuzz {

class Novelty {
 public:
  // How many of the features, or of their counts in octaves, no sequence had before. They are remembered.
  std::size_t take(const Features& features);
  std::size_t seen() const { return seen_; }

 private:
  std::array<std::uint8_t, kFeatures> octaves_{};   // a bit for each octave of the count that was seen
  std::array<std::uint8_t, kFeatures> counts_{};    // of the sequence at hand; all 0 between calls
  std::size_t seen_ = 0;
};

}  // namespace conform::fuzz
