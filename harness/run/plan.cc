#include "harness/run/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/oracle/resolve.h"
#include "harness/run/stimuli.h"
#include "harness/run/ways.h"
#include "stack/wire/notation.h"

namespace conform {

using oracle::Fired;
using oracle::RowNumber;
using spec::has;
using wire::State;

namespace {

// Something to be tried, with the word that names it in a case's id.
struct Stimulus {
  spec::ScenarioStep step;
  std::string word;
};

spec::SegmentTemplate segment_template(wire::Flags ctl, const spec::Expression& seq, const spec::Expression* ack,
                                       const spec::Expression& data, const spec::Expression& wnd) {
  spec::SegmentTemplate t;
  t.ctl = ctl;
  t.seq = seq;
  if (ack) t.ack = *ack;
  t.data = data;
  t.wnd = wnd;
  t.text = fmt::format("<SEQ={}>", seq.text());
  if (ack) t.text += fmt::format("<ACK={}>", ack->text());
  t.text += fmt::format("<CTL={}>", wire::to_string(ctl));
  if (data.text() != "0") t.text += fmt::format("<DATA={}>", data.text());
  if (wnd.text() != "65535") t.text += fmt::format("<WND={}>", wnd.text());
  return t;
}

// Every stimulus of the boundary product, the plainest first.
std::vector<Stimulus> all_stimuli(const spec::Stimuli& s) {
  struct Weighed { std::size_t weight; spec::SegmentTemplate segment; };
  std::vector<Weighed> segments;
  for (std::size_t f = 0; f < s.ctl.size(); ++f) {
    for (std::size_t q = 0; q < s.seq.size(); ++q) {
      for (std::size_t a = 0; a < (s.ctl[f].ack() ? s.ack.size() : 1); ++a) {
        for (std::size_t d = 0; d < s.data.size(); ++d) {
          for (std::size_t w = 0; w < s.wnd.size(); ++w) {
            const spec::Expression* ack = s.ctl[f].ack() ? &s.ack[a] : nullptr;
            segments.push_back({f + 3 * (q + a) + 4 * d + 16 * w, segment_template(s.ctl[f], s.seq[q], ack, s.data[d], s.wnd[w])});
          }
        }
      }
    }
  }
  std::ranges::stable_sort(segments, {}, &Weighed::weight);
  std::vector<Stimulus> stimuli;
  for (const spec::SegmentTemplate& segment : s.segments) stimuli.push_back({{spec::SegmentStep{segment}, {}}, segment.text});
  for (Weighed& w : segments) stimuli.push_back({{spec::SegmentStep{w.segment}, {}}, w.segment.text});
  for (const UserCall& call : s.calls) stimuli.push_back({{spec::CallStep{call}, {}}, to_string(call)});
  for (const spec::Expression& wait : s.waits) {
    stimuli.push_back({{spec::WaitStep{wait, std::nullopt, std::nullopt}, {}}, "wait " + wait.text()});
  }
  return stimuli;
}

std::vector<Fired> would_fire(oracle::Rehearsal& rehearsal, const Stimulus& stimulus, std::uint16_t window) {
  if (const auto* call = std::get_if<spec::CallStep>(&stimulus.step.what)) return rehearsal.would_fire(call->call);
  if (const auto* wait = std::get_if<spec::WaitStep>(&stimulus.step.what)) {
    return rehearsal.would_fire(wait->at_most.evaluate(rehearsal.world().values));
  }
  const spec::SegmentTemplate& segment = std::get<spec::SegmentStep>(stimulus.step.what).segment;
  return rehearsal.would_fire(oracle::resolve(segment, rehearsal.world(), window), !spoils_header(segment.damage),
                              segment.damage != spec::Damage::Security);
}

class Planner {
 public:
  Planner(const spec::Suite& suite, const oracle::Program& program, const PlanOptions& options)
      : suite_(suite), program_(program), options_(options), stimuli_(all_stimuli(suite.paths.stimuli)) {}

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

