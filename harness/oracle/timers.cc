// Timers and obligations: what may run out by itself, and what must have come by now.
#include "harness/oracle/oracle.h"

#include <algorithm>

namespace conform::oracle {

using spec::Event;
using spec::has;
using spec::Var;

void Oracle::settle(Time now) {
  responding_ = false;
  if (refuted() || unspecified()) return;
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    World& world = worlds_[i];
    world.values[Var::Now] = to_ms(now);
    const auto missing = std::ranges::find(world.segments, true, &ExpectedSegment::required);
    const auto unsaid = std::ranges::find(world.signals, true, &ExpectedSignal::required);
    if (missing != world.segments.end()) {
      failures_.push_back({i, Kind::MissingSegment, missing->row, 2});
    } else if (unsaid != world.signals.end()) {
      failures_.push_back({i, Kind::MissingSignal, unsaid->row, 3});
    } else {
      update_owed(world);
    }
  }
  conclude([&](const World& world, const Failure& failure) {
    return blame(world, failure.kind, failure.row,
                 failure.kind == Kind::MissingSegment ? "no such segment" : "no such signal");
  });
}

// The worlds in which one of the target's own timers has just run out.
std::vector<World> Oracle::timeouts(const World& world) {
  std::vector<World> out;
  if (responding_) return out;
  const std::uint8_t control = control_bits(world.values);
  for (const Program::Step& step : program_->steps(Event::Timeout)) {
    for (RowNumber number : step.rows[static_cast<std::size_t>(world.state)]) {
      if (!program_->guard(number).holds(world.values, control)) continue;
      for (std::size_t i = 0; i < program_->row(number).alternatives.size(); ++i) {
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
  const auto in_this_state = program_->obligations(world.state);
  for (std::size_t i = 0; i < obligations.size(); ++i) {
    const bool owed = in_this_state[i] && has(obligations[i].profiles, config_.profile) &&
                      obligations[i].when.holds(world.values);
    if (!owed) {
      world.owed_since[i] = kNotOwed;
    } else if (world.owed_since[i] == kNotOwed) {
      world.owed_since[i] = world[Var::Now];
    }
  }
}

// The first obligation whose time is over; their number if there is none.
std::size_t Oracle::overdue(const World& world) const {
  const std::size_t count = program_->table().obligations.size();
  std::size_t i = 0;
  while (i < count && (world.owed_since[i] == kNotOwed || world[Var::Now] <= deadline_ms(world, i))) ++i;
  return i;
}

Finding Oracle::overdue_finding(const World& world) const {
  const std::size_t number = overdue(world);
  const spec::Obligation& obligation = program_->table().obligations[number];
  Finding finding;
  finding.kind = Kind::Overdue;
  finding.row = obligation.full_id;
  finding.level = obligation.level;
  finding.cite = obligation.cite;
  finding.allowed = obligation.gloss + " (within " + obligation.within.text() + ")";
  finding.observed = "still owed after " + std::to_string(world[Var::Now] - deadline_ms(world, number) +
                                                         obligation.within.evaluate(world.values)) + " ms";
  return finding;
}

void Oracle::pass(Time now) {
  if (refuted() || unspecified()) return;
  now_ = now;
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    worlds_[i].values[Var::Now] = to_ms(now);
    if (overdue(worlds_[i]) < program_->table().obligations.size()) failures_.push_back({i, Kind::Overdue, kNoRow, 5});
  }
  conclude([&](const World& world, const Failure&) { return overdue_finding(world); });
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
