#include "harness/run/completeness.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "harness/run/stimuli.h"
#include "harness/run/ways.h"

namespace conform {

using oracle::Fired;
using oracle::RowNumber;
using spec::has;
using spec::Var;
using wire::State;

namespace {

// The event that a step of a scenario is; nothing for what is only expected.
std::optional<BoundaryEvent> stimulus_of(const spec::ScenarioStep& step) {
  if (const auto* call = std::get_if<spec::CallStep>(&step.what))
    return BoundaryEvent{call->call, to_string(call->call)};
  if (const auto* segment = std::get_if<spec::SegmentStep>(&step.what))
    return BoundaryEvent{segment->segment, segment->segment.text};
  if (const auto* wait = std::get_if<spec::WaitStep>(&step.what))
    return BoundaryEvent{wait->at_most, "wait " + wait->at_most.text()};
  return std::nullopt;
}

bool answers_stimuli(spec::Event event) {
  return event != spec::Event::EmissionForm && event != spec::Event::Emission && event != spec::Event::EmissionAccount;
}

bool declared(const spec::Row& a, const spec::Row& b) {
  return std::ranges::find(a.overlaps, b.id) != a.overlaps.end() ||
         std::ranges::find(b.overlaps, a.id) != b.overlaps.end();
}

// Whether an event with these variables belongs to a class, and not by chance alone. Before a SYN has come there is no
// receive sequence space, and before one was sent no send sequence space (RFC 9293 3.3.1): their variables then stand
// for nothing, and what holds for one value and not for another does not really hold.
bool surely_belongs(const spec::EventClass& c, const spec::Values& values, State state) {
  if (!c.when.holds(values)) return false;
  spec::Values other = values;
  if (state == State::Closed || state == State::Listen || state == State::SynSent) {
    other[Var::RcvNxt] = values[Var::SegSeq];
    other[Var::RcvWnd] = 0xffff;
    other[Var::RcvEdge] = (values[Var::SegSeq] + 0xffff) & 0xffffffff;
  }
  if (state == State::Closed || state == State::Listen) {
    other[Var::SndUna] = other[Var::SndNxt] = values[Var::SegAck];
  }
  return c.when.holds(other);
}

class Checker {
 public:
  Checker(const spec::Suite& suite, const oracle::Program& program)
      : suite_(suite), program_(program), events_(boundary_events(suite.paths.stimuli)) {}

  CompletenessReport check() {
    for (const spec::Profile profile : {spec::Profile::Rfc9293, spec::Profile::Rfc793}) {
      profile_ = profile;
      for (const spec::Way& way : suite_.paths.ways) try_way(way);
      for (const spec::Scenario& scenario : suite_.scenarios) try_scenario(scenario);
    }
    for (const spec::Situation& situation : suite_.paths.situations) {
      if (!stands_.contains(situation.name)) {
        mistake(situation.mark, fmt::format("situation '{}' can stand on no way", situation.name),
                "its steps must leave the state as it is, and the table must let them happen");
      }
    }
    report_unreached();
    report_cells();
    report_.rows = program_.row_count();
    const auto place = [](const Diagnostic& d) { return std::tie(d.file, d.line, d.column, d.message); };
    std::ranges::stable_sort(report_.mistakes, {}, place);
    // What is wrong in both profiles is said once. (std::ranges::unique is beyond clang 14 with GCC's library.)
    const auto same = std::unique(report_.mistakes.begin(), report_.mistakes.end());
    report_.mistakes.erase(same, report_.mistakes.end());
    return std::move(report_);
  }

 private:
  // What is known of one state and class.
  struct Cell {
    bool answered = false;
    std::string unanswered;  // an event that no row answers
    std::string happened;    // an event that surely is of this class
  };

  void mistake(const spec::Mark& mark, std::string message, std::string hint) {
    report_.mistakes.push_back({mark.file, mark.line, mark.column, std::move(message), std::move(hint)});
  }

