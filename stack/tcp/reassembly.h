// Reassembly owns the text that arrived beyond RCV.NXT and waits for what is missing before it (SHLD-31).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stack/wire/seq_num.h"

namespace tcp {

// The caller has cut the text to the receive window, which bounds the octets held; the number of blocks is bounded
// here, so that single octets cannot cost a peer's victim much more than they cost the peer.
class Reassembly {
 public:
  static constexpr std::size_t kMaxBlocks = 1024;

  struct Block {
    wire::SeqNum seq;
    std::vector<std::uint8_t> text;
    bool push = false;

    wire::SeqNum end() const { return seq + static_cast<std::uint32_t>(text.size()); }
  };

  bool empty() const { return blocks_.empty(); }
  std::span<const Block> blocks() const { return blocks_; }
  void clear() { blocks_.clear(); }

  // Holds those octets that are not held yet: what came first stays (RFC 9293 3.10, "just the new data").
  void hold(wire::SeqNum seq, std::span<const std::uint8_t> text, bool push);

  // The next block that begins at or before `next`, cut to begin there; nothing when there is a hole at `next`.
  std::optional<Block> pop(wire::SeqNum next);

 private:
  friend struct Tamper;  // breaks the invariants, to prove that the check of them can fail

  std::vector<Block> blocks_;  // in order, none overlapping another
};

}  // namespace tcp
