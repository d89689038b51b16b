#include <fmt/format.h>

#include "harness/spec/keys.h"
#include "harness/spec/readers.h"

namespace conform::spec {

namespace {

class StepReader {
 public:
  explicit StepReader(Fields& fields) : fields_(fields) {}

  std::optional<ScenarioStep> read(const Node& node) {
    const MapFields map(node, "a step", keys::kScenarioStep, fields_);
    if (node.kind != Node::Kind::Map) return std::nullopt;
    std::size_t count = 0;
    for (std::string_view key : keys::kScenarioStep) count += node.find(key) != nullptr;
    if (count > 1 || (count == 0 && node.keys.empty())) {
      fields_.error(node, fmt::format("a step has exactly one of {}",
                                      joined({keys::kScenarioStep.begin(), keys::kScenarioStep.end()})));
    }
    ScenarioStep step{CallStep{}, fields_.mark(node)};
    if (const Node* call = map.get("call")) {
      const auto written = fields_.phrase(*call, "a user call");
      if (!written) return std::nullopt;
      step.what = CallStep{fields_.take(*call, read_call(*written)).value_or(UserCall())};
    } else if (const Node* segment = map.get("segment")) {
      step.what = SegmentStep{fields_.segment(*segment, Use::Sent).value_or(SegmentTemplate())};
    } else if (const Node* wait = map.get("wait")) {
      step.what = read_wait(*wait);
    } else if (const Node* peer = map.get("peer")) {
      const auto written = fields_.phrase(*peer, "what the peer does");
      if (!written) return std::nullopt;
      step.what = fields_.take(*peer, read_peer(*written)).value_or(PeerStep());
    } else if (const Node* expect = map.get("expect")) {
      step.what = read_expect(*expect);
    } else {
      return std::nullopt;
    }
    return step;
  }

 private:
  WaitStep read_wait(const Node& node) {
    WaitStep wait;
    if (node.kind != Node::Kind::Map) {
      wait.at_most = fields_.time(node);
      return wait;
    }
    const MapFields map(node, "'wait'", keys::kWait, fields_);
    if (const Node* at_most = map.need("at-most")) wait.at_most = fields_.time(*at_most);
    const Node* until = map.get("until");
    if (until == nullptr) return wait;
    if (until->kind == Node::Kind::Scalar && trimmed(until->text).starts_with('<'))
      wait.until_segment = fields_.segment(*until, Use::Observed);
    else
      wait.until_state = fields_.state(*until);
    return wait;
  }

  ExpectStep read_expect(const Node& node) {
    const MapFields map(node, "'expect'", keys::kExpect, fields_);
    ExpectStep expect;
    if (node.kind == Node::Kind::Map && node.keys.empty()) fields_.error(node, "'expect' expects nothing");
    if (const Node* emit = map.get("emit")) expect.emit = fields_.segments(*emit, Use::Observed);
    if (const Node* emit = map.get("no-emit")) expect.no_emit = fields_.segments(*emit, Use::Observed);
    if (const Node* silence = map.get("silence")) {
      expect.silence = fields_.boolean(*silence);
      if (expect.silence && map.get("emit")) fields_.error(*silence, "'silence' contradicts 'emit'");
    }
    if (const Node* state = map.get("state")) expect.state = fields_.state(*state);
    if (const Node* signal = map.get("signal")) expect.signals = fields_.signals(*signal);
    if (const Node* reply = map.get("reply")) expect.reply = fields_.answers(*reply);
    if (const Node* received = map.get("received")) expect.received = fields_.expression(*received, Type::Num);
    return expect;
  }

  Fields& fields_;
};

}  // namespace

std::vector<ScenarioStep> read_steps(const Node& node, Fields& fields) {
  std::vector<ScenarioStep> steps;
  for (const Node* item : fields.maps(node, "steps")) {
    if (auto step = StepReader(fields).read(*item)) steps.push_back(std::move(*step));
  }
  return steps;
}

}  // namespace conform::spec
