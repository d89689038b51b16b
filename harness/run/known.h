// Known owns what a target's file says of a case: deviations that are listed, cases that do not apply.
#pragma once

#include "harness/check/verdict.h"
#include "harness/spec/scenario.h"

namespace conform {

// Turns a verdict into what the target's file makes of it: a listed deviation becomes "known deviation", a listed one
// that was not seen "deviates, unexpectedly conforms", a listed inapplicable case "inapplicable".
void apply_target_file(CaseResult& result, const spec::TargetFile& file);

// Whether the file says that this case cannot be tried at all; then it need not be run.
const spec::Inapplicable* find_inapplicable(const std::string& case_id, const spec::TargetFile& file);

}  // namespace conform
