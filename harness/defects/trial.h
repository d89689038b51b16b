// Trial owns one seeded bug's day in court: the real plan, run against our stack with that bug in it.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/check/verdict.h"
#include "stack/tcp/defects.h"

namespace conform::defects {

// A case that deviated.
struct Deviation {
  std::size_t tried = 0;  // cases up to this one, itself counted
  CaseResult result;
};

struct Trial {
  std::size_t tried = 0;              // cases that were run
  std::vector<Deviation> deviations;  // in the order of the plan
  std::vector<CaseResult> broken;     // cases that the harness could not judge: errors, a dead target, inconclusive
};

// Runs the cases of the whole suite, in the plan's order, with this bug switched on (`None`: with none). Ends after
// `enough` deviations; 0 runs everything. Deviations that the target's file knows of do not count. The suite is read
// and planned once for all trials; that it cannot be read is thrown as std::runtime_error.
Trial try_defect(tcp::Defect defect, std::size_t enough);

}  // namespace conform::defects
