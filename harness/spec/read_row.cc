#include <fmt/format.h>

#include <algorithm>

#include "harness/spec/keys.h"
#include "harness/spec/readers.h"

namespace conform::spec {

namespace {

class RowReader {
 public:
  RowReader(Event event, std::vector<Reference>& jumps, Fields& fields)
      : event_(event), jumps_(jumps), fields_(fields) {}

  Row read(const Node& node, const std::string& step_id) {
    Row row;
    const MapFields map(node, "a row", keys::kRow, fields_);
    row.mark = fields_.mark(node);
    if (const Node* id = map.need("id")) row.id = fields_.name(*id, "a row");
    row.full_id = step_id + "/" + row.id;
    if (const Node* states = map.need("states")) row.states = fields_.states(*states);
    if (const Node* gloss = map.get("gloss")) row.gloss = fields_.text(*gloss);
    if (const Node* when = map.get("when")) row.when = fields_.expression(*when, Type::Bool);
    row.profiles.set();
    if (const Node* profile = map.get("profile")) row.profiles = fields_.profiles(*profile);
    if (const Node* level = map.get("level")) row.level = fields_.word(*level, kLevels, "level").value_or(Level::Must);
    if (const Node* needs = map.get("needs")) row.needs = fields_.name(*needs, "a capability");
    if (const Node* overlaps = map.get("overlaps")) row.overlaps = fields_.texts(*overlaps);
    if (const Node* ids = map.get("requirements")) row.requirements = fields_.requirements(*ids);
    if (const Node* cite = map.get("cite")) row.cite = fields_.texts(*cite);
    if (const Node* why = map.get("cannot-happen")) row.cannot_happen = fields_.text(*why);
    read_behaviours(map, row);
    return row;
  }

 private:
  // A row has a behaviour, or alternatives, or says that it cannot happen.
  void read_behaviours(const MapFields& map, Row& row) {
    const bool own = map.has_any(keys::kBehaviourOfRow);
    const Node* alternatives = map.get("alternatives");
    const Node* cannot = map.get("cannot-happen");
    if (alternatives && own) {
      fields_.error(*alternatives, "a row has either 'alternatives' or a behaviour of its own",
                    fmt::format("move '{}' into the alternatives", first_of(map)));
    }
    if (cannot && (own || alternatives)) {
      fields_.error(*cannot, "a row that cannot happen has no behaviour",
                    fmt::format("remove '{}'", own ? first_of(map) : "alternatives"));
    }
    // To match a sent segment is a behaviour by itself: the row says why it may be sent.
    const bool justifies = event_ == Event::Emission && !alternatives && !cannot;
    if (!own && !justifies && !alternatives && !map.node().find("cannot-happen") &&
        map.node().kind == Node::Kind::Map) {
      fields_.error(map.node(), "a row has neither behaviour nor 'cannot-happen'",
                    "'then: continue' says that nothing happens");
    }
    if (alternatives) {
      const std::vector<const Node*> items = fields_.maps(*alternatives, "behaviours");
      if (alternatives->kind == Node::Kind::Sequence && items.empty())
        fields_.error(*alternatives, "'alternatives' is empty");
      for (const Node* item : items) row.alternatives.push_back(read_alternative(*item, row));
      check_labels(items, row);
    } else if (own || justifies) {
      row.alternatives.push_back(read_behaviour(map));
    }
  }

  static std::string_view first_of(const MapFields& map) {
    return *std::find_if(keys::kBehaviourOfRow.begin(), keys::kBehaviourOfRow.end(),
                         [&](std::string_view key) { return map.get(key) != nullptr; });
  }

  Behaviour read_alternative(const Node& node, const Row& row) {
    const MapFields map(node, "an alternative", keys::kBehaviour, fields_);
    Behaviour behaviour = read_behaviour(map);
    if (const Node* cite = map.get("cite")) behaviour.cite = fields_.texts(*cite);
    if (const Node* profile = map.get("profile")) {
      behaviour.profiles = fields_.profiles(*profile);
      if ((*behaviour.profiles & row.profiles).none())
        fields_.error(*profile, "the row does not belong to this profile");
    }
    return behaviour;
  }

