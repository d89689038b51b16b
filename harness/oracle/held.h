// Held owns what arrived to the right of RCV.NXT and was kept: ranges of text, and where a FIN lies (SHLD-31).
#pragma once

#include <optional>

#include "harness/base/inline_vector.h"
#include "stack/wire/seq_num.h"

namespace conform::oracle {

class Held {
 public:
  // Keeps the text [first, last). Ranges that touch are joined.
  void add(wire::SeqNum first, wire::SeqNum last);
  void add_fin(wire::SeqNum at) { fin_ = at; }

  // The point that RCV.NXT moves to when it stands at `next`: over every held range that begins at or before it.
  // What lies left of the answer is forgotten.
  wire::SeqNum join(wire::SeqNum next);

  std::optional<wire::SeqNum> fin() const { return fin_; }
  // Whether any of the text lies beyond this point.
  bool reaches_beyond(wire::SeqNum point) const;
  bool empty() const { return ranges_.empty() && !fin_; }
  void clear() { *this = Held{}; }
  bool operator==(const Held&) const = default;

 private:
  struct Range {
    wire::SeqNum first, last;
    bool operator==(const Range&) const = default;
  };
  InlineVector<Range, 8> ranges_;   // a ninth separate range is forgotten: as if the target had dropped it
  std::optional<wire::SeqNum> fin_;
};

}  // namespace conform::oracle