  oracle::Rehearsal new_rehearsal() const {
    oracle::Config config;
    config.profile = profile_;
    config.peer_iss = wire::SeqNum(0xffffffe0u);  // as in runs: every connection crosses the wrap
    return oracle::Rehearsal(program_, config);
  }

  void try_way(const spec::Way& way) {
    oracle::Rehearsal there = new_rehearsal();
    const bool happens = rehearse(there, steps_of(suite_.paths, way.name)).has_value();
    // Ways are written for RFC 9293. RFC 793 may lead elsewhere: CLOSE in CLOSE-WAIT leads to its CLOSING.
    if (profile_ == spec::Profile::Rfc793 && (!happens || there.world().state != way.state)) return;
    if (!happens) {
      mistake(way.mark, fmt::format("the table does not let way '{}' happen", way.name),
              there.finding() ? there.finding()->observed : "");
      return;
    }
    if (there.world().state != way.state) {
      mistake(way.mark,
              fmt::format("way '{}' leads to {}, not to {}", way.name, to_string(there.world().state),
                          to_string(way.state)),
              "mend its steps or its state");
      return;
    }
    try_place(there, way.name);
    for (const spec::Situation& situation : suite_.paths.situations) {
      if (!has(situation.states, way.state)) continue;
      // What comes first to a target's mind, and whatever else it may choose.
      for (Place& on_top : rehearse_each(there, situation.steps)) {
        if (on_top.rehearsal.world().state != way.state) continue;
        stands_.insert(situation.name);
        try_place(on_top.rehearsal, way.name + "+" + situation.name);
      }
    }
  }

  // Step by step, as far as the table lets it happen when the target does what comes first to its mind.
  void try_scenario(const spec::Scenario& scenario) {
    oracle::Rehearsal there = new_rehearsal();
    if (!rehearse(there, steps_of(suite_.paths, scenario.start))) return;
    for (const spec::ScenarioStep& step : scenario.steps) {
      if (const auto event = stimulus_of(step)) note_rows(would_fire(there, *event), scenario.name, *event);
      if (!rehearse(there, {step})) return;
    }
  }

  void try_place(oracle::Rehearsal& place, const std::string& name) {
    const State state = place.world().state;
    for (const BoundaryEvent& event : events_) {
      ++report_.events;
      const std::vector<Fired> fired = would_fire(place, event);
      note_rows(fired, name, event);
      note_classes(place.world(), state, fired, name, event);
    }
  }

  void note_rows(const std::vector<Fired>& fired, const std::string& place, const BoundaryEvent& event) {
    for (std::size_t i = 0; i < fired.size(); ++i) {
      const spec::Row& row = program_.row(fired[i].row);
      reached_.insert({fired[i].row, fired[i].state});
      if (row.alternatives.empty() && told_.insert({fired[i].row, fired[i].row}).second) {
        mistake(row.mark,
                fmt::format("row '{}' cannot happen, but does in {}: {}, {}", row.id, to_string(fired[i].state), place,
                            event.text),
                "give it a behaviour, or narrow its guard");
      }
      for (std::size_t j = 0; j < i; ++j) note_pair(fired[j], fired[i], place, event);
    }
  }

  // Rows of timeouts are tried one by one, never together. Two rows that fire in different worlds of one event are not
  // told from two that fire in one: such rows have to declare it as well.
  void note_pair(const Fired& a, const Fired& b, const std::string& place, const BoundaryEvent& event) {
    if (a.row == b.row || a.state != b.state || program_.event_of(a.row) == spec::Event::Timeout) return;
    if (program_.event_of(a.row) != program_.event_of(b.row) || &program_.step_of(a.row) != &program_.step_of(b.row))
      return;
    const spec::Row &first = program_.row(std::min(a.row, b.row)), &second = program_.row(std::max(a.row, b.row));
    if ((first.profiles & second.profiles).none() || declared(first, second)) return;
    if (!told_.insert({std::min(a.row, b.row), std::max(a.row, b.row)}).second) return;
    mistake(second.mark,
            fmt::format("row '{}' fires together with row '{}' in {}: {}, {}", second.id, first.id, to_string(a.state),
                        place, event.text),
            fmt::format("declare 'overlaps: [{}]', or part their guards, states or profiles", first.id));
  }

