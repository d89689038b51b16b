#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/spec/keys.h"
#include "harness/spec/lexer.h"
#include "harness/spec/readers.h"

namespace conform::spec {

namespace {

bool is_section_number(std::string_view text) {
  bool digit = false;
  for (char c : text) {
    if (c == '.' && !digit) return false;
    digit = c >= '0' && c <= '9';
    if (!digit && c != '.') return false;
  }
  return digit;
}

class TableReader {
 public:
  explicit TableReader(Fields& fields) : fields_(fields) {}

  TablePart read(const Node& root) {
    const MapFields map(root, "a table file", keys::kTableFile, fields_);
    if (const Node* version = map.get("version")) part_.version = fields_.text(*version);
    const bool has_section = map.get("steps") || map.get("obligations") || map.get("section");
    if (has_section)
      read_section(map);
    else if (!map.get("definitions") && !map.get("classes") && !map.get("version") && root.kind == Node::Kind::Map) {
      fields_.error(root, "a table file holds 'section', 'definitions', 'classes' or 'version'");
    }
    if (const Node* classes = map.get("classes")) {
      for (const Node* item : fields_.maps(*classes, "classes")) read_class(*item);
    }
    return std::move(part_);
  }

 private:
  void read_section(const MapFields& map) {
    Section section;
    section.mark = fields_.mark(map.node());
    if (const Node* number = map.need("section")) {
      section.number = fields_.text(*number);
      if (!section.number.empty() && !is_section_number(section.number)) {
        fields_.error(*number, fmt::format("'{}' is not the number of a section", section.number),
                      "as in \"3.10.7.4\"");
      }
      part_.number_mark = fields_.mark(*number);
    }
    part_.number = section.number;
    if (const Node* title = map.need("title")) section.title = fields_.text(*title);
    section.states.set();
    if (const Node* states = map.get("states")) section.states = fields_.states(*states);
    std::optional<Event> event;
    if (const Node* word = map.get("event")) event = fields_.word(*word, kEvents, "event").value_or(Event::Segment);
    if (const Node* steps = map.get("steps")) {
      for (const Node* item : fields_.maps(*steps, "steps")) read_step(*item, event, section);
      part_.section = std::move(section);
    } else if (!map.get("obligations") && !map.node().find("steps")) {
      fields_.error(map.node(), "a section has neither 'steps' nor 'obligations'");
    }
    if (const Node* obligations = map.get("obligations")) {
      for (const Node* item : fields_.maps(*obligations, "obligations")) read_obligation(*item);
    }
  }

  void read_step(const Node& node, std::optional<Event> event, Section& section) {
    const MapFields map(node, "a step", keys::kStep, fields_);
    Step step;
    step.mark = fields_.mark(node);
    if (const Node* name = map.need("step")) {
      step.name = fields_.name(*name, "a step");
      check_step_name(*name, step.name, section);
    }
    if (const Node* title = map.get("title")) step.title = fields_.text(*title);
    if (const Node* word = map.get("event"))
      event = fields_.word(*word, kEvents, "event");
    else if (!event && node.kind == Node::Kind::Map)
      fields_.error(node, "key 'event' is missing in the section or in the step");
    step.event = event.value_or(Event::Segment);
    const Node* rows = map.need("rows");
    const std::vector<const Node*> items = rows ? fields_.maps(*rows, "rows") : std::vector<const Node*>();
    if (rows && rows->kind == Node::Kind::Sequence && items.empty()) fields_.error(*rows, "a step without rows");
    for (const Node* item : items) {
      step.rows.push_back(read_row(*item, step.event, section.number + "/" + step.name, part_.jumps, fields_));
    }
    check_rows(items, step);
    section.steps.push_back(std::move(step));
  }

  // Steps stand once each, and those that the RFC counts stand in its order.
  void check_step_name(const Node& node, const std::string& name, const Section& section) {
    const auto ordinal = [](std::string_view word) {
      return std::find(std::begin(kOrdinals), std::end(kOrdinals), word);
    };
    for (const Step& earlier : section.steps) {
      if (!name.empty() && earlier.name == name)
        return fields_.error(node, fmt::format("step '{}' stands twice", name));
    }
    if (ordinal(name) == std::end(kOrdinals)) return;
    for (const Step& earlier : section.steps) {
      if (ordinal(earlier.name) == std::end(kOrdinals) || ordinal(earlier.name) < ordinal(name)) continue;
      return fields_.error(node, fmt::format("step '{}' stands after step '{}'", name, earlier.name));
    }
  }

