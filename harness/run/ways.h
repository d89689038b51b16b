// Ways own the steps that lead to a state, put together from what each way goes on from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/check/case_run.h"
#include "harness/oracle/rehearsal.h"
#include "harness/spec/scenario.h"

namespace conform {

// The steps of a way from CLOSED on. An unknown name gives none: the reader has refused it.
std::vector<spec::ScenarioStep> steps_of(const spec::Paths& paths, const std::string& way);

// Where steps have led: what happened there, and the window that the peer offers.
struct Place {
  oracle::Rehearsal rehearsal;
  std::uint16_t window = 65535;
};

// Plays steps against the table itself, in every way in which a conforming target may take them; the first thing that
// the table allows comes first.
std::vector<Place> rehearse_each(const oracle::Rehearsal& from, const std::vector<spec::ScenarioStep>& steps);

// Plays steps against the table itself, the first thing that it allows happening each time. Gives the window that the peer offers after them; nothing when the table does
// not let them happen.
std::optional<std::uint16_t> rehearse(oracle::Rehearsal& rehearsal, const std::vector<spec::ScenarioStep>& steps);

}  // namespace conform
