// Likely owns single events: such as make sense where a sequence has got to, and such as need not.
#pragma once

#include <cstdint>

#include "fuzz/mutate/model.h"
#include "fuzz/mutate/random.h"
#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

Event segment_event(const SegmentEvent& segment);
Event call_event(const CallEvent& call);
Event wait_event(std::uint32_t ms);
Event peer_event(spec::PeerStep::What what, std::uint8_t which);

// What a peer, a user or the clock may well do in this state, now and then a little beside it.
Event likely_event(const Guess& guess, Random& random);
// Anything that is in range, at boundary values.
Event any_event(Random& random);

}  // namespace conform::fuzz
