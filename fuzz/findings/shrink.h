// Shrink owns the way from a sequence that fails to one that still fails and from which nothing can be left out.
#pragma once

#include <cstddef>
#include <functional>

#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

using StillFails = std::function<bool(const Sequence&)>;

// More than shrinking takes, unless the sequence is long and every change of it fails in a way of its own.
inline constexpr std::size_t kMostExecutions = 20'000;

// The smallest sequence found that fails like this one: no event, and no two, four, ... neighbours, can be left out of
// it, and no event of it can be made simpler (see simpler.h). Deterministic. `still_fails` is asked at most
// `most_executions` times and never twice about the same sequence; when it may not be asked any more, the smallest so
// far is given. A sequence that does not fail is given back as it is.
Sequence shrink(const Sequence& sequence, const StillFails& still_fails, std::size_t most_executions = kMostExecutions);

}  // namespace conform::fuzz
