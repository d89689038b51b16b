#include "stack/tcp/rto.h"

namespace tcp {

void Rto::time(wire::SeqNum end, Time now) {
  if (!timed_) timed_ = Timed{end, now};
}

void Rto::acknowledged(wire::SeqNum ack, Time now) {
  if (!timed_ || wire::before(ack, timed_->end)) return;
  sample(now - timed_->at);
  timed_.reset();
}

void Rto::sample(Duration rtt) {
  if (!srtt_) {
    srtt_ = rtt;
    rttvar_ = rtt / 2;
  } else {
    const Duration deviation = *srtt_ > rtt ? *srtt_ - rtt : rtt - *srtt_;
    rttvar_ = (3 * rttvar_ + deviation) / 4;
    srtt_ = (7 * *srtt_ + rtt) / 8;
  }
  constexpr Duration kGranularity = std::chrono::milliseconds(1);
  value_ = std::clamp(*srtt_ + std::max(kGranularity, 4 * rttvar_), min_, max_);
}

}  // namespace tcp