  void check_rows(const std::vector<const Node*>& items, const Step& step) {
    Words ids;
    std::map<std::string_view, int> lines;
    for (const Row& row : step.rows) ids.push_back(row.id);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Row& row = step.rows[i];
      if (!row.id.empty() && !lines.emplace(row.id, row.mark.line).second) {
        fields_.error(*items[i]->find("id"), fmt::format("row '{}' stands twice in step '{}', first in line {}", row.id,
                                                         step.name, lines[row.id]));
      }
      const Node* overlaps = items[i]->find("overlaps");
      if (overlaps == nullptr || overlaps->kind == Node::Kind::Map) continue;
      for (const Node* other : fields_.list(*overlaps)) {
        if (other->kind != Node::Kind::Scalar) continue;
        if (other->text == row.id)
          fields_.error(*other, "a row cannot overlap itself");
        else if (std::find(ids.begin(), ids.end(), other->text) == ids.end()) {
          fields_.error(*other, fmt::format("no row '{}' in step '{}'", other->text, step.name),
                        nearest_hint(other->text, ids));
        }
      }
    }
  }
  static std::string nearest_hint(std::string_view wrong, const Words& words) {
    const std::string_view word = nearest(wrong, words);
    return word.empty() ? "" : fmt::format("did you mean '{}'?", word);
  }

  void read_obligation(const Node& node) {
    const MapFields map(node, "an obligation", keys::kObligation, fields_);
    Obligation obligation;
    obligation.mark = fields_.mark(node);
    if (const Node* id = map.need("id")) obligation.id = fields_.name(*id, "an obligation");
    obligation.full_id = part_.number + "/" + obligation.id;
    for (const Obligation& earlier : part_.obligations) {
      if (obligation.id.empty() || earlier.id != obligation.id) continue;
      fields_.error(*node.find("id"),
                    fmt::format("obligation '{}' stands twice, first in line {}", obligation.id, earlier.mark.line));
      break;
    }
    if (const Node* gloss = map.get("gloss")) obligation.gloss = fields_.text(*gloss);
    if (const Node* states = map.need("states")) obligation.states = fields_.states(*states);
    if (const Node* when = map.need("while")) obligation.when = fields_.expression(*when, Type::Bool);
    if (const Node* since = map.get("since")) obligation.since = fields_.expression(*since, Type::Num);
    if (const Node* within = map.need("within")) obligation.within = fields_.time(*within);
    if (const Node* level = map.get("level"))
      obligation.level = fields_.word(*level, kLevels, "level").value_or(Level::Must);
    obligation.profiles.set();
    if (const Node* profile = map.get("profile")) obligation.profiles = fields_.profiles(*profile);
    if (const Node* ids = map.get("requirements")) obligation.requirements = fields_.requirements(*ids);
    if (const Node* cite = map.get("cite")) obligation.cite = fields_.texts(*cite);
    part_.obligations.push_back(std::move(obligation));
  }

  void read_class(const Node& node) {
    const MapFields map(node, "a class", keys::kClass, fields_);
    EventClass made;
    made.mark = fields_.mark(node);
    if (const Node* name = map.need("class")) made.name = fields_.text(*name);
    if (const Node* event = map.get("event"))
      made.event = fields_.word(*event, kEvents, "event").value_or(Event::Segment);
    if (const Node* when = map.get("when")) made.when = fields_.expression(*when, Type::Bool);
    if (const Node* cannot = map.get("cannot-happen")) {
      for (const Node* item : fields_.maps(*cannot, "states and reasons")) {
        const MapFields entry(*item, "'cannot-happen' of a class", keys::kCannot, fields_);
        EventClass::Cannot one;
        if (const Node* states = entry.need("states")) one.states = fields_.states(*states);
        if (const Node* because = entry.need("because")) one.because = fields_.text(*because);
        made.cannot_happen.push_back(std::move(one));
      }
    }
    part_.classes.push_back(std::move(made));
  }

  Fields& fields_;
  TablePart part_;
};

bool is_definition_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto good = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return !name.empty() && letter(name.front()) && name.back() != '-' && std::all_of(name.begin(), name.end(), good) &&
         name.find("--") == std::string_view::npos;
}

}  // namespace

std::vector<DefinitionSource> read_definitions(const Node& root, Fields& fields) {
  std::vector<DefinitionSource> sources;
  const Node* definitions = root.kind == Node::Kind::Map ? root.find("definitions") : nullptr;
  if (definitions == nullptr || definitions->kind == Node::Kind::Null) return sources;
  for (const Node* item : fields.maps(*definitions, "definitions")) {
    const MapFields map(*item, "a definition", keys::kDefinition, fields);
    DefinitionSource source;
    source.definition.mark = fields.mark(*item);
    source.value = map.need("value");
    if (source.value && !fields.phrase(*source.value, "an expression")) source.value = nullptr;
    if (const Node* cite = map.get("cite")) source.definition.cite = fields.texts(*cite);
    if (const Node* name = map.need("name")) {
      const std::string word = fields.text(*name);
      const bool variable =
          std::any_of(std::begin(kVars), std::end(kVars), [&](const VarInfo& v) { return v.name == word; });
      if (word.empty()) continue;
      if (!is_definition_name(word))
        fields.error(*name, fmt::format("'{}' cannot be the name of a definition", word),
                     "names are letters, digits, dots and hyphens");
      else if (variable || wire::parse_state(word))
        fields.error(*name, fmt::format("'{}' is the name of a {} already", word, variable ? "variable" : "state"));
      else if (is_reserved(word))
        fields.error(*name, fmt::format("'{}' is a word of the language", word));
      else
        source.definition.name = word;
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

TablePart read_table_file(const Node& root, Fields& fields) { return TableReader(fields).read(root); }

}  // namespace conform::spec
