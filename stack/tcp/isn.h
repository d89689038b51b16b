// IsnGenerator owns the choice of initial sequence numbers (RFC 9293 3.4.1, RFC 6528).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "stack/tcp/time.h"
#include "stack/tcp/user.h"
#include "stack/wire/seq_num.h"

namespace tcp {

// SipHash-2-4 of the octets under a 128-bit key: a pseudorandom function that outsiders cannot compute.
std::uint64_t siphash(const std::array<std::uint64_t, 2>& key, std::span<const std::uint8_t> octets);

class IsnGenerator {
 public:
  // The secret key is derived from the seed.
  explicit IsnGenerator(std::uint64_t seed);

  // ISN = M + F(localip, localport, remoteip, remoteport, secretkey), M ticking every 4 microseconds.
  wire::SeqNum next(const Socket& local, const Socket& remote, Time now) const;

  // Where the search for a free ephemeral port towards that remote socket begins: 49152 to 65535 (RFC 6056 3.3.3).
  std::uint16_t ephemeral_port(const Socket& remote, std::uint32_t attempt) const;

 private:
  std::array<std::uint64_t, 2> key_;
};

}  // namespace tcp
