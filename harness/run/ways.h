// Ways own the steps that lead to a state, put together from what each way goes on from.
#pragma once

#include <string>
#include <vector>

#include "harness/check/case_run.h"
#include "harness/oracle/rehearsal.h"
#include "harness/spec/scenario.h"

namespace conform {

// The steps of a way from CLOSED on. An unknown name gives none: the reader has refused it.
std::vector<spec::ScenarioStep> steps_of(const spec::Paths& paths, const std::string& way);

// Plays steps against the table itself. False when the table does not let them happen.
bool rehearse(oracle::Rehearsal& rehearsal, const std::vector<spec::ScenarioStep>& steps);

}  // namespace conform
