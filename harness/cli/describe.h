// Describe owns the way back from the values of the table to the words of its language, for `list` and `show`.
#pragma once

#include <string>
#include <vector>

#include "harness/spec/scenario.h"
#include "harness/spec/table.h"

namespace conform {

// "all", "synchronized", or the states by name.
std::string states_text(const spec::StateSet& states);

// "rfc9293"; "both" for a set of both.
std::string profiles_text(const spec::ProfileSet& profiles);

// "specs/table/x.yaml:12", below the present folder without the way there.
std::string place_text(const spec::Mark& mark);

// A list as the specs write it: "a, b, c".
std::string list_text(const std::vector<std::string>& items);

// The guard as written; "always" for none.
std::string guard_text(const spec::Expression& guard);

// What a behaviour does, a line for each key: "emit: <SEQ=SND.NXT>...", "next: CLOSED", "why: ...". Never empty.
std::vector<std::string> behaviour_lines(const spec::Behaviour& behaviour);

// A step as the specs write it: "call: SEND 100", "segment: <CTL=RST>", "wait: until TIME-WAIT, at most 10 s".
std::string step_text(const spec::ScenarioStep& step);

}  // namespace conform
