// Diff owns the comparison of two runs: what changed its verdict, what is new, what is gone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/check/verdict.h"
#include "harness/report/style.h"

namespace conform::report {

// One case that is not the same in both runs. A side that has no such case is empty.
struct Change {
  std::string id;
  std::optional<Verdict> before, after;
  std::string message;      // what is said of it now, or was before it vanished
  bool otherwise = false;   // deviates in both, but by another row or kind
  bool regression = false;  // conformed and does no longer, or is a deviation that was not there before
};

struct Diff {
  std::vector<Change> changed, appeared, vanished;  // each in the order of its run
  std::vector<std::string> remarks;                 // why the runs are not quite comparable: other spec, profile, ...
  bool regressed = false;                           // any of them is a regression

  bool same() const { return changed.empty() && appeared.empty() && vanished.empty(); }
};

// Compares by the cases' ids; the n-th case of an id with the n-th. What has vanished is no regression.
Diff compare(const RunResult& before, const RunResult& after);

// The comparison to be read: regressions first, then the other changes, what appeared, what vanished.
std::string to_text(const Diff& diff, const Style& style = {});

}  // namespace conform::report
