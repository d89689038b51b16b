// Trial owns one day in court of our stack: the real plan, run against it with a seeded bug in it, or with other
// choices than the usual ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/check/verdict.h"
#include "stack/tcp/config.h"
#include "stack/tcp/defects.h"

namespace conform::defects {

struct TrialOptions {
  tcp::Defect defect = tcp::Defect::None;
  tcp::Config config{};
  std::uint64_t seed = 1;
  std::vector<std::string_view> without{};  // globs of cases that are left out
  // Whether the target also looks inside the stack (StackTargetOptions::check_invariants). What is to be found by what
  // a stack sends and says must not be found this way first.
  bool look_inside = false;
};

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

// Runs the whole suite, in the plan's order; a target that dies ends the run. Deviations that the target's file knows
// of do not count. The suite is read once for all trials; if it cannot be read, std::runtime_error says what is wrong.
Trial run_suite(const TrialOptions& options);

// The same with this bug switched on, seen from outside. Nor do deviations count which the bug-free stack shows in the
// same case, by the same row.
Trial try_defect(tcp::Defect defect);

// Whether the process of such a run ends otherwise than by itself: by a signal, or as a sanitizer ends it.
bool crashes(tcp::Defect defect);

}  // namespace conform::defects
