#include "stack/tcp/reassembly.h"

#include <utility>

namespace tcp {

void Reassembly::hold(wire::SeqNum seq, std::span<const std::uint8_t> text, bool push) {
  const wire::SeqNum end = seq + static_cast<std::uint32_t>(text.size());
  const auto piece = [&](wire::SeqNum from, wire::SeqNum to) {
    const auto part = text.subspan(static_cast<std::size_t>(from - seq), static_cast<std::size_t>(to - from));
    return Block{from, {part.begin(), part.end()}, push && to == end};
  };
  wire::SeqNum from = seq;
  std::size_t at = 0;
  for (; at < blocks_.size() && wire::before(from, end); ++at) {
    if (wire::at_or_before(blocks_[at].end(), from)) continue;
    if (wire::at_or_after(blocks_[at].seq, end)) break;
    if (wire::before(from, blocks_[at].seq) && blocks_.size() < kMaxBlocks) {
      blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(at), piece(from, blocks_[at].seq));
      ++at;
    }
    from = wire::later_of(from, blocks_[at].end());
  }
  if (wire::before(from, end) && blocks_.size() < kMaxBlocks) {
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(at), piece(from, end));
  }
}

std::optional<Reassembly::Block> Reassembly::pop(wire::SeqNum next) {
  while (!blocks_.empty() && wire::at_or_before(blocks_.front().seq, next)) {
    Block block = std::move(blocks_.front());
    blocks_.erase(blocks_.begin());
    if (wire::at_or_before(block.end(), next)) continue;
    block.text.erase(block.text.begin(), block.text.begin() + (next - block.seq));
    block.seq = next;
    return block;
  }
  return std::nullopt;
}

}  // namespace tcp
