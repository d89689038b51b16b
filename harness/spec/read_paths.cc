#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/spec/keys.h"
#include "harness/spec/readers.h"

namespace conform::spec {

namespace {

class PathsReader {
 public:
  explicit PathsReader(Fields& fields) : fields_(fields) {}

  Paths read(const Node& root) {
    const MapFields map(root, "the paths file", keys::kPathsFile, fields_);
    if (const Node* ways = map.need("ways")) {
      const std::vector<const Node*> items = fields_.maps(*ways, "ways");
      for (const Node* item : items) read_way(*item);
      check_froms(items);
    }
    if (const Node* situations = map.get("situations")) {
      for (const Node* item : fields_.maps(*situations, "situations")) read_situation(*item);
    }
    if (const Node* epilogues = map.get("epilogues")) {
      for (const Node* item : fields_.maps(*epilogues, "epilogues")) read_epilogue(*item);
    }
    if (const Node* stimuli = map.get("stimuli")) read_stimuli(*stimuli);
    return std::move(paths_);
  }

 private:
  // "ESTABLISHED+passive": parts of names joined by '+'; it becomes a part of a case's id.
  template <typename T>
  std::string unique_name(const MapFields& map, std::string_view key, const std::vector<T>& earlier) {
    const Node* node = map.need(key);
    std::string name = node ? fields_.text(*node) : "";
    if (name.find_first_of(" @/*?\"'") != std::string::npos) {
      fields_.error(*node, fmt::format("'{}' cannot be the name of a {}", name, key),
                    "names are letters, digits, '-' and '+'");
    }
    for (const T& other : earlier) {
      if (name.empty() || other.name != name) continue;
      fields_.error(*node, fmt::format("{} '{}' stands twice, first in line {}", key, name, other.mark.line));
      break;
    }
    return name;
  }

  void read_way(const Node& node) {
    const MapFields map(node, "a way", keys::kWay, fields_);
    Way way;
    way.mark = fields_.mark(node);
    way.name = unique_name(map, "way", paths_.ways);
    if (const Node* state = map.need("state")) way.state = fields_.state(*state).value_or(wire::State::Closed);
    if (const Node* from = map.get("from")) way.from = fields_.text(*from);
    if (const Node* gloss = map.get("gloss")) way.gloss = fields_.text(*gloss);
    if (const Node* steps = map.get("steps")) way.steps = read_steps(*steps, fields_);
    paths_.ways.push_back(std::move(way));
  }

  void read_situation(const Node& node) {
    const MapFields map(node, "a situation", keys::kSituation, fields_);
    Situation situation;
    situation.mark = fields_.mark(node);
    situation.name = unique_name(map, "situation", paths_.situations);
    if (const Node* states = map.need("states")) situation.states = fields_.states(*states);
    if (const Node* gloss = map.get("gloss")) situation.gloss = fields_.text(*gloss);
    if (const Node* steps = map.need("steps")) situation.steps = read_steps(*steps, fields_);
    paths_.situations.push_back(std::move(situation));
  }

  void read_epilogue(const Node& node) {
    const MapFields map(node, "an epilogue", keys::kEpilogue, fields_);
    Epilogue epilogue;
    epilogue.mark = fields_.mark(node);
    epilogue.name = unique_name(map, "epilogue", paths_.epilogues);
    if (const Node* states = map.need("states")) epilogue.states = fields_.states(*states);
    if (const Node* steps = map.need("steps")) epilogue.steps = read_steps(*steps, fields_);
    paths_.epilogues.push_back(std::move(epilogue));
  }

  void read_stimuli(const Node& node) {
    const MapFields map(node, "the stimuli", keys::kStimuli, fields_);
    Stimuli& stimuli = paths_.stimuli;
    if (const Node* ctl = map.get("ctl")) {
      for (const Node* item : fields_.list(*ctl)) {
        const auto written = fields_.phrase(*item, "control bits");
        if (!written) continue;
        if (const auto flags = fields_.take(*item, read_flags(*written))) stimuli.ctl.push_back(*flags);
      }
    }
    stimuli.seq = expressions(map, "seq", Type::Seq);
    stimuli.ack = expressions(map, "ack", Type::Seq);
    stimuli.data = expressions(map, "data", Type::Num);
    stimuli.wnd = expressions(map, "wnd", Type::Num);
    if (const Node* segments = map.get("segments")) stimuli.segments = fields_.segments(*segments, Use::Sent);
    if (const Node* calls = map.get("calls")) {
      for (const Node* item : fields_.list(*calls)) {
        const auto written = fields_.phrase(*item, "a user call");
        if (!written) continue;
        if (const auto call = fields_.take(*item, read_call(*written))) stimuli.calls.push_back(*call);
      }
    }
    if (const Node* waits = map.get("waits")) {
      for (const Node* item : fields_.list(*waits)) stimuli.waits.push_back(fields_.time(*item));
    }
  }

  std::vector<Expression> expressions(const MapFields& map, std::string_view key, Type type) {
    std::vector<Expression> values;
    const Node* node = map.get(key);
    if (node == nullptr) return values;
    for (const Node* item : fields_.list(*node)) values.push_back(fields_.expression(*item, type));
    return values;
  }

  // Each way begins with another one that exists, and never with itself.
  void check_froms(const std::vector<const Node*>& items) {
    std::map<std::string_view, std::size_t> index;
    Words names;
    for (std::size_t i = 0; i < paths_.ways.size(); ++i) {
      index.emplace(paths_.ways[i].name, i);
      names.push_back(paths_.ways[i].name);
    }
    std::vector<std::size_t> seen_from(paths_.ways.size(), paths_.ways.size());
    for (std::size_t start = 0; start < paths_.ways.size(); ++start) {
      const std::string& from = paths_.ways[start].from;
      if (!from.empty() && !index.contains(from)) {
        const std::string_view near = nearest(from, names);
        fields_.error(*items[start]->find("from"), fmt::format("unknown way '{}'", from),
                      near.empty() ? "" : fmt::format("did you mean '{}'?", near));
      }
      std::size_t now = start;
      std::string path;
      while (seen_from[now] == paths_.ways.size()) {
        seen_from[now] = start;
        path += fmt::format("{} from ", paths_.ways[now].name);
        const auto next = index.find(paths_.ways[now].from);
        if (paths_.ways[now].from.empty() || next == index.end()) break;
        now = next->second;
        if (seen_from[now] != start) continue;
        fields_.error(*items[now]->find("from"),
                      fmt::format("ways in a circle: {}{}", path.substr(path.find(paths_.ways[now].name)),
                                  paths_.ways[now].name));
      }
    }
  }

  Fields& fields_;
  Paths paths_;
};

}  // namespace

Paths read_paths_file(const Node& root, Fields& fields) { return PathsReader(fields).read(root); }

}  // namespace conform::spec
