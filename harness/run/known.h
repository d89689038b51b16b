// Known owns what a target's file says of a case: deviations that are listed, cases that do not apply.
#pragma once

#include <string>
#include <vector>

#include "harness/check/verdict.h"
#include "harness/spec/scenario.h"

namespace conform {

// Turns a verdict into what the target's file makes of it: a listed deviation becomes "known deviation"; a case that is
// listed by its whole id and conforms "deviates, unexpectedly conforms".
void apply_target_file(CaseResult& result, const spec::TargetFile& file);

// After a complete run: an entry none of whose cases deviated as it says must be taken off the list. The first of its
// cases that conforms becomes "deviates, unexpectedly conforms". Entries none of whose cases were run are left alone.
void find_stale_entries(std::vector<CaseResult>& results, const spec::TargetFile& file);

// Whether the file lists a deviation of this row and kind, in whatever case. For sequences that are no cases.
bool is_known(const Finding& finding, const spec::TargetFile& file);

// Whether the file says that this case cannot be tried at all; then it need not be run.
const spec::Inapplicable* find_inapplicable(const std::string& case_id, const spec::TargetFile& file);

}  // namespace conform
