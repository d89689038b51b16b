// Trial owns one seeded bug's day in court: the real plan, run against our stack with that bug in it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/check/verdict.h"
#include "stack/tcp/defects.h"

namespace conform::defects {

// A case that deviated.
struct Deviation {
  std::size_t tried = 0;  // cases up to this one, itself counted
  CaseResult result;
};

// How often findings named a row.
struct Named {
  std::string row;
  int count = 0;
};

struct Trial {
  std::size_t tried = 0;              // cases that were run
  std::vector<Deviation> deviations;  // in the order of the plan
  std::vector<CaseResult> unjudged;   // of which the harness could not tell: inconclusive, a dead target, an error

  // The rows that were named, the most frequent first.
  std::vector<Named> named() const;
};

// Runs the whole suite, in the plan's order, with this bug switched on (`None`: with none). Deviations that the
// target's file knows of do not count, nor do those which the bug-free stack shows in the same case, by the same row.
// The suite is read and planned once for all trials; if it cannot be read, std::runtime_error says what is wrong.
Trial try_defect(tcp::Defect defect);

}  // namespace conform::defects
