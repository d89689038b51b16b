// Mutate owns what the fuzzers do to sequences: change one, join two, make one up. All of it is determined by the
// Random's seed, and what comes of sequences in range is in range.
#pragma once

#include <cstddef>

#include "fuzz/mutate/random.h"
#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

// Applies one to a few operators. What is changed is the sequence itself, since the fuzzers' loops do this most of the
// time.
void mutate(Sequence& sequence, Random& random);

// A sequence out of two: the beginning of one and the end of the other, joined where both have probably come to the
// same state; a stretch of one put into the other; or both ends interleaved.
Sequence cross_over(const Sequence& first, const Sequence& second, Random& random);

// A conversation of so many events, at most kMaxEvents: a connection is opened in one of the ways there are, then what
// is likely where it has got to, with a dose of nonsense.
Sequence generate(Random& random, std::size_t events);

}  // namespace conform::fuzz
