// Write owns what a finding leaves behind: a folder with the scenario that replays it, a capture and an explanation.
#pragma once

#include <string>
#include <vector>

#include "fuzz/findings/name.h"
#include "fuzz/judge/sequence_run.h"
#include "fuzz/sequence/sequence.h"
#include "harness/base/result.h"
#include "harness/check/verdict.h"

namespace conform::fuzz {

// Under what a sequence is tried once more, to be written down.
struct WriteContext {
  const JudgeContext& judge;
  Target& target;
  std::string target_name;           // as `--target` has it
  std::string note;                  // how it was found, on one line; may be empty
};

// Tries the sequence once more and writes what it shows into `folder`, made if need be: scenario.yaml, which
// `tcpconform replay` and `minimize` read, trace.pcapng and explanation.md. Files of an earlier finding are replaced;
// each is whole or not there. An error names each that could not be written and why. Where the sequence shows nothing,
// there is nothing to explain: the scenario alone is written, and that is an error as well.
Status write_finding(const Sequence& sequence, const WriteContext& context, const std::string& folder);

// The same for a sequence that ended the process it was tried in, so that it cannot be tried here: `how` it ended is
// all there is to be told.
Status write_death(const Sequence& sequence, const std::string& how, const std::string& target_name,
                   const std::string& folder);

// ---- the pieces

// Everything that is said of a finding.
struct FindingRecord {
  Violation violation;
  std::string gloss;                 // of the row, one line; empty if there is none
  Sequence sequence;
  std::vector<TraceEntry> trace;
  std::string target_name, target_version;
  ConversationConfig conversation;   // its profile and seed are those of a replay
  std::string note;
};

// The scenario: the steps, and a title that says row and kind.
std::string scenario_of(const FindingRecord& record);
// For people, in Markdown: what the row wants, what came, the steps, the trace, the line that replays `scenario_path`.
std::string explanation_of(const FindingRecord& record, const std::string& scenario_path);

}  // namespace conform::fuzz
