// Junit owns the JUnit XML form of a run's results, as GitLab, Jenkins and GitHub's actions read it.
#pragma once

#include <string>

#include "harness/check/verdict.h"

namespace conform::report {

// One <testsuite> for each section, one <testcase> for each case:
// - `classname` is "tcpconform.linux.3_10_7_4", `name` is the case's id, made unique by " (2)" where it comes again;
// - `file` and `line` are where the row or scenario is written; `time` is in seconds;
// - deviates: one <failure> with the kind as type; known deviation, inapplicable: <skipped>; inconclusive, target died,
//   harness error: <error>. A message on each; failures and errors hold the whole account with the trace.
// Always well-formed XML 1.0 in UTF-8, whatever the texts hold.
std::string to_junit(const RunResult& run);

}  // namespace conform::report