  void check_labels(const std::vector<const Node*>& items, const Row& row) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (row.alternatives[i].label.empty() || row.alternatives[i].label != row.alternatives[j].label) continue;
        fields_.error(*items[i]->find("label"),
                      fmt::format("label '{}' stands twice in the row", row.alternatives[i].label));
        break;
      }
    }
  }

  Behaviour read_behaviour(const MapFields& map) {
    Behaviour behaviour;
    if (const Node* effects = map.get("do")) {
      for (const Node* item : fields_.list(*effects)) {
        const auto written = fields_.phrase(*item, "an effect");
        if (!written) continue;
        if (auto effect = fields_.take(*item, read_effect(*written, fields_.scope())))
          behaviour.effects.push_back(std::move(*effect));
      }
    }
    if (const Node* emit = allowed(map, "emit")) behaviour.emit = fields_.segments(*emit, Use::Observed);
    if (const Node* emit = allowed(map, "may-emit")) behaviour.may_emit = fields_.segments(*emit, Use::Observed);
    if (const Node* signal = map.get("signal")) behaviour.signals = fields_.signals(*signal);
    if (const Node* signal = map.get("may-signal")) {
      for (const SignalSet& set : fields_.signals(*signal)) behaviour.may_signal |= set;
    }
    if (const Node* reply = allowed(map, "reply")) behaviour.reply = fields_.answers(*reply);
    if (const Node* next = map.get("next")) behaviour.next = fields_.state(*next);
    if (const Node* then = map.get("then")) read_then(*then, behaviour);
    if (const Node* violation = allowed(map, "violation")) behaviour.violation = fields_.text(*violation);
    if (const Node* misses = map.get("misses")) behaviour.misses = fields_.word(*misses, kMisses, "level");
    if (const Node* label = map.get("label")) behaviour.label = fields_.text(*label);
    if (const Node* why = map.get("why")) behaviour.why = fields_.text(*why);
    return behaviour;
  }

  // Keys that make sense only for some events.
  const Node* allowed(const MapFields& map, std::string_view key) {
    const Node* value = map.get(key);
    if (value == nullptr) return nullptr;
    if (is_emission(event_) && (key == "emit" || key == "may-emit")) {
      fields_.error(*value, fmt::format("'{}' in a row about emissions", key),
                    "such a row speaks of the sent segment as SEG");
    } else if (key == "reply" && !is_call(event_)) {
      fields_.error(*value, fmt::format("'reply' in a row about '{}'", to_string(event_)),
                    "only user calls are answered");
    } else if (key == "violation" && event_ != Event::EmissionForm) {
      fields_.error(*value, fmt::format("'violation' in a row about '{}'", to_string(event_)),
                    "it belongs to 'emission form'");
    }
    return value;
  }

  void read_then(const Node& node, Behaviour& behaviour) {
    const std::string word = fields_.text(node);
    constexpr std::string_view kGoTo = "go to ";
    if (word.starts_with(kGoTo)) {
      behaviour.then = Then::GoTo;
      behaviour.go_to = trimmed(std::string_view(word).substr(kGoTo.size()));
      jumps_.push_back({behaviour.go_to, fields_.mark(node)});
      return;
    }
    Words words = texts_of(kThen);
    words.push_back("go to SECTION/STEP");
    const auto found = find_word(kThen, word);
    if (found)
      behaviour.then = *found;
    else if (!word.empty())
      fields_.error(node, fmt::format("unknown way to go on '{}'", word), hint_for(word, words));
  }

  Event event_;
  std::vector<Reference>& jumps_;
  Fields& fields_;
};

}  // namespace

Row read_row(const Node& node, Event event, const std::string& step_id, std::vector<Reference>& jumps, Fields& fields) {
  return RowReader(event, jumps, fields).read(node, step_id);
}

}  // namespace conform::spec
