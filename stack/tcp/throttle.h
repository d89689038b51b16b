// Throttle owns the limit on one kind of ACKs of one connection: challenge ACKs (RFC 5961 7), answers to
// the ACKs of crossing window probes.
#pragma once

#include "stack/tcp/config.h"
#include "stack/tcp/time.h"

namespace tcp {

class Throttle {
 public:
  // Whether one more may be sent now; counts it if so. An interval begins with the first one sent in it.
  bool allow(const Config& config, Time now) {
    if (config.challenge_acks == 0) return true;
    if (used_ == 0 || now - begin_ >= config.challenge_interval) {
      begin_ = now;
      used_ = 0;
    }
    if (used_ >= config.challenge_acks) return false;
    ++used_;
    return true;
  }

 private:
  Time begin_{};
  unsigned used_ = 0;
};

}  // namespace tcp
