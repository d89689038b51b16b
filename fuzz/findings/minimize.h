// Minimize owns the whole way from a sequence to the smallest one that shows the same on a target: trying it, also where
// a try may take its process with it, and shrinking it.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "fuzz/findings/name.h"
#include "fuzz/findings/shrink.h"
#include "fuzz/judge/sequence_run.h"
#include "fuzz/sequence/sequence.h"
#include "harness/base/result.h"
#include "harness/target/target.h"

namespace conform::fuzz {

struct MinimizeOptions {
  JudgeContext judge;                                                  // what is known is passed over, if it can be
  std::function<Result<std::unique_ptr<Target>>()> make_target;        // also after one has died
  std::size_t most_executions = kMostExecutions;
  const std::atomic<bool>* stop = nullptr;                             // set from a signal handler: the smallest so far
};

struct Minimized {
  Violation violation;         // what the sequence that was given shows; the smaller one shows the same by name
  bool known = false;          // only a known deviation
  Sequence sequence;
  std::size_t executions = 0;
};

// Nothing when the sequence shows nothing, or nothing can be told because the machine is too busy. Errors: a target that
// cannot be made.
Result<std::optional<Minimized>> minimize(const Sequence& sequence, const MinimizeOptions& options);

}  // namespace conform::fuzz
