// Readers owns what each kind of file is read into, before the parts are joined and checked against each other.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/spec/fields.h"
#include "harness/spec/scenario.h"

namespace conform::spec {

// A name that must exist somewhere else, and where it is said.
struct Reference {
  std::string name;
  Mark mark;
};

// One file under table/.
struct TablePart {
  std::string version;
  std::optional<Section> section;  // if it has steps
  std::string number;              // of the section, whether or not it has steps; empty if there is none
  Mark number_mark;
  std::vector<Obligation> obligations;
  std::vector<EventClass> classes;
  std::vector<Reference> jumps;  // `then: go to ...`
};

// A definition as it is written; it is compiled by a Scope of all of them.
struct DefinitionSource {
  const Node* value = nullptr;
  Definition definition;  // without its value
};

// The definitions of one file. Names are checked; values are not looked at.
std::vector<DefinitionSource> read_definitions(const Node& root, Fields& fields);

TablePart read_table_file(const Node& root, Fields& fields);

Row read_row(const Node& node, Event event, const std::string& step_id, std::vector<Reference>& jumps, Fields& fields);

std::vector<ScenarioStep> read_steps(const Node& node, Fields& fields);

// paths.yaml. Ways that do not exist are reported here.
Paths read_paths_file(const Node& root, Fields& fields);

// A scenario, or several. The starts are for the caller to look up.
std::vector<std::pair<Scenario, Reference>> read_scenario_file(const Node& root, Fields& fields);

TargetFile read_target(const Node& root, Fields& fields);

// ---- checks across files
// -1, 0, 1 by the parts of section numbers: 3.1 < 3.9 < 3.10.7.1.
int compare_sections(const std::string& a, const std::string& b);

// `then: go to` a step that does not exist.
void check_jumps(const Table& table, const std::vector<Reference>& jumps, Log& log);
// Two rows of a step with the same guard for the same state and profile.
void check_identical_guards(const Step& step, const Scope& scope, Log& log);
// Rows that cannot be reached because an earlier step always ends processing in their states.
void check_reachable(const Table& table, Log& log);

}  // namespace conform::spec
