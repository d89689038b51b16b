#include "harness/spec/suite_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace conform::spec {

namespace fs = std::filesystem;

std::vector<std::string> yaml_files(const std::string& folder, Log& log) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.') || at->is_directory(error)) continue;
    if (name.ends_with(".yaml"))
      files.push_back((fs::path(folder) / name).string());
    else
      log.add({(fs::path(folder) / name).string(), 0, 0}, "the name of a spec ends in '.yaml'");
  }
  if (error) log.add({folder, 0, 0}, "no such folder: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<Scenario> checked_scenarios(const Node& root, const std::string& file, const Scope& scope,
                                        const std::vector<Way>& ways, Log& log) {
  Fields fields(file, scope, log);
  Words names;
  for (const Way& way : ways) names.push_back(way.name);
  std::vector<Scenario> scenarios;
  for (auto& [scenario, start] : read_scenario_file(root, fields)) {
    if (!ways.empty() && !start.name.empty() && std::find(names.begin(), names.end(), start.name) == names.end()) {
      log.add(start.mark, fmt::format("unknown way '{}'", start.name), hint_for(start.name, names));
    }
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

std::optional<SuiteReader::File> SuiteReader::load(const std::string& file) {
  const std::optional<std::string> text = read_file(file, log_);
  if (!text) return std::nullopt;
  std::optional<Node> root = parse_yaml(*text, file, log_);
  if (!root) {
    definitions_lost_ =
        definitions_lost_ || text->starts_with("definitions:") || text->find("\ndefinitions:") != std::string::npos;
    return std::nullopt;
  }
  return File{file, std::move(*root)};
}

std::vector<SuiteReader::File> SuiteReader::load_folder(const std::string& folder) {
  std::vector<File> files;
  for (const std::string& file : yaml_files(folder, log_)) {
    if (auto loaded = load(file)) files.push_back(std::move(*loaded));
  }
  return files;
}

Suite SuiteReader::read(const std::string& folder, const std::string& extra) {
  const fs::path root(folder);
  const std::string paths_file = (root / "paths.yaml").string(), scenarios_folder = (root / "scenarios").string();
  Suite suite;
  std::vector<File> tables = load_folder((root / "table").string());
  if (!extra.empty()) {
    if (auto loaded = load(extra)) tables.push_back(std::move(*loaded));
  }
  std::error_code error;
  if (tables.empty() && log_.empty()) log_.add({(root / "table").string(), 0, 0}, "a table needs at least one file");
  std::optional<File> paths;
  if (fs::exists(paths_file, error))
    paths = load(paths_file);
  else
    log_.add({paths_file, 0, 0}, "the ways to the states are missing: no such file");
  std::vector<File> scenarios;
  if (fs::is_directory(scenarios_folder, error))
    scenarios = load_folder(scenarios_folder);
  else
    log_.add({scenarios_folder, 0, 0}, "the scenarios are missing: no such folder");
  if (definitions_lost_) return suite;  // every expression would only repeat it

  Definitions definitions = define(tables);
  suite.table.definitions = std::move(definitions.list);
  read_table(tables, definitions.scope, suite.table);
  if (paths) {
    Fields fields(paths->name, definitions.scope, log_);
    suite.paths = read_paths_file(paths->root, fields);
  }
  std::map<std::string, Mark> names;
  for (const File& file : scenarios) {
    for (Scenario& scenario : checked_scenarios(file.root, file.name, definitions.scope, suite.paths.ways, log_)) {
      const auto [first, fresh] = names.emplace(scenario.name, scenario.mark);
      if (!fresh && !scenario.name.empty()) {
        log_.add(scenario.mark, fmt::format("scenario '{}' stands twice, first in {}:{}", scenario.name,
                                            first->second.file, first->second.line));
      }
      suite.scenarios.push_back(std::move(scenario));
    }
  }
  return suite;
}

SuiteReader::Definitions SuiteReader::define(const std::vector<File>& files) {
  const Scope nothing;
  struct Found {
    DefinitionSource source;
    const File* file;
  };
  std::vector<Found> found;
  std::vector<Scope::Source> sources;
  std::map<std::string, Mark> names;
  for (const File& file : files) {
    Fields fields(file.name, nothing, log_);
    for (DefinitionSource& source : read_definitions(file.root, fields)) {
      const Definition& definition = source.definition;
      if (definition.name.empty()) continue;
      const auto [first, fresh] = names.emplace(definition.name, definition.mark);
      if (!fresh) {
        log_.add(definition.mark, fmt::format("definition '{}' stands twice, first in {}:{}", definition.name,
                                              first->second.file, first->second.line));
        continue;
      }
      sources.push_back({definition.name, source.value ? source.value->text : ""});
      found.push_back({std::move(source), &file});
    }
  }
  Definitions made{Scope(std::move(sources)), {}};
  for (const Scope::Failure& failure : made.scope.failures()) {
    const Found& wrong = found[failure.index];
    if (wrong.source.value) Fields(wrong.file->name, nothing, log_).error(*wrong.source.value, failure.error);
  }
  for (Found& one : found) {
    const Code* code = made.scope.definition(one.source.definition.name);
    if (code == nullptr) continue;
    one.source.definition.value =
        Expression(code->instructions, code->type, std::string(trimmed(one.source.value->text)));
    made.list.push_back(std::move(one.source.definition));
  }
  return made;
}

void SuiteReader::read_table(const std::vector<File>& files, const Scope& scope, Table& table) {
  std::vector<Reference> jumps;
  for (const File& file : files) {
    Fields fields(file.name, scope, log_);
    add_part(read_table_file(file.root, fields), file.name, table, jumps);
  }
  std::stable_sort(table.sections.begin(), table.sections.end(),
                   [](const Section& a, const Section& b) { return compare_sections(a.number, b.number) < 0; });
  check(table, jumps, scope);
}

void SuiteReader::add_part(TablePart part, const std::string& file, Table& table, std::vector<Reference>& jumps) {
  if (!part.number.empty()) {
    const auto [first, fresh] = numbers_.emplace(part.number, part.number_mark);
    if (!fresh)
      log_.add(part.number_mark, fmt::format("section '{}' stands twice, first in {}:{}", part.number,
                                             first->second.file, first->second.line));
  }
  if (!part.version.empty()) {
    if (!version_file_.empty())
      log_.add({file, 1, 1}, fmt::format("'version' stands twice, first in {}", version_file_));
    else
      table.version = part.version, version_file_ = file;
  }
  for (EventClass& one : part.classes) {
    for (const EventClass& earlier : table.classes) {
      if (one.name.empty() || one.name != earlier.name || one.event != earlier.event) continue;
      log_.add(one.mark,
               fmt::format("class '{}' stands twice, first in {}:{}", one.name, earlier.mark.file, earlier.mark.line));
      break;
    }
    table.classes.push_back(std::move(one));
  }
  if (part.section) table.sections.push_back(std::move(*part.section));
  std::move(part.obligations.begin(), part.obligations.end(), std::back_inserter(table.obligations));
  jumps.insert(jumps.end(), part.jumps.begin(), part.jumps.end());
}

void SuiteReader::check(Table& table, const std::vector<Reference>& jumps, const Scope& scope) {
  check_jumps(table, jumps, log_);
  for (const Section& section : table.sections) {
    for (const Step& step : section.steps) check_identical_guards(step, scope, log_);
  }
  check_reachable(table, log_);
}

}  // namespace conform::spec
