// FastRetransmit owns the detection of loss by duplicate ACKs (RFC 5681 3.2, RFC 6582 3.2): when the front goes again.
#pragma once

#include <optional>

#include "stack/wire/seq_num.h"

namespace tcp {

// It counts and remembers; what is sent again, and which ACK is a duplicate, the connection knows. A congestion window
// belongs beside the recovery point: duplicate() is where ssthresh and cwnd are set (RFC 5681 3.2, steps 2 to 4),
// acknowledged() where cwnd is inflated or deflated (step 6), timed_out() where it falls to one segment (3.1).
class FastRetransmit {
 public:
  static constexpr unsigned kThreshold = 3;

  // A duplicate ACK has come while everything before `snd_nxt` was sent. True if it is the third of a loss event that
  // has not been answered yet: what seems to be missing is to be sent again now.
  bool duplicate(wire::SeqNum snd_nxt);
  // SND.UNA has moved to `ack`: the count begins anew, and the loss event is over once `ack` lies beyond all that had
  // been sent when it was noticed.
  void acknowledged(wire::SeqNum ack);
  // The retransmission timer has dealt with the loss of something before `snd_nxt`: duplicates that the retransmission
  // draws are no new loss (RFC 6582 3.2, step 4).
  void timed_out(wire::SeqNum snd_nxt);

  unsigned duplicates() const { return duplicates_; }
  // What was SND.NXT when the loss was noticed, until it is over.
  std::optional<wire::SeqNum> recovery_point() const { return recovery_point_; }

 private:
  unsigned duplicates_ = 0;  // since SND.UNA moved, at most kThreshold
  std::optional<wire::SeqNum> recovery_point_;
};

}  // namespace tcp
