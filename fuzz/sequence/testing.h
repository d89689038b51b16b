// Testing owns random sequences for the tests of this layer, and how events are printed when a test fails.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <random>

#include "fuzz/sequence/notation.h"
#include "fuzz/sequence/sequence.h"
#include "stack/wire/segment.h"

namespace conform::fuzz {

inline void PrintTo(const Event& event, std::ostream* out) { *out << to_string(event); }
inline void PrintTo(const SegmentEvent& segment, std::ostream* out) { *out << to_string(segment); }
inline void PrintTo(const Number& number, std::ostream* out) { *out << to_string(number); }

// Everything that is in range, the ends of the ranges often.
class AnySequence {
 public:
  explicit AnySequence(std::uint64_t seed) : engine_(seed) {}

  Sequence next(std::size_t most = kMaxEvents) {
    Sequence sequence(below(most + 1));
    for (Event& made : sequence) made = event();
    return sequence;
  }

  Event event() {
    Event event;
    event.kind = static_cast<Event::Kind>(below(4));
    event.segment = segment();
    event.call.verb = static_cast<Verb>(below(kVerbs));
    event.call.active = below(2);
    event.call.remote_specified = below(2);
    event.call.push = below(2);
    event.call.urgent = below(2);
    event.call.length = static_cast<std::uint16_t>(number(0xffff));
    event.call.timeout_ms = below(2) ? number(kMaxTimeoutMs) : 0;
    event.wait.ms = number(kMaxWaitMs);
    event.peer.what = static_cast<spec::PeerStep::What>(below(kPeerSteps));
    event.peer.which = static_cast<std::uint8_t>(below(kMaxWhich + 1));
    return in_range(event);
  }

  SegmentEvent segment() {
    Event made;
    SegmentEvent& segment = made.segment;
    segment.ctl = static_cast<std::uint8_t>(below(2) ? wire::Flags::kAck : below(256));
    if (below(2)) segment.seq = number();
    if (below(2)) segment.ack = number();
    segment.keeps_window = below(2);
    segment.wnd = static_cast<std::uint16_t>(number(0xffff));
    if (below(4) == 0) segment.up = static_cast<std::uint16_t>(number(0xffff));
    if (below(2)) segment.data = static_cast<std::uint16_t>(number(kMaxData));
    if (below(8) == 0) segment.reserved = static_cast<std::uint8_t>(below(16));
    if (below(4) == 0) segment.damage = static_cast<spec::Damage>(below(kDamages));
    if (below(3) == 0) options(segment);
    return in_range(made).segment;
  }

  std::uint32_t below(std::size_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }

 private:
  Number number() {
    constexpr std::int32_t kOffsets[] = {0, 1, -1, 7, -7, 8, -8, 100, -1460, 0x7fffffff, -0x7fffffff - 1};
    const auto offset = below(3) ? kOffsets[below(std::size(kOffsets))] : static_cast<std::int32_t>(engine_());
    return {static_cast<Base>(below(kBases)), offset};
  }
  // 0 .. most.
  std::uint32_t number(std::uint32_t most) {
    const std::uint32_t ends[] = {0, 1, 127, 128, most - 1, most};
    return below(2) ? std::min(ends[below(std::size(ends))], most) : below(std::size_t{most} + 1);
  }
  void options(SegmentEvent& segment) {
    if (below(2)) {
      for (unsigned octet : {2u, 4u, below(256), below(256)})
        segment.options.push_back(static_cast<std::uint8_t>(octet));
    }
    const std::size_t size = below(2) ? below(41) : below(8);
    while (segment.options.size() < size) segment.options.push_back(static_cast<std::uint8_t>(engine_()));
  }

  std::mt19937_64 engine_;
};

}  // namespace conform::fuzz
