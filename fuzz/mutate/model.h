// Model owns a very rough guess of what a sequence has led to, so that the mutator can choose events that make sense
// there. It follows a target that does what the RFC says, and takes what is not plainly in order for ignored. Nothing
// is judged by it: where it errs, an event is merely less likely.
#pragma once

#include <cstddef>
#include <span>

#include "fuzz/sequence/sequence.h"
#include "stack/wire/state.h"

namespace conform::fuzz {

struct Guess {
  wire::State state = wire::State::Closed;
  bool passive = false;    // this connection began with OPEN passive
  bool in_flight = false;  // the target has sent what the peer has not acknowledged
  bool unread = false;     // text has come that the user has not received
  bool hole = false;       // text has come that lies further right
  bool shut = false;       // the peer has closed its window
  bool operator==(const Guess&) const = default;
};

// The guess after one more event.
Guess after(const Guess& guess, const Event& event);

// The guess when the first `count` events have happened.
Guess guess_at(std::span<const Event> sequence, std::size_t count);

}  // namespace conform::fuzz
