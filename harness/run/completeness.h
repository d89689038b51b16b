// Completeness owns the table's own test: whatever can happen is answered, nothing twice unless it is declared so.
#pragma once

#include <cstddef>

#include "harness/base/result.h"
#include "harness/oracle/program.h"
#include "harness/spec/scenario.h"

namespace conform {

struct CompletenessReport {
  Diagnostics mistakes;    // in the order of files and lines; empty: the table is complete
  Diagnostics unreached;   // rows about segments, calls and timeouts that no rehearsal reaches in one of their states.
                           // No mistake by itself: a rehearsal does not retransmit, and never fills a buffer
  std::size_t cells = 0;   // states x classes that can happen
  std::size_t rows = 0;    // rows, all events
  std::size_t events = 0;  // events that were tried, places x stimuli
};

// Rehearses every way in both profiles, alone and with each situation on top, and tries every event of the boundary
// product there; scenarios are rehearsed as well, for the rows that only they reach.
// Mistakes, each with the place of its row, class or way:
// - a way that the table does not let happen in RFC 9293, or that leads into another state than it says; a situation
//   that can stand on no way;
// - two rows of one step and profile that fire together, and do not declare it by `overlaps`;
// - a `cannot-happen` row that fires;
// - a state x class cell that no event brings about or no row answers, unless the class lists it as cannot-happen; and
//   a listed one that happens.
// `program` must be made of `suite.table`. Takes a second or two.
CompletenessReport check_completeness(const spec::Suite& suite, const oracle::Program& program);

}  // namespace conform
