#include "harness/run/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/run/stimuli.h"
#include "harness/run/ways.h"

namespace conform {

using oracle::Fired;
using oracle::RowNumber;
using spec::has;
using wire::State;

namespace {

// What a target may offer that has no room for text when a connection opens, or next to none.
constexpr std::uint16_t kOtherWindows[] = {0, 5};

class Planner {
 public:
  Planner(const spec::Suite& suite, const oracle::Program& program, const PlanOptions& options)
      : suite_(suite), program_(program), options_(options), stimuli_(boundary_events(suite.paths.stimuli)) {}

  Plan plan() {
    plan_ways();
    for (PlannedCase& planned : plan_scenarios(suite_.scenarios, suite_, CaseKind::Scenario)) add(std::move(planned));
    plan_rows();
    return std::move(plan_);
  }

 private:
  void plan_ways() {
    for (const spec::Way& way : suite_.paths.ways) {
      PlannedCase planned;
      planned.about.id = "way/" + way.name;
      planned.about.kind = CaseKind::Scenario;
      planned.about.section = "way";
      planned.about.title = way.gloss.empty() ? fmt::format("a way to {}", to_string(way.state)) : way.gloss;
      planned.about.state = way.state;
      planned.about.path = way.name;
      planned.about.source = way.mark;
      for (const spec::ScenarioStep& step : steps_of(suite_.paths, way.name)) planned.steps.push_back({Phase::Stimulus, step});
      spec::ExpectStep arrived;
      arrived.state = way.state;
      planned.steps.push_back({Phase::Stimulus, {arrived, way.mark}});
      add(std::move(planned));
    }
  }

  using Cell = std::pair<RowNumber, State>;

  void plan_rows() {
    std::set<Cell> reached;
    for (State state : wire::kAllStates) {
      for (const spec::Way& way : suite_.paths.ways) {
        if (way.state != state) continue;
        std::set<RowNumber> covered = plan_place(way, nullptr, {}, reached);
        for (const spec::Situation& situation : suite_.paths.situations) {
          if (has(situation.states, state)) covered.merge(plan_place(way, &situation, covered, reached));
        }
      }
    }
    std::set<Cell> left = without(reached);
    plan_choices(left);
    for (const auto& [number, state] : left) plan_.unreached.push_back({program_.row(number).full_id, state});
  }

  // The rows by state that are wanted, and not among these.
  std::set<Cell> without(const std::set<Cell>& reached) const {
    std::set<Cell> left;
    for (RowNumber number = 0; number < program_.row_count(); ++number) {
      const spec::Row& row = program_.row(number);
      if (!wanted(number) || row.alternatives.empty()) continue;
      for (State state : wire::kAllStates) {
        if (has(row.states, state) && !reached.contains({number, state})) left.insert({number, state});
      }
    }
    return left;
  }

  // Plans the rows that only a target reaches which chooses otherwise, on the way or in the window that it offers, and
  // takes them off those that are `left`.
  void plan_choices(std::set<Cell>& left) {
    const std::set<Cell> sought = left;
    const std::vector<BoundaryEvent> stimuli = stimuli_of(sought);
    if (stimuli.empty()) return;
    for (const spec::Way& way : suite_.paths.ways) {
      plan_choices_at(way, nullptr, stimuli, sought, left);
      for (const spec::Situation& situation : suite_.paths.situations) {
        if (has(situation.states, way.state)) plan_choices_at(way, &situation, stimuli, sought, left);
      }
    }
  }

  std::vector<BoundaryEvent> stimuli_of(const std::set<Cell>& cells) const {
    std::vector<BoundaryEvent> some;
    for (const BoundaryEvent& stimulus : stimuli_) {
      const bool sought = std::ranges::any_of(cells, [&](const Cell& cell) {
        return program_.event_of(cell.first) == event_of(stimulus);
      });
      if (sought) some.push_back(stimulus);
    }
    return some;
  }

