// Features owns the feedback of the model: which (state, row, outcome) and (state, class of event, next state) a
// sequence has reached. It guides the fuzzers also where the target's code cannot be instrumented.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/sequence/sequence.h"
#include "harness/oracle/world.h"
#include "stack/wire/segment.h"
#include "stack/wire/state.h"

namespace conform::fuzz {

// A feature by its hash. Two may share one, which costs guidance and nothing else: a campaign reaches some thousands.
using Feature = std::uint16_t;
inline constexpr std::size_t kFeatures = 1u << 14;
// Those of one sequence in the order in which they came, each as often as it came.
using Features = std::vector<Feature>;

// What an event is before it happens: for a segment its control bits, and where its SEQ, text and ACK lie among the
// variables; for a call its verb; for a wait how long.
std::uint32_t event_class(const Event& event, const oracle::World& world);
std::uint32_t event_class(const wire::Segment& segment, const oracle::World& world);

// What the target did at once, as far as it distinguishes outcomes.
struct Outcome {
  wire::State before = wire::State::Closed, after = wire::State::Closed;
  std::uint32_t event_class = 0;
  std::uint8_t sent = 0;      // control bits of everything that was sent, ORed
  bool sent_text = false;
};

// Appends the features of an event: its class, and each row that explains it.
void add_features(Features& features, const Outcome& outcome, std::span<const oracle::Fired> fired);

}  // namespace conform::fuzz
