// Tweak owns the changes of one field of an event.
#pragma once

#include "fuzz/mutate/random.h"
#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

// Each takes an event of its kind and gives it with the field changed: a boundary value, or a step from what it was. It
// may be out of range, and by chance the same.
Event tweak_seq(const Event& event, Random& random);
Event tweak_ack(const Event& event, Random& random);  // gives the event the ACK bit
Event tweak_flags(const Event& event, Random& random);
Event tweak_window(const Event& event, Random& random);
Event tweak_data(const Event& event, Random& random);
Event tweak_urgent(const Event& event, Random& random);
Event tweak_options(const Event& event, Random& random);
Event tweak_damage(const Event& event, Random& random);
Event tweak_reserved(const Event& event, Random& random);
Event tweak_call(const Event& event, Random& random);
Event tweak_wait(const Event& event, Random& random);
Event tweak_peer(const Event& event, Random& random);

}  // namespace conform::fuzz
