#include <fmt/format.h>

#include <algorithm>

#include "harness/spec/keys.h"
#include "harness/spec/readers.h"

namespace conform::spec {

namespace {

std::vector<std::pair<std::string, std::string>> read_parameters(const Node& node, Fields& fields) {
  std::vector<std::pair<std::string, std::string>> parameters;
  if (node.kind != Node::Kind::Map) {
    fields.error(node, fmt::format("expected a map of parameters, found {}", node.describe()));
    return parameters;
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    if (node.items[i].kind == Node::Kind::Null) {
      fields.error(node.keys[i], fmt::format("key '{}' has no value", node.keys[i].text));
    } else if (const auto value = fields.phrase(node.items[i], "a value")) {
      parameters.emplace_back(node.keys[i].text, *value);
    }
  }
  return parameters;
}

KnownDeviation read_deviation(const Node& node, Fields& fields) {
  const MapFields map(node, "a deviation", keys::kDeviation, fields);
  KnownDeviation deviation;
  deviation.mark = fields.mark(node);
  if (const Node* row = map.need("row")) deviation.row = fields.text(*row);
  if (const Node* kind = map.get("kind")) deviation.kind = fields.text(*kind);
  if (const Node* cases = map.need("cases")) deviation.cases = fields.texts(*cases);
  if (const Node* clause = map.get("clause")) deviation.clause = fields.text(*clause);
  if (const Node* observed = map.get("observed")) deviation.observed = fields.text(*observed);
  if (const Node* reason = map.need("reason")) deviation.reason = fields.text(*reason);
  return deviation;
}

Inapplicable read_inapplicable(const Node& node, Fields& fields) {
  const MapFields map(node, "what is inapplicable", keys::kInapplicable, fields);
  Inapplicable made;
  made.mark = fields.mark(node);
  if (const Node* cases = map.need("cases")) made.cases = fields.texts(*cases);
  if (const Node* lacks = map.need("lacks")) {
    made.lacks = fields.text(*lacks);
    const Words words = lack_words();
    const bool known = std::find(words.begin(), words.end(), made.lacks) != words.end();
    if (!known && !made.lacks.empty())
      fields.error(*lacks, fmt::format("unknown lack '{}'", made.lacks), hint_for(made.lacks, words));
  }
  if (const Node* reason = map.need("reason")) made.reason = fields.text(*reason);
  return made;
}

}  // namespace

TargetFile read_target(const Node& root, Fields& fields) {
  const MapFields map(root, "a target file", keys::kTargetFile, fields);
  TargetFile target;
  if (const Node* name = map.need("target")) target.name = fields.name(*name, "a target");
  if (const Node* kind = map.need("kind")) target.kind = fields.text(*kind);
  if (const Node* title = map.get("title")) target.title = fields.text(*title);
  if (const Node* parameters = map.get("parameters")) target.parameters = read_parameters(*parameters, fields);
  if (const Node* deviations = map.get("deviations")) {
    for (const Node* item : fields.maps(*deviations, "deviations"))
      target.deviations.push_back(read_deviation(*item, fields));
  }
  if (const Node* inapplicable = map.get("inapplicable")) {
    for (const Node* item : fields.maps(*inapplicable, "what is inapplicable"))
      target.inapplicable.push_back(read_inapplicable(*item, fields));
  }
  return target;
}

}  // namespace conform::spec
