// The plan owns what is to be run: every row from every way to its states, every way, every scenario.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/check/case_run.h"
#include "harness/oracle/program.h"
#include "harness/spec/scenario.h"

namespace conform {

struct PlanOptions {
  spec::Profile profile = spec::Profile::Rfc9293;
  std::uint64_t seed = 1;
  int stimuli_per_row = 3;                 // how many different stimuli a row gets from each way
  std::vector<std::string> select;         // ids or globs of cases, rows, sections; empty: everything
  std::optional<wire::State> state;        // only cases that start in this state
  std::optional<spec::Level> level;        // only rows of this level
  std::vector<Family> families = {Family::Ipv4};
  const std::atomic<bool>* stop = nullptr; // set from a signal handler: the plan ends where it is
};

// A row in a state that no way and no stimulus reaches. The table's own tests want none.
struct Unreached {
  std::string row;
  wire::State state;
};

struct Plan {
  std::vector<PlannedCase> cases;
  std::vector<Unreached> unreached;        // of rows about segments, calls and timeouts, in the profile
};

// Chooses the cases. Deterministic: the same suite and options give the same plan. Without `select`, ways and scenarios
// come first.
Plan make_plan(const spec::Suite& suite, const oracle::Program& program, const PlanOptions& options);

// The cases of a file of scenarios, for `replay`.
std::vector<PlannedCase> plan_scenarios(const std::vector<spec::Scenario>& scenarios, const spec::Suite& suite, CaseKind kind);

// Whether the rows about such an event get cases of their own: those about calls, segments and timeouts do.
bool is_planned(spec::Event event);

// Whether a text matches a glob of '*' and '?'.
bool glob_matches(std::string_view glob, std::string_view text);

}  // namespace conform
