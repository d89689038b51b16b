#include "stack/tcp/receive_queue.h"

#include <algorithm>

#include "stack/tcp/defects.h"

namespace tcp {

void ReceiveQueue::start(wire::SeqNum first) {
  octets_.clear();
  head_ = 0;
  begin_ = first;
  push_.reset();
  urgent_.reset();
}

void ReceiveQueue::append(std::span<const std::uint8_t> text, bool push) {
  octets_.insert(octets_.end(), text.begin(), text.end());
  if (push) push_ = begin_ + size();
}

bool ReceiveQueue::set_urgent(wire::SeqNum up) {
  // RFC 9293 3.8.5: the pointer cannot recede, but a receiver is robust against invalid values.
  if (!wire::after(up, begin_)) return false;
  if (urgent_ && !wire::after(up, *urgent_)) return false;
  urgent_ = up;
  return true;
}

ReceiveQueue::Taken ReceiveQueue::take(std::size_t limit) {
  std::size_t count = std::min<std::size_t>(limit, size());
  if (urgent_pending()) count = std::min<std::size_t>(count, static_cast<std::size_t>(*urgent_ - begin_));
  Taken taken;
  const auto from = octets_.begin() + static_cast<std::ptrdiff_t>(head_);
  taken.text.assign(from, from + static_cast<std::ptrdiff_t>(count));
  if (defects::on(Defect::UrgentPointerUnchecked) && urgent_pending()) {
    taken.text.resize(static_cast<std::size_t>(*urgent_ - begin_));
  }
  const wire::SeqNum end = begin_ + static_cast<std::uint32_t>(count);
  taken.push = push_ && wire::at_or_before(*push_, end);
  head_ += count;
  begin_ = end;
  // A mark left behind would seem to lie ahead again 2^31 octets later.
  if (push_ && wire::at_or_before(*push_, begin_)) push_.reset();
  if (urgent_ && wire::at_or_before(*urgent_, begin_)) urgent_.reset();
  taken.urgent = urgent_pending();
  if (head_ == octets_.size()) {
    octets_.clear();
    head_ = 0;
  } else if (head_ > octets_.size() / 2) {
    octets_.erase(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  return taken;
}

}  // namespace tcp
