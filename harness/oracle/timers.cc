// Timers and obligations: what may run out by itself, and what must have come by now.
#include "harness/oracle/oracle.h"

#include <algorithm>

namespace conform::oracle {

using spec::Event;
using spec::has;
using spec::Var;

void Oracle::settle(Time now) {
  responding_ = false;
  if (refuted()) return;
  std::vector<World> kept;
  for (World& world : worlds_) {
    world.values[Var::Now] = to_ms(now);
    const ExpectedSegment* missing = nullptr;
    for (const ExpectedSegment& e : world.segments) {
      if (e.required && !missing) missing = &e;
    }
    const ExpectedSignal* unsaid = nullptr;
    for (const ExpectedSignal& e : world.signals) {
      if (e.required && !unsaid) unsaid = &e;
    }
    if (missing) {
      refute(world, blame(world, Kind::MissingSegment, missing->row, "no such segment"), 2);
    } else if (unsaid) {
      refute(world, blame(world, Kind::MissingSignal, unsaid->row, "no such signal"), 3);
    } else {
      update_owed(world);
      kept.push_back(std::move(world));
    }
  }
  keep(std::move(kept));
}

// The worlds in which one of the target's own timers has just run out.
std::vector<World> Oracle::timeouts(const World& world) {
  std::vector<World> out;
  if (responding_) return out;
  for (const Program::Step& step : program_->steps(Event::Timeout)) {
    for (RowNumber number : step.rows[static_cast<std::size_t>(world.state)]) {
      const spec::Row& row = program_->row(number);
      if (!enabled(world, row)) continue;
      for (std::size_t i = 0; i < row.alternatives.size(); ++i) {
        out.push_back(world);
        act(out.back(), number, i);
      }
    }
  }
  return out;
}

std::int64_t Oracle::deadline_ms(const World& world, std::size_t i) const {
  const spec::Obligation& obligation = program_->table().obligations[i];
  const std::int64_t since = obligation.since ? obligation.since->evaluate(world.values) : world.owed_since[i];
  return since + obligation.within.evaluate(world.values) + to_ms(config_.slack);
}

void Oracle::update_owed(World& world) {
  const std::vector<spec::Obligation>& obligations = program_->table().obligations;
  for (std::size_t i = 0; i < obligations.size(); ++i) {
    const spec::Obligation& obligation = obligations[i];
    const bool owed = has(obligation.states, world.state) && has(obligation.profiles, config_.profile) &&
                      obligation.when.holds(world.values);
    if (!owed) {
      world.owed_since[i] = kNotOwed;
    } else if (world.owed_since[i] == kNotOwed) {
      world.owed_since[i] = world[Var::Now];
    }
  }
}

void Oracle::pass(Time now) {
  if (refuted()) return;
  now_ = now;
  const std::vector<spec::Obligation>& obligations = program_->table().obligations;
  std::vector<World> kept;
  for (World& world : worlds_) {
    world.values[Var::Now] = to_ms(now);
    std::size_t overdue = obligations.size();
    for (std::size_t i = 0; i < obligations.size() && overdue == obligations.size(); ++i) {
      if (world.owed_since[i] != kNotOwed && to_ms(now) > deadline_ms(world, i)) overdue = i;
    }
    if (overdue == obligations.size()) {
      kept.push_back(std::move(world));
      continue;
    }
    const spec::Obligation& obligation = obligations[overdue];
    Finding finding;
    finding.kind = Kind::Overdue;
    finding.row = obligation.full_id;
    finding.level = obligation.level;
    finding.cite = obligation.cite;
    finding.allowed = obligation.gloss + " (within " + obligation.within.text() + ")";
    finding.observed = "still owed after " + std::to_string(to_ms(now) - deadline_ms(world, overdue) +
                                                           obligation.within.evaluate(world.values)) + " ms";
    refute(world, std::move(finding), 5);
  }
  keep(std::move(kept));
}

Time Oracle::next_deadline(Time now, Duration horizon) const {
  Time earliest = kNever;
  for (const World& world : worlds_) {
    if (world.weight() > worlds_.front().weight()) continue;   // what only a deviating target would owe is not waited for
    for (std::size_t i = 0; i < program_->table().obligations.size(); ++i) {
      if (world.owed_since[i] == kNotOwed) continue;
      const Time at = std::chrono::milliseconds(deadline_ms(world, i) + 1);
      if (at - now <= horizon) earliest = std::min(earliest, at);
    }
  }
  return earliest;
}

}  // namespace conform::oracle
