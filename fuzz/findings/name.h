// Name owns what a sequence has shown of a target, and what tells one finding from another: the row that is violated and
// the kind of violation, or why the target died.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fuzz/judge/sequence_run.h"
#include "harness/oracle/finding.h"

namespace conform::fuzz {

struct Violation {
  std::optional<Finding> finding;   // of the judge; nothing if the target died
  std::string died;                 // why it is taken for dead
};

// What a run that is done has shown; nothing if all was as it should be, known of the target, or not to be told.
std::optional<Violation> violation_of(const SequenceRun& run);

// "3.10.7.4-second-rst-in-window--unexpected-segment", "target-died--no-answer-to-a-barrier": for what is the same finding
// always the same, for others another. Small letters, digits, dots and hyphens, at most 120: a name for files. Of the
// reason of a death it is the first line, without numbers of three digits and more, which differ from run to run.
std::string name_of(const Finding& finding);
std::string name_of_death(std::string_view reason);
std::string name_of(const Violation& violation);

// The same for people, on one line: "3.10.7.4/second/rst-in-window: unexpected segment", "target died: ...".
std::string title_of(const Violation& violation);

}  // namespace conform::fuzz
