// Options owns the lists of options that the fuzzers send (RFC 9293 3.1 and 3.2): well formed and broken.
#pragma once

#include <cstdint>

#include "fuzz/mutate/random.h"
#include "harness/base/inline_vector.h"

namespace conform::fuzz {

using OptionList = InlineVector<std::uint8_t, 40>;

// Those of a usual SYN: a Maximum Segment Size, perhaps SACK permitted, timestamps, a window scale.
OptionList usual_syn_options(Random& random);
// A few options in any order, of known and unknown kinds, each of the right length, padded or not.
OptionList well_formed_options(Random& random);
// A list with something wrong in it: a length of 0 or 1, one that overruns the field, a known kind of a wrong length,
// an end of list before the end, or any octets at all.
OptionList broken_options(Random& random);
// The list, changed in one place: an octet, its end, or one option more.
OptionList altered_options(const OptionList& list, Random& random);

}  // namespace conform::fuzz
