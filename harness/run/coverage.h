// Coverage owns the count of what a run has tried: rows by state, states, transitions.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "harness/check/case_run.h"
#include "harness/oracle/program.h"

namespace conform {

class CoverageCount {
 public:
  CoverageCount(const oracle::Program& program, spec::Profile profile) : program_(&program), profile_(profile) {}

  // A case has ended with this result.
  void add(const PlannedCase& planned, const CaseResult& result, RowOutcome outcome, const std::vector<oracle::Fired>& fired,
           const std::vector<std::pair<wire::State, wire::State>>& transitions);

  Coverage coverage() const;

 private:
  using Cell = std::pair<oracle::RowNumber, wire::State>;

  const oracle::Program* program_;
  spec::Profile profile_;
  void add_row(const PlannedCase& planned, const CaseResult& result, RowOutcome outcome);

  std::set<Cell> exercised_, inapplicable_;
  std::map<Cell, std::string> not_chosen_;     // what the first such case showed
  std::map<wire::State, int> states_;
  std::map<std::pair<wire::State, wire::State>, int> transitions_;
};

}  // namespace conform
