// Reached owns what a campaign has reached by name: rows in the states they fired in, and transitions. It may lie in
// memory that processes share: every mark is a single octet that is only ever set.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/oracle/world.h"
#include "stack/wire/state.h"

namespace conform::fuzz {

class Reached {
 public:
  void mark(wire::State before, wire::State after, std::span<const oracle::Fired> fired) {
    if (before != after) transitions_[index(before) * oracle::kStates + index(after)] = 1;
    for (const oracle::Fired& row : fired) {
      if (row.row < kRows) rows_[row.row * oracle::kStates + index(row.state)] = 1;
    }
  }

  bool row(oracle::RowNumber row, wire::State state) const { return rows_[row * oracle::kStates + index(state)] != 0; }
  std::size_t rows() const { return static_cast<std::size_t>(std::ranges::count(rows_, 1)); }   // counted by state
  std::size_t transitions() const { return static_cast<std::size_t>(std::ranges::count(transitions_, 1)); }

 private:
  static constexpr std::size_t kRows = 1024;   // more than a table has
  static constexpr std::size_t index(wire::State state) { return static_cast<std::size_t>(state); }

  std::array<std::uint8_t, kRows * oracle::kStates> rows_{};
  std::array<std::uint8_t, oracle::kStates * oracle::kStates> transitions_{};
};

}  // namespace conform::fuzz