  // A way, alone or with a situation on top, and what it rehearses to.
  struct Place {
    const spec::Way* way;
    const spec::Situation* situation;
    oracle::Rehearsal rehearsal;
  };

  void plan_rows() {
    std::set<std::pair<RowNumber, State>> reached;
    for (State state : wire::kAllStates) {
      for (const spec::Way& way : suite_.paths.ways) {
        if (way.state != state) continue;
        std::set<RowNumber> covered = plan_place(way, nullptr, {}, reached);
        for (const spec::Situation& situation : suite_.paths.situations) {
          if (has(situation.states, state)) covered.merge(plan_place(way, &situation, covered, reached));
        }
      }
    }
    for (RowNumber number = 0; number < program_.row_count(); ++number) {
      const spec::Row& row = program_.row(number);
      if (!wanted(number) || row.alternatives.empty()) continue;
      for (State state : wire::kAllStates) {
        if (has(row.states, state) && !reached.contains({number, state})) plan_.unreached.push_back({row.full_id, state});
      }
    }
  }

  // Whether a row gets cases of its own.
  bool wanted(RowNumber number) const {
    const spec::Row& row = program_.row(number);
    return has(row.profiles, options_.profile) && is_planned(program_.event_of(number)) && !is_departure(row);
  }

  // Plans the rows that fire from here and are not `covered` yet. Gives those it planned.
  std::set<RowNumber> plan_place(const spec::Way& way, const spec::Situation* situation, const std::set<RowNumber>& covered,
                                 std::set<std::pair<RowNumber, State>>& reached) {
    oracle::Config config;
    config.profile = options_.profile;
    config.peer_iss = wire::SeqNum(0xffffffe0u);
    oracle::Rehearsal rehearsal(program_, config);
    std::vector<spec::ScenarioStep> steps = steps_of(suite_.paths, way.name);
    if (situation) steps.insert(steps.end(), situation->steps.begin(), situation->steps.end());
    const auto window = rehearse(rehearsal, steps);
    if (!window || rehearsal.world().state != way.state) return {};
    std::map<RowNumber, int> count;
    for (const Stimulus& stimulus : stimuli_) {
      for (const Fired& fired : would_fire(rehearsal, stimulus, *window)) {
        if (!wanted(fired.row)) continue;
        reached.insert({fired.row, fired.state});
        if (covered.contains(fired.row) || count[fired.row] >= options_.stimuli_per_row) continue;
        ++count[fired.row];
        plan_row(fired.row, way, situation, stimulus);
      }
    }
    std::set<RowNumber> planned;
    for (const auto& [number, n] : count) planned.insert(number);
    return planned;
  }

  void plan_row(RowNumber number, const spec::Way& way, const spec::Situation* situation, const Stimulus& stimulus) {
    const spec::Row& row = program_.row(number);
    PlannedCase planned;
    CaseResult& about = planned.about;
    about.path = way.name + (situation ? "+" + situation->name : "");
    about.id = fmt::format("{}@{}:{}", row.full_id, about.path, stimulus.word);
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
    if (!row.needs.empty()) planned.needs.push_back(row.needs);
    for (const spec::ScenarioStep& step : steps_of(suite_.paths, way.name)) planned.steps.push_back({Phase::Way, step});
    if (situation) {
      for (const spec::ScenarioStep& step : situation->steps) planned.steps.push_back({Phase::Situation, step});
    }
    planned.steps.push_back({Phase::Stimulus, stimulus_step(row, stimulus)});
    add(std::move(planned));
  }

  // A timeout is waited for by its effect: a state that can be seen, as soon as it comes.
  spec::ScenarioStep stimulus_step(const spec::Row& row, const Stimulus& stimulus) const {
    spec::ScenarioStep step = stimulus.step;
    if (auto* wait = std::get_if<spec::WaitStep>(&step.what)) {
      if (!row.alternatives.empty()) wait->until_state = row.alternatives.front().next;
    }
    step.mark = row.mark;
    return step;
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
  std::vector<Stimulus> stimuli_;
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
