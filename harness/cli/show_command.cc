// `show`: everything that the specs say of one id.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "harness/cli/describe.h"
#include "harness/cli/specs_command.h"
#include "harness/run/ways.h"
#include "harness/spec/names.h"
#include "harness/spec/words.h"

namespace conform {

namespace {

void print(std::string_view label, const std::string& text) {
  if (!text.empty()) std::cout << fmt::format("  {:<14}{}\n", label, text);
}

void print_steps(const std::vector<spec::ScenarioStep>& steps) {
  for (const spec::ScenarioStep& step : steps) std::cout << "    " << step_text(step) << '\n';
}

void print_sources(const std::vector<std::string>& requirements, const std::vector<std::string>& cite,
                   const spec::Mark& mark) {
  print("requirements", list_text(requirements));
  print("cite", list_text(cite));
  print("written at", place_text(mark));
}

class Shower {
 public:
  explicit Shower(const spec::Suite& suite) : suite_(suite), program_(suite.table) {}

  bool show(const std::string& id) {
    return show_row(id) || show_obligation(id) || show_scenario(id) || show_way(id) || show_situation(id) ||
           show_name(id) || show_case(id);
  }

  // The ids that may have been meant, the nearest first.
  std::vector<std::string> near(const std::string& wrong) const {
    struct Candidate {
      std::size_t distance;
      std::string id;
    };
    std::vector<Candidate> candidates;
    const std::size_t far = std::max<std::size_t>(2, wrong.size() / 3);
    for (const std::string& id : all_ids()) {
      const std::string last = id.substr(id.rfind('/') + 1);
      const bool part = wrong.size() >= 3 && id.find(wrong) != id.npos;
      const std::size_t distance =
          part ? 0 : std::min(spec::edit_distance(wrong, id), spec::edit_distance(wrong, last));
      if (distance <= far) candidates.push_back({distance, id});
    }
    std::ranges::stable_sort(candidates, {}, &Candidate::distance);
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < std::min<std::size_t>(5, candidates.size()); ++i) ids.push_back(candidates[i].id);
    return ids;
  }

 private:
  std::vector<std::string> all_ids() const {
    std::vector<std::string> ids;
    for (oracle::RowNumber n = 0; n < program_.row_count(); ++n) ids.push_back(program_.row(n).full_id);
    for (const spec::Obligation& o : suite_.table.obligations) ids.push_back(o.full_id);
    for (const spec::Scenario& s : suite_.scenarios) ids.push_back("scenario/" + s.name);
    for (const spec::Way& w : suite_.paths.ways) ids.push_back("way/" + w.name);
    for (const spec::Situation& s : suite_.paths.situations) ids.push_back(s.name);
    for (const spec::Definition& d : suite_.table.definitions) ids.push_back(d.name);
    for (const spec::VarInfo& info : spec::kVars) ids.emplace_back(info.name);
    return ids;
  }

  // By its full id, or by its own name where only one row has it.
  bool show_row(const std::string& id) const {
    oracle::RowNumber number = program_.find_row(id);
    int named = 0;
    for (oracle::RowNumber n = 0; n < program_.row_count() && program_.find_row(id) == oracle::kNoRow; ++n) {
      if (program_.row(n).id == id && ++named == 1) number = n;
    }
    if (number == oracle::kNoRow || named > 1) return false;
    print_row(number);
    return true;
  }

  void print_row(oracle::RowNumber number) const {
    const spec::Row& row = program_.row(number);
    const oracle::Program::Step& step = program_.step_of(number);
    std::cout << row.full_id << '\n';
    print("section", step.section->number + ", " + step.section->title);
    print("step", step.spec->name + (step.spec->title.empty() ? "" : ": " + step.spec->title));
    print("event", std::string(spec::to_string(step.spec->event)));
    print("gloss", row.gloss);
    print("states", states_text(row.states));
    print("when", guard_text(row.when));
    print("profile", profiles_text(row.profiles));
    print("level", std::string(to_string(row.level)));
    print("needs", row.needs);
    print("overlaps", list_text(row.overlaps));
    print("cannot happen", row.cannot_happen);
    print_behaviours(row);
    print_sources(row.requirements, row.cite, row.mark);
    print_cases(row);
  }

  static void print_behaviours(const spec::Row& row) {
    const bool several = row.alternatives.size() > 1;
    if (several) std::cout << "  any of these:\n";
    for (const spec::Behaviour& behaviour : row.alternatives) {
      if (several) std::cout << "  - " << (behaviour.label.empty() ? "(no label)" : behaviour.label) << '\n';
      for (const std::string& line : behaviour_lines(behaviour)) {
        const std::size_t colon = line.find(": ");
        std::cout << fmt::format("{}{:<14}{}\n", several ? "    " : "  ", line.substr(0, colon),
                                 line.substr(colon + 2));
      }
    }
  }

  // Those of both profiles, in which a case may start from another way.
  std::vector<std::string> cases_of(const std::string& glob) const {
    std::vector<std::string> ids;
    for (const spec::Profile profile : {spec::Profile::Rfc9293, spec::Profile::Rfc793}) {
      PlanOptions options;
      options.profile = profile;
      options.select = {glob};
      for (const PlannedCase& planned : make_plan(suite_, program_, options).cases) {
        if (std::ranges::find(ids, planned.about.id) == ids.end()) ids.push_back(planned.about.id);
      }
    }
    return ids;
  }

  void print_cases(const spec::Row& row) const {
    const std::vector<std::string> ids = cases_of(row.full_id);
    if (ids.empty()) {
      std::cout << "  no case of its own: it is tried whenever a case brings it about\n";
      return;
    }
    std::cout << fmt::format("  {} cases:\n", ids.size());
    for (const std::string& id : ids) std::cout << "    " << id << '\n';
  }

