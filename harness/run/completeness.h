// Completeness owns the table's own test: whatever can happen is answered, nothing twice unless it is declared so.
#pragma once

#include <cstddef>

#include "harness/base/result.h"
#include "harness/oracle/program.h"
#include "harness/spec/scenario.h"

namespace conform {

struct CompletenessReport {
  Diagnostics mistakes;       // in the order of files and lines; empty: the table is complete
  std::size_t cells = 0;      // states x classes that can happen
  std::size_t rows = 0;       // rows, all events
  std::size_t events = 0;     // events that were tried, places x stimuli
};

// Rehearses every way, alone and with each situation on top, and tries every event of the boundary product there.
// Mistakes, each with the place of its row, class or way:
// - a way or situation that the table does not let happen, or that leads into another state than it says;
// - a row about segments, calls or timeouts that no event reaches in one of its states;
// - two rows of one step and profile that fire together, and do not declare it by `overlaps`;
// - a `cannot-happen` row that fires;
// - a state x class cell that no event brings about or no row answers, unless the class lists it as cannot-happen; and
//   a listed one that happens.
// `program` must be made of `suite.table`. Takes some seconds.
CompletenessReport check_completeness(const spec::Suite& suite, const oracle::Program& program);

}  // namespace conform
