// Rto owns the retransmission timeout of one connection (RFC 6298).
#pragma once

#include <algorithm>
#include <optional>

#include "stack/tcp/config.h"
#include "stack/tcp/time.h"
#include "stack/wire/seq_num.h"

namespace tcp {

class Rto {
 public:
  explicit Rto(const Config& config) : value_(config.initial_rto), min_(config.min_rto), max_(config.max_rto) {}

  Duration value() const { return value_; }

  // Times the segment that ends before `end`, unless another one is being timed already.
  void time(wire::SeqNum end, Time now);
  // Everything before `ack` has been acknowledged: takes the sample if the timed segment is among it (section 2).
  void acknowledged(wire::SeqNum ack, Time now);
  // A segment was sent again: no sample can be taken from what is under way (Karn's algorithm, section 3).
  void retransmitted() { timed_.reset(); }
  // The timer expired: doubles the timeout (section 5.5).
  void back_off() { value_ = std::min(value_ * 2, max_); }
  // The SYN had to be sent again: data transmission begins with at least 3 seconds (section 5.7).
  void handshake_was_slow() { value_ = std::max<Duration>(std::chrono::seconds(3), min_); }

 private:
  struct Timed {
    wire::SeqNum end;
    Time at;
  };
  void sample(Duration rtt);

  Duration value_, min_, max_;
  std::optional<Duration> srtt_;
  Duration rttvar_{};
  std::optional<Timed> timed_;
};

}  // namespace tcp