  void note_classes(const oracle::World& world, State state, const std::vector<Fired>& fired, const std::string& place,
                    const BoundaryEvent& stimulus) {
    const auto event = event_of(stimulus);
    if (event == spec::Event::Timeout) return;   // waits are no class of events
    // A damaged segment is dropped before anything of it is looked at: it answers for no class.
    const auto* segment = std::get_if<spec::SegmentTemplate>(&stimulus.what);
    if (segment != nullptr && segment->damage != spec::Damage::None) return;
    std::optional<spec::Values> values;
    for (std::size_t i = 0; i < suite_.table.classes.size(); ++i) {
      if (suite_.table.classes[i].event != event) continue;
      const spec::EventClass& c = suite_.table.classes[i];
      Cell& cell = cells_[{i, state}];
      if (cell.answered && !cell.happened.empty()) continue;
      if (!values) values = values_at(world, stimulus);
      if (!c.when.holds(*values)) continue;
      const std::string text = place + ", " + stimulus.text;
      if (cell.happened.empty() && surely_belongs(c, *values, state)) cell.happened = text;
      if (fired.empty() && cell.unanswered.empty()) cell.unanswered = text;
      cell.answered |= !fired.empty();
    }
  }

  void report_unreached() {
    for (RowNumber number = 0; number < program_.row_count(); ++number) {
      const spec::Row& row = program_.row(number);
      if (!answers_stimuli(program_.event_of(number)) || row.alternatives.empty()) continue;
      std::vector<std::string_view> states;
      for (State state : wire::kAllStates) {
        if (has(row.states, state) && !reached_.contains({number, state})) states.push_back(to_string(state));
      }
      if (states.empty()) continue;
      report_.unreached.push_back({row.mark.file, row.mark.line, row.mark.column,
                                   fmt::format("no rehearsal reaches row '{}' in {}", row.id, fmt::join(states, ", ")),
                                   "add a way, a stimulus or a scenario, or take the state off the row"});
    }
  }

  void report_cells() {
    for (std::size_t i = 0; i < suite_.table.classes.size(); ++i) {
      const spec::EventClass& c = suite_.table.classes[i];
      for (State state : wire::kAllStates) {
        const bool listed =
            std::ranges::any_of(c.cannot_happen, [&](const auto& cannot) { return has(cannot.states, state); });
        const Cell& cell = cells_[{i, state}];
        if (listed) {
          if (cell.happened.empty()) continue;
          mistake(c.mark,
                  fmt::format("class '{}' cannot happen in {}, but does: {}", c.name, to_string(state), cell.happened),
                  "take the state off 'cannot-happen'");
          continue;
        }
        ++report_.cells;
        if (cell.answered) continue;
        if (cell.unanswered.empty()) {
          mistake(c.mark, fmt::format("nothing brings class '{}' about in {}", c.name, to_string(state)),
                  "add a stimulus to paths.yaml, or list the state under 'cannot-happen'");
        } else {
          mistake(c.mark, fmt::format("no row answers class '{}' in {}: {}", c.name, to_string(state), cell.unanswered),
                  "add a row to the table");
        }
      }
    }
  }

  const spec::Suite& suite_;
  const oracle::Program& program_;
  std::vector<BoundaryEvent> events_;
  spec::Profile profile_ = spec::Profile::Rfc9293;
  CompletenessReport report_;
  std::set<std::pair<RowNumber, State>> reached_;
  std::set<std::pair<RowNumber, RowNumber>> told_;  // pairs that fire together; a row with itself: it cannot happen
  std::map<std::pair<std::size_t, State>, Cell> cells_;
  std::set<std::string> stands_;  // situations that stand on some way
};

}  // namespace

CompletenessReport check_completeness(const spec::Suite& suite, const oracle::Program& program) {
  return Checker(suite, program).check();
}

}  // namespace conform
