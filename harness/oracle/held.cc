#include "harness/oracle/held.h"

namespace conform::oracle {

void Held::add(wire::SeqNum first, wire::SeqNum last) {
  if (!wire::before(first, last)) return;
  for (std::size_t i = 0; i < ranges_.size();) {
    const Range& range = ranges_[i];
    if (wire::after(range.first, last) || wire::before(range.last, first)) {
      ++i;
      continue;
    }
    if (wire::before(range.first, first)) first = range.first;
    last = wire::later_of(range.last, last);
    ranges_.erase(i);
  }
  ranges_.push_back({first, last});
}

wire::SeqNum Held::join(wire::SeqNum next) {
  for (std::size_t i = 0; i < ranges_.size();) {
    if (wire::after(ranges_[i].first, next)) {
      ++i;
      continue;
    }
    next = wire::later_of(next, ranges_[i].last);
    ranges_.erase(i);
    i = 0;
  }
  if (fin_ && wire::before(*fin_, next)) fin_.reset();
  return next;
}

bool Held::reaches_beyond(wire::SeqNum point) const {
  for (const Range& range : ranges_) {
    if (wire::after(range.last, point)) return true;
  }
  return false;
}

}  // namespace conform::oracle
