// Failure owns the account of one case that went otherwise than it should: for people, without colour.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/check/verdict.h"

namespace conform::report {

// The command that runs this case again, for a POSIX shell.
std::string replay_command(const RunResult& run, const CaseResult& result);

// What the RFC wants, what came, the clause, and what else the finding says: lines of at most `width` columns where
// words allow it, each beginning with a label. For a case without a finding: its reason.
std::vector<std::string> finding_lines(const CaseResult& result, std::size_t width);

// A trace, each entry on a line of its own with the row that explains it; the first has a label.
std::vector<std::string> trace_lines(const std::vector<TraceEntry>& trace, std::size_t width);

// The whole account: those lines, then the trace and the line that replays it.
std::vector<std::string> failure_lines(const RunResult& run, const CaseResult& result, std::size_t width);

// One line, for attributes and lists: "the RFC wants ...; observed ...".
std::string failure_message(const CaseResult& result);

}  // namespace conform::report
