// Terminal owns the printed account of a whole run: the table by section, coverage, and every failure again.
#pragma once

#include <string>

#include "harness/check/verdict.h"
#include "harness/report/style.h"

namespace conform::report {

// How much is printed. Zero leaves that part out.
struct TerminalLimits {
  std::size_t failures = 50;  // with their traces; the others take a line each
  std::size_t missing_rows = 10;
};

// The report, lines ending with line feeds: a heading, a table by section, coverage, each failure with its trace and
// the line that replays it, known deviations by row, inapplicable cases by reason, and one line that says how it went.
std::string terminal_report(const RunResult& run, const Style& style, const TerminalLimits& limits = {});

}  // namespace conform::report
