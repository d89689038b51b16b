#include "fuzz/mutate/values.h"

#include <algorithm>
#include <limits>

#include "stack/wire/segment.h"

namespace conform::fuzz {

namespace {

using wire::Flags;

// RFC 9293 3.7.1: 536 (IPv4) and 1220 (IPv6) without an option; 1460 over Ethernet.
constexpr std::int32_t kMss[] = {536, 1220, 1460};

constexpr Weighted<Base> kSeqBases[] = {{10, Base::RcvNxt}, {6, Base::RcvEdge}, {3, Base::RcvRead}, {4, Base::PeerIss},
                                        {1, Base::SndNxt},  {1, Base::Iss},     {2, Base::Zero}};
constexpr Weighted<Base> kAckBases[] = {{8, Base::SndNxt}, {8, Base::SndUna}, {4, Base::SndEnd}, {4, Base::SndEdge},
                                        {4, Base::Iss},    {1, Base::RcvNxt}, {2, Base::Zero}};

// 2^31 away, where the order of sequence numbers turns round (RFC 9293 3.4); and a neighbour of it.
std::int32_t half_space(Random& random) {
  return static_cast<std::int32_t>(0x80000000u + static_cast<std::uint32_t>(random.between(-2, 2)));
}

std::int32_t far_offset(Random& random) {
  constexpr std::int32_t kFar[] = {-100'000, -65'536, -65'535, -32'768, -3000, 3000, 32'768, 65'535, 65'536, 100'000};
  switch (random.below(8)) {
    case 0:
    case 1: return half_space(random);
    case 2: return static_cast<std::int32_t>(random.next());
    default: return random.pick(kFar) + random.between(-1, 1);
  }
}

std::int32_t near_offset(Random& random) {
  switch (random.below(8)) {
    case 0: return random.pick(kMss) + random.between(-1, 1);
    case 1: return -random.pick(kMss) + random.between(-1, 1);
    case 2: return random.between(-120, 120);
    case 3: return 10 * random.between(1, 4);
    default: return random.between(-2, 2);
  }
}

// Plain numbers that fields of 16 bits are compared with.
std::uint32_t number16(Random& random) {
  constexpr std::uint32_t kEdges[] = {0, 1, 2, 100, 256, 536, 1024, 1220, 1460, 2920, 4096, 0x7fff, 0x8000, 0xffff};
  const std::uint32_t edge = random.pick(kEdges);
  switch (random.below(6)) {
    case 0: return random.below(0x10000);
    case 1: return std::min(edge + 1, 0xffffu);
    case 2: return edge == 0 ? 0 : edge - 1;
    default: return edge;
  }
}

}  // namespace

Number boundary_seq(std::uint32_t length, Random& random) {
  const Base base = pick(kSeqBases, random);
  const auto end = -static_cast<std::int32_t>(length);
  switch (random.below(8)) {
    case 0: return {base, 0};
    case 1:
    case 2: return {base, end + random.between(-1, 1)};  // the segment ends at the base
    case 3: return {base, far_offset(random)};
    default: return {base, near_offset(random)};
  }
}

Number boundary_ack(Random& random) {
  const Base base = pick(kAckBases, random);
  switch (random.below(8)) {
    case 0:
    case 1: return {base, 0};
    case 2: return {base, far_offset(random)};
    default: return {base, near_offset(random)};
  }
}

std::uint16_t boundary_window(Random& random) {
  if (random.percent(25)) return static_cast<std::uint16_t>(random.below(3));
  return static_cast<std::uint16_t>(number16(random));
}

std::uint16_t boundary_data(Random& random) {
  constexpr std::uint16_t kSmall[] = {0, 1, 2, 10, 20, 30, 100};
  if (random.percent(50)) return random.pick(kSmall);
  return static_cast<std::uint16_t>(std::min(number16(random), kMaxData));
}

std::uint16_t boundary_urgent(std::uint32_t length, Random& random) {
  const auto end = static_cast<std::int32_t>(length);
  if (random.percent(70)) return static_cast<std::uint16_t>(std::max(end + random.between(-2, 2), 0));
  return static_cast<std::uint16_t>(number16(random));
}

std::uint16_t boundary_call_length(Random& random) {
  constexpr std::uint16_t kUsual[] = {1, 10, 100, 1000, 2000, 10'000};
  if (random.percent(50)) return random.pick(kUsual);
  return static_cast<std::uint16_t>(number16(random));
}

std::uint32_t boundary_wait(Random& random) {
  // Delayed ACK (RFC 9293 3.8.6.3: below 500 ms), challenge ACK limits and RTO (RFC 6298: 1 s, doubled), persist, the
  // user timeout of the ways (5 s), 2 MSL of 1 to 4 minutes, the user timeout of the RFC (5 min).
  constexpr std::uint32_t kTimers[] = {40,   100,  200,    250,    500,    1000,    2000,    3000,    4000,   5000,
                                       6000, 8000, 15'000, 30'000, 60'000, 120'000, 240'000, 300'000, 600'000};
  const std::uint32_t edge = random.percent(60) ? kTimers[random.below(9)] : random.pick(kTimers);
  switch (random.below(8)) {
    case 0: return random.below(10'000);
    case 1: return edge - 1;
    case 2: return std::min(edge + 1, kMaxWaitMs);
    default: return edge;
  }
}

std::uint32_t boundary_timeout(Random& random) {
  constexpr std::uint32_t kTimeouts[] = {1, 100, 1000, 5000, 60'000, 120'000, 300'000, kMaxTimeoutMs};
  return random.pick(kTimeouts);
}

std::uint8_t boundary_flags(Random& random) {
  constexpr std::uint8_t kSensible[] = {Flags::kAck,
                                        Flags::kPsh | Flags::kAck,
                                        Flags::kFin | Flags::kAck,
                                        Flags::kFin | Flags::kPsh | Flags::kAck,
                                        Flags::kSyn,
                                        Flags::kSyn | Flags::kAck,
                                        Flags::kRst,
                                        Flags::kRst | Flags::kAck,
                                        Flags::kUrg | Flags::kAck,
                                        Flags::kUrg | Flags::kPsh | Flags::kAck};
  constexpr std::uint8_t kOdd[] = {0,
                                   Flags::kFin,
                                   Flags::kPsh,
                                   Flags::kUrg,
                                   Flags::kSyn | Flags::kFin,
                                   Flags::kSyn | Flags::kRst,
                                   Flags::kSyn | Flags::kFin | Flags::kAck,
                                   Flags::kFin | Flags::kRst | Flags::kAck,
                                   Flags::kSyn | Flags::kUrg,
                                   Flags::kSyn | Flags::kEce | Flags::kCwr,
                                   Flags::kAck | Flags::kEce,
                                   0xff};
  switch (random.below(8)) {
    case 0: return static_cast<std::uint8_t>(random.next());
    case 1:
    case 2: return random.pick(kOdd);
    default: return random.pick(kSensible);
  }
}

}  // namespace conform::fuzz
