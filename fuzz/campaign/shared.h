// Shared owns the memory that a campaign's workers and its parent share: what was done, what was reached, and what each
// worker is at, so that a worker's death can be laid to a sequence.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "fuzz/judge/reached.h"
#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

inline constexpr std::size_t kMaxWorkers = 64;

struct WorkerBoard {
  std::atomic<std::uint64_t> executions{0};      // judged sequences
  std::atomic<std::uint64_t> beats{0};           // whatever was begun: stands still when the worker hangs
  std::atomic<std::uint32_t> size{0};            // octets of `input`; 0 while nothing runs
  std::array<std::uint8_t, kMaxEncoded> input{}; // the sequence under way, where one runs at a time

  void begins(const Sequence& sequence);
  Sequence under_way() const;
};

struct Board {
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> known{0}, reports{0}, pool{0};   // known deviations seen; findings seen; sequences kept
  Reached reached;
  std::array<WorkerBoard, kMaxWorkers> workers;

  std::uint64_t executions() const;
};

// A board in memory that outlives a fork and is the same on both sides. Throws std::bad_alloc if there is none.
struct UnmapBoard {
  void operator()(Board* board) const;
};
std::unique_ptr<Board, UnmapBoard> make_board();

}  // namespace conform::fuzz
