// Simpler owns what is simpler than an event: what shrinking may put in its place.
#pragma once

#include <cstdint>
#include <vector>

#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

// Numbers simpler than this one, the simplest first: round ones (one digit and zeros) below it; for one that is not
// round itself also others below, ever nearer. None for 0.
std::vector<std::uint32_t> simpler_numbers(std::uint32_t number);

// Events simpler than this one, the boldest change first: flags, options, damage, text and offsets left out or smaller,
// numbers that count from the usual base, plain calls, shorter waits. Each is in range if the event is. Whoever goes
// from an event to one of these, and on from there, comes to an end.
std::vector<Event> simpler_events(const Event& event);

}  // namespace conform::fuzz