  void plan_choices_at(const spec::Way& way, const spec::Situation* situation, const std::vector<BoundaryEvent>& stimuli,
                       const std::set<Cell>& sought, std::set<Cell>& left) {
    std::map<Cell, int> count;
    for (const std::uint16_t offered : {oracle::Rehearsal::kUsualWindow, kOtherWindows[0], kOtherWindows[1]}) {
      for (Place& place : rehearse_each(new_rehearsal(offered), steps_to(way, situation))) {
        if (options_.stop && options_.stop->load()) return;
        NeededChoices needed;
        needed.rows = place.rehearsal.choices();
        if (offered != oracle::Rehearsal::kUsualWindow) needed.window = place.rehearsal.world()[spec::Var::RcvWnd];
        if (place.rehearsal.world().state != way.state || needed.none()) continue;
        for (const BoundaryEvent& stimulus : stimuli) {
          for (const Fired& fired : would_fire(place.rehearsal, stimulus, place.window)) {
            const Cell cell{fired.row, fired.state};
            if (!sought.contains(cell) || count[cell] >= options_.stimuli_per_row) continue;
            ++count[cell];
            left.erase(cell);
            plan_row(fired, way, situation, stimulus, needed);
          }
        }
      }
    }
  }

  oracle::Rehearsal new_rehearsal(std::uint16_t window = oracle::Rehearsal::kUsualWindow) const {
    oracle::Config config;
    config.profile = options_.profile;
    config.peer_iss = wire::SeqNum(0xffffffe0u);
    return oracle::Rehearsal(program_, config, window);
  }

  std::vector<spec::ScenarioStep> steps_to(const spec::Way& way, const spec::Situation* situation) const {
    std::vector<spec::ScenarioStep> steps = steps_of(suite_.paths, way.name);
    if (situation) steps.insert(steps.end(), situation->steps.begin(), situation->steps.end());
    return steps;
  }

  // Whether a row gets cases of its own.
  bool wanted(RowNumber number) const {
    const spec::Row& row = program_.row(number);
    return has(row.profiles, options_.profile) && is_planned(program_.event_of(number)) && !is_departure(row);
  }

  // Plans the rows that fire from here and are not `covered` yet. Gives those it planned.
  std::set<RowNumber> plan_place(const spec::Way& way, const spec::Situation* situation, const std::set<RowNumber>& covered,
                                 std::set<Cell>& reached) {
    oracle::Rehearsal rehearsal = new_rehearsal();
    const auto window = rehearse(rehearsal, steps_to(way, situation));
    if (!window || rehearsal.world().state != way.state) return {};
    std::map<RowNumber, int> count;
    if (options_.stop && options_.stop->load()) return {};
    for (const BoundaryEvent& stimulus : stimuli_) {
      for (const Fired& fired : would_fire(rehearsal, stimulus, *window)) {
        if (!wanted(fired.row)) continue;
        reached.insert({fired.row, fired.state});
        if (covered.contains(fired.row) || count[fired.row] >= options_.stimuli_per_row) continue;
        ++count[fired.row];
        plan_row(fired, way, situation, stimulus, {});
      }
    }
    std::set<RowNumber> planned;
    for (const auto& [number, n] : count) planned.insert(number);
    return planned;
  }

  void plan_row(const Fired& fired, const spec::Way& way, const spec::Situation* situation, const BoundaryEvent& stimulus,
                NeededChoices needed) {
    const RowNumber number = fired.row;
    const spec::Row& row = program_.row(number);
    PlannedCase planned;
    CaseResult& about = planned.about;
    about.path = way.name + (situation ? "+" + situation->name : "");
    about.id = fmt::format("{}@{}:{}", row.full_id, about.path, stimulus.text);
    about.kind = CaseKind::Row;
    about.section = program_.step_of(number).section->number;
    about.row = row.full_id;
    about.title = row.gloss;
    about.state = way.state;
    about.level = row.level;
    about.cites = row.cite;
    about.requirements = row.requirements;
    about.source = row.mark;
    planned.row = number;
    planned.fires_in = fired.state;
    planned.needed = std::move(needed);
    if (!row.needs.empty()) planned.needs.push_back(row.needs);
    for (const spec::ScenarioStep& step : steps_of(suite_.paths, way.name)) planned.steps.push_back({Phase::Way, step});
    if (situation) {
      for (const spec::ScenarioStep& step : situation->steps) planned.steps.push_back({Phase::Situation, step});
    }
    planned.steps.push_back({Phase::Stimulus, stimulus_step(row, stimulus)});
    add(std::move(planned));
  }

