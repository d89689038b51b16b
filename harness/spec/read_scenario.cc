#include <fmt/format.h>

#include "harness/spec/keys.h"
#include "harness/spec/readers.h"

namespace conform::spec {

namespace {

std::pair<Scenario, Reference> read_scenario(const Node& node, Fields& fields) {
  const MapFields map(node, "a scenario", keys::kScenario, fields);
  Scenario scenario;
  Reference start;
  scenario.mark = fields.mark(node);
  if (const Node* name = map.need("scenario")) {
    scenario.name = fields.name(*name, "a scenario");
    scenario.mark = fields.mark(*name);
  }
  if (const Node* title = map.get("title")) scenario.title = fields.text(*title);
  if (const Node* word = map.need("start")) {
    scenario.start = fields.text(*word);
    start = {scenario.start, fields.mark(*word)};
  }
  if (const Node* steps = map.need("steps")) {
    scenario.steps = read_steps(*steps, fields);
    if (steps->kind == Node::Kind::Sequence && steps->items.empty()) fields.error(*steps, "a scenario without steps");
  }
  if (const Node* cite = map.get("cite")) scenario.cite = fields.texts(*cite);
  if (const Node* level = map.get("level"))
    scenario.level = fields.word(*level, kLevels, "level").value_or(Level::Must);
  if (const Node* ids = map.get("requirements")) scenario.requirements = fields.requirements(*ids);
  if (const Node* needs = map.get("needs")) {
    for (const Node* item : fields.list(*needs)) scenario.needs.push_back(fields.name(*item, "a capability"));
  }
  if (const Node* family = map.get("family")) scenario.family = fields.word(*family, kFamilies, "family");
  return {std::move(scenario), std::move(start)};
}

}  // namespace

std::vector<std::pair<Scenario, Reference>> read_scenario_file(const Node& root, Fields& fields) {
  std::vector<std::pair<Scenario, Reference>> scenarios;
  if (root.find("scenarios") == nullptr) {
    scenarios.push_back(read_scenario(root, fields));
    return scenarios;
  }
  const MapFields map(root, "a file of scenarios", keys::kScenarioList, fields);
  if (const Node* list = map.get("scenarios")) {
    for (const Node* item : fields.maps(*list, "scenarios")) scenarios.push_back(read_scenario(*item, fields));
  }
  return scenarios;
}

}  // namespace conform::spec
