// `list`: what can be run, and the words that specs may use.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/cli/describe.h"
#include "harness/cli/specs_command.h"
#include "harness/spec/words.h"

namespace conform {

namespace {

using Json = nlohmann::ordered_json;

struct ListArguments {
  Selection selection;
  std::string specs;
  bool cases = false, scenarios = false, ways = false, variables = false, json = false;
  bool profile_given = false;
};

// What is to be printed: lines for people, or as many values for programs.
struct Listing {
  std::vector<std::string> lines;
  Json values = Json::array();
};

std::string_view type_text(spec::Type type) {
  switch (type) {
    case spec::Type::Bool: return "truth";
    case spec::Type::Num: return "number";
    case spec::Type::Seq: return "sequence number";
  }
  return "?";
}

bool wanted(const spec::Row& row, const spec::Section& section, const PlanOptions& options,
            const ListArguments& arguments) {
  if (arguments.profile_given && !spec::has(row.profiles, options.profile)) return false;
  if (options.state && !spec::has(row.states, *options.state)) return false;
  if (options.level && row.level != *options.level) return false;
  return selected(options.select, {row.full_id, section.number, row.id});
}

Json row_value(const spec::Row& row, const spec::Section& section, const spec::Step& step) {
  Json states = Json::array();
  for (wire::State state : wire::kAllStates) {
    if (spec::has(row.states, state)) states.push_back(to_string(state));
  }
  return {{"id", row.full_id},
          {"section", section.number},
          {"step", step.name},
          {"event", spec::to_string(step.event)},
          {"states", states},
          {"level", to_string(row.level)},
          {"profile", profiles_text(row.profiles)},
          {"gloss", row.gloss},
          {"requirements", row.requirements},
          {"cite", row.cite},
          {"file", row.mark.file},
          {"line", row.mark.line}};
}

// Two lines a row, so that ids can be copied and states are never cut.
void add_row(Listing& listing, const spec::Row& row) {
  std::string line = fmt::format("    {}  {}", row.full_id, to_string(row.level));
  if (!row.profiles.all()) line += fmt::format("  {} only", profiles_text(row.profiles));
  listing.lines.push_back(line);
  if (!row.gloss.empty()) listing.lines.push_back("        " + row.gloss);
  listing.lines.push_back("        in " + states_text(row.states));
}

Listing list_rows(const spec::Suite& suite, const PlanOptions& options, const ListArguments& arguments) {
  Listing listing;
  for (const spec::Section& section : suite.table.sections) {
    bool section_told = false;
    for (const spec::Step& step : section.steps) {
      bool step_told = false;
      for (const spec::Row& row : step.rows) {
        if (!wanted(row, section, options, arguments)) continue;
        listing.values.push_back(row_value(row, section, step));
        if (!section_told)
          listing.lines.push_back(
              fmt::format("{}{}  {}", listing.lines.empty() ? "" : "\n", section.number, section.title));
        if (!step_told) listing.lines.push_back(fmt::format("  {}: {}", step.name, step.title));
        section_told = step_told = true;
        add_row(listing, row);
      }
    }
  }
  return listing;
}

Listing list_cases(const spec::Suite& suite, const PlanOptions& options) {
  Listing listing;
  const oracle::Program program(suite.table);
  for (const PlannedCase& planned : make_plan(suite, program, options).cases) {
    const CaseResult& about = planned.about;
    listing.lines.push_back(about.id);
    Json value = {{"id", about.id}, {"section", about.section}, {"row", about.row}, {"title", about.title}};
    if (about.state) value["state"] = to_string(*about.state);
    value["way"] = about.path;
    listing.values.push_back(std::move(value));
  }
  return listing;
}

Listing list_scenarios(const spec::Suite& suite, const std::vector<std::string>& select) {
  Listing listing;
  std::size_t longest = 0;
  for (const spec::Scenario& scenario : suite.scenarios) longest = std::max(longest, scenario.name.size());
  for (const spec::Scenario& scenario : suite.scenarios) {
    if (!selected(select, {scenario.name, "scenario/" + scenario.name, "scenario"})) continue;
    listing.lines.push_back(fmt::format("{:<{}}  {}", scenario.name, longest, scenario.title));
    listing.values.push_back({{"id", "scenario/" + scenario.name},
                              {"title", scenario.title},
                              {"start", scenario.start},
                              {"requirements", scenario.requirements},
                              {"file", scenario.mark.file},
                              {"line", scenario.mark.line}});
  }
  return listing;
}

Listing list_ways(const spec::Suite& suite, const std::vector<std::string>& select) {
  Listing listing;
  std::size_t longest = 0;
  for (const spec::Way& way : suite.paths.ways) longest = std::max(longest, way.name.size());
  for (const spec::Way& way : suite.paths.ways) {
    const std::string state(to_string(way.state));
    if (!selected(select, {way.name, "way/" + way.name, state, "way"})) continue;
    std::string gloss = way.gloss.empty() && !way.from.empty() ? "from " + way.from : way.gloss;
    listing.lines.push_back(fmt::format("{:<{}}  {:<12}  {}", way.name, longest, state, gloss));
    listing.values.push_back({{"id", way.name},
                              {"state", state},
                              {"from", way.from},
                              {"gloss", way.gloss},
                              {"file", way.mark.file},
                              {"line", way.mark.line}});
  }
  return listing;
}

Listing list_variables(const std::vector<std::string>& select) {
  Listing listing;
  for (const spec::VarInfo& info : spec::kVars) {
    if (!selected(select, {std::string(info.name)})) continue;
    listing.lines.push_back(fmt::format("{:<18} {:<16} {}", info.name, type_text(info.type), info.text));
    listing.values.push_back({{"name", info.name}, {"type", type_text(info.type)}, {"meaning", info.text}});
  }
  return listing;
}

int list(const ListArguments& arguments) {
  const auto options = plan_options(arguments.selection);
  if (!options) return kUsage;
  Listing listing;
  if (arguments.variables) {
    listing = list_variables(options->select);
  } else {
    const auto suite = load_suite(arguments.specs);
    if (!suite) return kUsage;
    listing = arguments.cases       ? list_cases(*suite, *options)
              : arguments.scenarios ? list_scenarios(*suite, options->select)
              : arguments.ways      ? list_ways(*suite, options->select)
                                    : list_rows(*suite, *options, arguments);
  }
  if (arguments.json) {
    std::cout << listing.values.dump(2) << '\n';
  } else {
    for (const std::string& line : listing.lines) std::cout << line << '\n';
  }
  if (!listing.values.empty()) return kAsExpected;
  complain(
      error("nothing was selected",
            "a selector is an id or a glob of ids, such as '3.10.7.4/second/*'; without one everything is listed"));
  return kNothing;
}

}  // namespace

void add_list(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<ListArguments>();
  CLI::App* command = app.add_subcommand("list", "prints what can be run: the rows of the table, by section");
  ListArguments& a = *arguments;
  command->add_option("select", a.selection.select, "ids or globs: '3.10.7.4/second/*', '*rst*'");
  CLI::Option_group* what = command->add_option_group("instead of rows");
  what->add_flag("--cases", a.cases, "the planned cases, an id a line");
  what->add_flag("--scenarios", a.scenarios, "the hand-written scenarios");
  what->add_flag("--ways", a.ways, "the ways to each state");
  what->add_flag("--variables", a.variables, "the variables that guards may use, with type and meaning");
  what->require_option(0, 1);
  command->add_option("--state", a.selection.state, "only rows that apply, or cases that start, in this state");
  command->add_option("--level", a.selection.level, "only rows of this level: must, should, may");
  CLI::Option* profile =
      command->add_option("--profile", a.selection.profile, "only what belongs to rfc793 or to rfc9293");
  command->add_flag("--json", a.json, "a JSON array");
  command->add_option("--specs", a.specs, "folder of the specs");
  command->callback([&exit, arguments, profile] {
    arguments->profile_given = profile->count() > 0;
    exit = list(*arguments);
  });
}

}  // namespace conform
