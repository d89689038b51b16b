// Values owns the numbers that are worth a try: those at the edges of what the RFC compares them with.
#pragma once

#include <cstdint>

#include "fuzz/mutate/random.h"
#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

// SEG.SEQ for a segment of `length` octets: at and beside RCV.NXT and the window's right edge, so that it begins or
// ends there; half a sequence space away; before this connection.
Number boundary_seq(std::uint32_t length, Random& random);
// SEG.ACK: at and beside SND.UNA, SND.NXT, the end of what the user gave, the send window's edge; the old ISS; far
// away.
Number boundary_ack(Random& random);

std::uint16_t boundary_window(Random& random);
std::uint16_t boundary_data(Random& random);                          // at most kMaxData
std::uint16_t boundary_urgent(std::uint32_t length, Random& random);  // around the end of so much text
std::uint16_t boundary_call_length(Random& random);                   // around the MSS and windows
std::uint32_t boundary_wait(Random& random);                          // ms, around the ends of timers
std::uint32_t boundary_timeout(Random& random);                       // ms, of users
std::uint8_t boundary_flags(Random& random);                          // control bits, sensible and not

}  // namespace conform::fuzz