  bool show_obligation(const std::string& id) const {
    const auto& all = suite_.table.obligations;
    const auto found = std::ranges::find_if(all, [&](const auto& o) { return o.full_id == id || o.id == id; });
    if (found == all.end()) return false;
    std::cout << found->full_id << '\n';
    print("obligation", found->gloss);
    print("states", states_text(found->states));
    print("while", guard_text(found->when));
    if (found->since) print("since", found->since->text());
    print("within", found->within.text());
    print("profile", profiles_text(found->profiles));
    print("level", std::string(to_string(found->level)));
    print_sources(found->requirements, found->cite, found->mark);
    return true;
  }

  bool show_scenario(const std::string& id) const {
    const auto& all = suite_.scenarios;
    const auto found =
        std::ranges::find_if(all, [&](const auto& s) { return s.name == id || "scenario/" + s.name == id; });
    if (found == all.end()) return false;
    std::cout << "scenario/" << found->name << '\n';
    print("title", found->title);
    print("start", found->start);
    print("level", std::string(to_string(found->level)));
    print("needs", list_text(found->needs));
    print_sources(found->requirements, found->cite, found->mark);
    std::cout << "  on the way to the start:\n";
    print_steps(steps_of(suite_.paths, found->start));
    std::cout << "  steps:\n";
    print_steps(found->steps);
    return true;
  }

  bool show_way(const std::string& id) const {
    const auto& all = suite_.paths.ways;
    const auto found = std::ranges::find_if(all, [&](const auto& w) { return w.name == id || "way/" + w.name == id; });
    if (found == all.end()) return false;
    std::cout << "way/" << found->name << '\n';
    print("gloss", found->gloss);
    print("state", std::string(to_string(found->state)));
    print("from", found->from);
    print("written at", place_text(found->mark));
    std::cout << "  steps from CLOSED on:\n";
    print_steps(steps_of(suite_.paths, found->name));
    return true;
  }

  bool show_situation(const std::string& id) const {
    const auto& all = suite_.paths.situations;
    const auto found = std::ranges::find(all, id, &spec::Situation::name);
    if (found == all.end()) return false;
    std::cout << found->name << '\n';
    print("situation", found->gloss);
    print("states", states_text(found->states));
    print("written at", place_text(found->mark));
    std::cout << "  steps:\n";
    print_steps(found->steps);
    return true;
  }

  // A definition or a variable.
  bool show_name(const std::string& id) const {
    const auto& all = suite_.table.definitions;
    if (const auto found = std::ranges::find(all, id, &spec::Definition::name); found != all.end()) {
      std::cout << found->name << '\n';
      print("definition", found->value.text());
      print_sources({}, found->cite, found->mark);
      return true;
    }
    const auto variable = std::ranges::find(spec::kVars, std::string_view(id), &spec::VarInfo::name);
    if (variable == std::end(spec::kVars)) return false;
    std::cout << variable->name << '\n';
    print("variable", std::string(variable->text));
    return true;
  }

  // "ROW@WAY:STIMULUS", as reports name it. What it does, step by step.
  bool show_case(const std::string& id) const {
    if (id.find('@') == id.npos) return false;
    const std::string row = id.substr(0, id.find('@'));
    if (program_.find_row(row) == oracle::kNoRow) return false;
    for (const spec::Profile profile : {spec::Profile::Rfc9293, spec::Profile::Rfc793}) {
      PlanOptions options;
      options.profile = profile;
      options.select = {row};
      options.families = {Family::Ipv4, Family::Ipv6};
      const Plan plan = make_plan(suite_, program_, options);
      const auto found = std::ranges::find_if(plan.cases, [&](const PlannedCase& c) { return c.about.id == id; });
      if (found == plan.cases.end()) continue;
      print_case(*found);
      return true;
    }
    return false;
  }

  static void print_case(const PlannedCase& planned) {
    const CaseResult& about = planned.about;
    std::cout << about.id << '\n';
    print("row", about.row);
    print("gloss", about.title);
    print("starts in", about.state ? std::string(to_string(*about.state)) : "");
    print("way", about.path);
    print_sources(about.requirements, about.cites, about.source);
    std::cout << "  steps:\n";
    for (const PlannedStep& planned_step : planned.steps) {
      static constexpr const char* kPhases[] = {"way", "situation", "stimulus", "epilogue"};
      std::cout << fmt::format("    {:<10} {}\n", kPhases[static_cast<std::size_t>(planned_step.phase)],
                               step_text(planned_step.step));
    }
  }

  const spec::Suite& suite_;
  oracle::Program program_;
};

int show(const std::string& id, const std::string& specs) {
  const auto suite = load_suite(specs);
  if (!suite) return kUsage;
  Shower shower(*suite);
  if (shower.show(id)) return kAsExpected;
  const std::vector<std::string> near = shower.near(id);
  complain(error(fmt::format("there is no '{}'", id),
                 near.empty() ? "`tcpconform list`, and with --cases, --scenarios, --ways, --variables, prints every id"
                              : fmt::format("did you mean one of: {}", fmt::join(near, ", "))));
  return kUsage;
}

}  // namespace

void add_show(CLI::App& app, int& exit) {
  struct Arguments {
    std::string id, specs;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("show", "prints everything the specs say of an id");
  command
      ->add_option("id", arguments->id, "a row, an obligation, a scenario, a way, a definition, a variable, or a case")
      ->required();
  command->add_option("--specs", arguments->specs, "folder of the specs");
  command->callback([&exit, arguments] { exit = show(arguments->id, arguments->specs); });
}

}  // namespace conform
