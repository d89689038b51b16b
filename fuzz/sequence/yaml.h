// Yaml owns the readable form of a sequence: a scenario file like any other (specs/LANGUAGE.md), written and read back
// without loss.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/sequence/sequence.h"
#include "harness/base/result.h"
#include "harness/spec/scenario.h"

namespace conform::fuzz {

// A scenario that starts in CLOSED+fresh and has a step for each event. `name` may hold letters, digits and hyphens,
// others become hyphens; `title` may be empty. A sequence without events is written with the one thing that is true of
// it, since a scenario must have a step.
std::string to_yaml(const Sequence& sequence, std::string_view name, std::string_view title);

// The sequence of a scenario: first the steps of the ways to its start, then its own. `expect` is left out; a wait that
// ends `until` something becomes one of its at-most, one of more than kMaxWaitMs several. Errors, all at once and each
// with its place: numbers that are no base with an offset, lengths beyond an event's, more than kMaxEvents events, an
// unknown start.
Result<Sequence> from_scenario(const spec::Scenario& scenario, const spec::Suite& suite);

// The same from a file's text, which must hold one scenario. `file` is its name for diagnostics; errors are those of
// spec::read_scenarios, and the above.
Result<Sequence> from_yaml(std::string_view text, const std::string& file, const spec::Suite& suite);

}  // namespace conform::fuzz
