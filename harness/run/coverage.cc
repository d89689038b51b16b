#include "harness/run/coverage.h"

#include "harness/run/plan.h"

namespace conform {

void CoverageCount::add_row(const PlannedCase& planned, const CaseResult& result, RowOutcome outcome) {
  const Cell cell{planned.row, planned.fires_in};
  if (!result.not_chosen.empty()) not_chosen_.emplace(cell, result.not_chosen);
  switch (result.verdict) {
    case Verdict::Conforms:
      if (outcome == RowOutcome::Happened) exercised_.insert(cell);
      break;
    case Verdict::Deviates:
    case Verdict::KnownDeviation:
      if (outcome != RowOutcome::NotPossible) exercised_.insert(cell);
      break;
    case Verdict::Inapplicable: inapplicable_.insert(cell); break;
    case Verdict::Inconclusive:
    case Verdict::TargetDied:
    case Verdict::HarnessError: break;
  }
}

void CoverageCount::add(const PlannedCase& planned, const CaseResult& result, RowOutcome outcome,
                        const std::vector<oracle::Fired>& fired,
                        const std::vector<std::pair<wire::State, wire::State>>& transitions) {
  for (const oracle::Fired& f : fired) exercised_.insert({f.row, f.state});
  if (planned.row != oracle::kNoRow) add_row(planned, result, outcome);
  std::set<wire::State> visited;
  for (const auto& [from, to] : transitions) {
    ++transitions_[{from, to}];
    visited.insert(from);
    visited.insert(to);
  }
  for (wire::State state : visited) ++states_[state];
}

Coverage CoverageCount::coverage() const {
  Coverage coverage;
  for (oracle::RowNumber number = 0; number < program_->row_count(); ++number) {
    const spec::Row& row = program_->row(number);
    if (!has(row.profiles, profile_) || row.alternatives.empty()) continue;
    // What is counted is the RFC's event processing; rows about emissions justify what a target chooses to send.
    if (is_departure(row) || !is_planned(program_->event_of(number))) continue;
    for (wire::State state : wire::kAllStates) {
      if (!spec::has(row.states, state)) continue;
      const Cell cell{number, state};
      const std::string name = row.full_id + "@" + std::string(to_string(state));
      ++coverage.rows_total;
      if (exercised_.contains(cell)) {
        ++coverage.rows_exercised;
      } else if (const auto other = not_chosen_.find(cell); other != not_chosen_.end()) {
        coverage.rows_not_chosen.push_back({name, other->second});
      } else if (inapplicable_.contains(cell)) {
        ++coverage.rows_inapplicable;
      } else {
        coverage.rows_missing.push_back(name);
      }
    }
  }
  coverage.states = states_;
  for (const auto& [pair, count] : transitions_) coverage.transitions.push_back({pair.first, pair.second, count});
  return coverage;
}

}  // namespace conform
