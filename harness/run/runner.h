// The runner owns the loop that takes a plan's cases through a target: one after the other on a virtual clock, all
// together on a real one, so that a run lasts as long as its longest timer and not as long as their sum.
#pragma once

#include <atomic>
#include <functional>

#include "harness/check/verdict.h"
#include "harness/oracle/program.h"
#include "harness/run/plan.h"
#include "harness/spec/scenario.h"
#include "harness/target/target.h"

namespace conform {

struct RunOptions {
  spec::Profile profile = spec::Profile::Rfc9293;
  std::uint64_t seed = 1;
  Duration longest_wait = kNever;
  std::size_t at_once = 256;                                      // cases that are open together on a real clock
  bool keep_trace = true;
  bool complete = false;                                          // nothing was selected: entries of the target's file must be seen
  const std::atomic<bool>* stop = nullptr;                        // set from a signal handler: ends the run
  std::function<void(const CaseResult&, std::size_t total)> on_case;   // told of each case as it ends
};

// Runs the cases and judges them. `target_file` may be null: then nothing is known of the target. Results come in the
// order of the plan. After the target has died, what is left of the plan is "target died" as well.
RunResult run_plan(const Plan& plan, const spec::Suite& suite, const oracle::Program& program, Target& target,
                   const spec::TargetFile* target_file, const RunOptions& options);

}  // namespace conform
