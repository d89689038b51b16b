// ReceiveQueue owns the text that arrived in order and the user has not taken yet (RCV.USER of RFC 9293 3.8.6.2.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stack/wire/seq_num.h"

namespace tcp {

class ReceiveQueue {
 public:
  struct Taken {
    std::vector<std::uint8_t> text;
    bool push = false;    // "push seen"
    bool urgent = false;  // urgent text remains to be read
  };

  // Empties the queue; the first octet to come has this number.
  void start(wire::SeqNum first);

  std::uint32_t size() const { return static_cast<std::uint32_t>(octets_.size() - head_); }
  bool empty() const { return size() == 0; }
  // The first octet that the user has not consumed.
  wire::SeqNum begin() const { return begin_; }

  void append(std::span<const std::uint8_t> text, bool push);

  // RCV.UP <- max(RCV.UP, up). True when the user has to be told: RCV.UP is in advance of what the user has consumed
  // (RCV.NXT does not matter, so `up` may lie within text that waits), and either no urgent text was pending before, or
  // the mark moved forward (RFC 9293 3.8.5, MUST-32).
  bool set_urgent(wire::SeqNum up);
  bool urgent_pending() const { return urgent_.has_value(); }
  // RCV.UP while it is in advance of what the user has consumed: the user is in urgent mode; otherwise nothing.
  std::optional<wire::SeqNum> urgent() const { return urgent_; }

  // Takes at most `limit` octets, never from both sides of the urgent mark (RFC 9293 3.9.1.3).
  Taken take(std::size_t limit);

 private:
  std::vector<std::uint8_t> octets_;
  std::size_t head_ = 0;
  wire::SeqNum begin_;
  std::optional<wire::SeqNum> push_, urgent_;
};

}  // namespace tcp