  // A timeout is waited for by its effect: a state that can be seen, as soon as it comes.
  static spec::ScenarioStep stimulus_step(const spec::Row& row, const BoundaryEvent& stimulus) {
    if (const auto* call = std::get_if<UserCall>(&stimulus.what)) return {spec::CallStep{*call}, row.mark};
    if (const auto* segment = std::get_if<spec::SegmentTemplate>(&stimulus.what)) return {spec::SegmentStep{*segment}, row.mark};
    spec::WaitStep wait{std::get<spec::Expression>(stimulus.what), std::nullopt, std::nullopt};
    if (!row.alternatives.empty()) wait.until_state = row.alternatives.front().next;
    return {std::move(wait), row.mark};
  }

  void add(PlannedCase planned) {
    if (options_.state && planned.about.state != options_.state) return;
    if (options_.level && planned.about.level != options_.level) return;
    for (Family family : options_.families) {
      PlannedCase variant = planned;
      if (planned.family && family != options_.families.front()) break;   // it has one of its own
      if (!planned.family) variant.family = family;
      if (!planned.family && family == Family::Ipv6) variant.about.id += "+ipv6";
      if (selected(variant.about)) plan_.cases.push_back(std::move(variant));
    }
  }

  bool selected(const CaseResult& about) const {
    if (options_.select.empty()) return true;
    return std::ranges::any_of(options_.select, [&](const std::string& glob) {
      return glob_matches(glob, about.id) || glob_matches(glob, about.row) || glob_matches(glob, about.section);
    });
  }

  const spec::Suite& suite_;
  const oracle::Program& program_;
  PlanOptions options_;
  std::vector<BoundaryEvent> stimuli_;
  Plan plan_;
};

}  // namespace

Plan make_plan(const spec::Suite& suite, const oracle::Program& program, const PlanOptions& options) {
  return Planner(suite, program, options).plan();
}

std::vector<PlannedCase> plan_scenarios(const std::vector<spec::Scenario>& scenarios, const spec::Suite& suite, CaseKind kind) {
  std::vector<PlannedCase> cases;
  for (const spec::Scenario& scenario : scenarios) {
    PlannedCase planned;
    planned.about.id = (kind == CaseKind::Replay ? "replay/" : "scenario/") + scenario.name;
    planned.about.kind = kind;
    planned.about.section = "scenario";
    planned.about.title = scenario.title;
    planned.about.path = scenario.start;
    const auto way = std::ranges::find(suite.paths.ways, scenario.start, &spec::Way::name);
    if (way != suite.paths.ways.end()) planned.about.state = way->state;
    planned.about.level = scenario.level;
    planned.about.cites = scenario.cite;
    planned.about.requirements = scenario.requirements;
    planned.about.source = scenario.mark;
    planned.needs = scenario.needs;
    planned.epilogue = false;
    planned.family = scenario.family;
    for (const spec::ScenarioStep& step : steps_of(suite.paths, scenario.start)) planned.steps.push_back({Phase::Way, step});
    // What the way said does not count as an answer to the scenario's first expectation.
    planned.steps.push_back({Phase::Way, {spec::ExpectStep{}, scenario.mark}});
    for (const spec::ScenarioStep& step : scenario.steps) planned.steps.push_back({Phase::Stimulus, step});
    cases.push_back(std::move(planned));
  }
  return cases;
}

bool glob_matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

bool is_planned(spec::Event event) {
  switch (event) {
    case spec::Event::CallOpen:
    case spec::Event::CallSend:
    case spec::Event::CallReceive:
    case spec::Event::CallClose:
    case spec::Event::CallAbort:
    case spec::Event::CallStatus:
    case spec::Event::Segment:
    case spec::Event::Timeout: return true;
    case spec::Event::EmissionForm:
    case spec::Event::Emission:
    case spec::Event::EmissionAccount: return false;
  }
  return false;
}

}  // namespace conform
