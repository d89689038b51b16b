// SendQueue owns the text that the user gave to SEND and the peer has not acknowledged yet, sent or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stack/wire/seq_num.h"

namespace tcp {

class SendQueue {
 public:
  // The first octet held has this sequence number from now on; text and marks move with it.
  void rebase(wire::SeqNum first);

  bool empty() const { return size() == 0; }
  std::size_t size() const { return octets_.size() - head_; }
  wire::SeqNum begin() const { return begin_; }
  wire::SeqNum end() const { return begin_ + static_cast<std::uint32_t>(size()); }

  // Appends text. `urgent` moves the urgent mark to its end, `push` the push mark; with no text, to the end of what is
  // held already (RFC 9293 3.10.2: SND.UP <- SND.NXT).
  void append(std::span<const std::uint8_t> text, bool push, bool urgent);

  // Forgets what lies before `ack`.
  void acknowledge(wire::SeqNum ack);

  // Forgets what lies at or after `end`.
  void truncate(wire::SeqNum end);

  // At most `limit` octets from `from` on, which must lie between begin() and end(). Valid until the next change.
  std::span<const std::uint8_t> view(wire::SeqNum from, std::size_t limit) const;

  // Whether the end of a pushed SEND lies in from < mark =< to (RFC 9293 3.9.1.2: successive marks collapse).
  bool pushed_within(wire::SeqNum from, wire::SeqNum to) const;

  // SND.UP: the sequence number of the octet following the urgent text (MUST-62); nothing when all of
  // it is acknowledged.
  std::optional<wire::SeqNum> urgent() const { return urgent_; }

 private:
  std::vector<std::uint8_t> octets_;
  std::size_t head_ = 0;  // octets_[head_] is the one at begin_
  wire::SeqNum begin_;
  std::optional<wire::SeqNum> push_, urgent_;
};

}  // namespace tcp
