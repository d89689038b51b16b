#include "fuzz/findings/shrink.h"

#include <algorithm>
#include <bit>
#include <string>
#include <unordered_set>
#include <utility>

#include "fuzz/findings/simpler.h"
#include "fuzz/sequence/binary.h"

namespace conform::fuzz {

namespace {

class Shrinker {
 public:
  Shrinker(const Sequence& sequence, const StillFails& still_fails, std::size_t most)
      : sequence_(sequence), still_fails_(still_fails), left_(most) {}

  Sequence shrunk() {
    if (!fails(sequence_)) return sequence_;
    cut_the_end();
    for (bool changed = true; changed;) {
      changed = leave_out();
      changed |= simplify();
    }
    return sequence_;
  }

 private:
  bool fails(const Sequence& candidate) {
    if (left_ == 0) return false;
    const auto octets = encode(candidate);
    if (!tried_.emplace(octets.begin(), octets.end()).second) return false;
    --left_;
    return still_fails_(candidate);
  }

  // Takes the candidate if it still fails.
  bool take(Sequence candidate) {
    if (!fails(candidate)) return false;
    sequence_ = std::move(candidate);
    return true;
  }

  Sequence prefix(std::size_t events) const {
    return {sequence_.begin(), sequence_.begin() + static_cast<std::ptrdiff_t>(events)};
  }

  // What comes after the event that ended it matters least: the shortest beginning that fails, as far as halving finds it.
  void cut_the_end() {
    std::size_t passes = 0;
    while (passes < sequence_.size()) {
      const std::size_t middle = passes + (sequence_.size() - passes) / 2;
      if (!take(prefix(middle))) passes = middle + 1;
    }
  }

  // Halves, quarters, ..., single events, as long as it helps. From the end: later events need earlier ones.
  bool leave_out() {
    bool changed = false;
    for (std::size_t size = std::bit_floor(sequence_.size()); size > 0;) {
      const bool some = leave_out(size);
      changed |= some;
      if (!some) size /= 2;
      size = std::min(size, std::bit_floor(sequence_.size()));
    }
    return changed;
  }

  bool leave_out(std::size_t size) {
    bool changed = false;
    for (std::size_t at = sequence_.size() - size + 1; at-- > 0;) {
      if (at + size > sequence_.size()) continue;
      Sequence candidate = prefix(at);
      candidate.insert(candidate.end(), sequence_.begin() + static_cast<std::ptrdiff_t>(at + size), sequence_.end());
      changed |= take(std::move(candidate));
    }
    return changed;
  }

  bool simplify() {
    bool changed = false;
    for (std::size_t at = sequence_.size(); at-- > 0;) {
      while (simplify(at)) changed = true;
    }
    return changed;
  }

  bool simplify(std::size_t at) {
    for (const Event& event : simpler_events(sequence_[at])) {
      Sequence candidate = sequence_;
      candidate[at] = event;
      if (take(std::move(candidate))) return true;
    }
    return false;
  }

  Sequence sequence_;
  const StillFails& still_fails_;
  std::size_t left_;
  std::unordered_set<std::string> tried_;
};

}  // namespace

Sequence shrink(const Sequence& sequence, const StillFails& still_fails, std::size_t most_executions) {
  return Shrinker(sequence, still_fails, most_executions).shrunk();
}

}  // namespace conform::fuzz
