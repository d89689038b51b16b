#include "stack/tcp/send_queue.h"

#include <algorithm>

namespace tcp {

void SendQueue::rebase(wire::SeqNum first) {
  const auto shift = [&](std::optional<wire::SeqNum>& mark) {
    if (mark) mark = first + static_cast<std::uint32_t>(*mark - begin_);
  };
  shift(push_);
  shift(urgent_);
  begin_ = first;
}

void SendQueue::append(std::span<const std::uint8_t> text, bool push, bool urgent) {
  octets_.insert(octets_.end(), text.begin(), text.end());
  if (empty()) return;
  if (push) push_ = end();
  if (urgent) urgent_ = end();
}

void SendQueue::acknowledge(wire::SeqNum ack) {
  if (!wire::after(ack, begin_)) return;
  const std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(ack - begin_), size());
  head_ += count;
  begin_ += static_cast<std::uint32_t>(count);
  // A mark left behind would seem to lie ahead again 2^31 octets later.
  if (push_ && wire::at_or_before(*push_, begin_)) push_.reset();
  if (urgent_ && wire::at_or_before(*urgent_, begin_)) urgent_.reset();
  if (head_ == octets_.size()) {
    octets_.clear();
    head_ = 0;
  } else if (head_ > octets_.size() / 2) {
    // Moving the rest down only when it is the smaller part keeps the cost of each octet constant.
    octets_.erase(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

void SendQueue::truncate(wire::SeqNum end) {
  const auto keep = static_cast<std::size_t>(std::max(0, end - begin_));
  octets_.resize(head_ + std::min(keep, size()));
}

std::span<const std::uint8_t> SendQueue::view(wire::SeqNum from, std::size_t limit) const {
  const std::size_t offset = std::min<std::size_t>(static_cast<std::uint32_t>(from - begin_), size());
  return std::span(octets_).subspan(head_ + offset, std::min(limit, size() - offset));
}

bool SendQueue::pushed_within(wire::SeqNum from, wire::SeqNum to) const {
  return push_ && wire::after(*push_, from) && wire::at_or_before(*push_, to);
}

}  // namespace tcp
