// The readers of the YAML language over any octets: no crash, no hang, bounded memory; what they take keeps its promises
// and what they refuse is refused at a place that exists. The first octet says which reader (see Reader).
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fuzz/entry/finding.h"
#include "fuzz/entry/spec_exercise.h"
#include "fuzz/entry/specs_folder.h"
#include "harness/spec/lexer.h"
#include "harness/spec/phrases.h"
#include "harness/spec/reader.h"
#include "harness/spec/readers.h"
#include "harness/spec/suite_reader.h"

namespace conform::fuzz {
namespace {

// By the first octet modulo 8, so that the digits '0' to '7' select them.
enum class Reader : std::uint8_t { Table, Paths, Scenarios, Target, Expression, Segment, Phrase, Definitions };
constexpr unsigned kReaders = 8;

constexpr const char* kFile = "input.yaml";

// The suite in specs/: its definitions and ways are what scenarios and expressions speak of.
const spec::Suite& suite() {
  static const spec::Suite read = [] {
    const std::string folder = specs_folder();
    auto result = spec::read_suite(folder);
    require(result.ok(), "the specs in {} cannot be read:\n{}", folder, result.ok() ? "" : to_string(result.diagnostics()));
    return std::move(*result);
  }();
  return read;
}

const spec::Scope& scope() {
  static const spec::Scope made = spec::Scope::of(suite().table.definitions);
  return made;
}

std::size_t lines_of(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
}

// A diagnostic says something, about a line of the text.
void judge(const Diagnostics& diagnostics, std::string_view text) {
  const std::size_t lines = lines_of(text);
  for (const Diagnostic& diagnostic : diagnostics) {
    require(!diagnostic.message.empty(), "a diagnostic without a message");
    require(diagnostic.line >= 0 && static_cast<std::size_t>(diagnostic.line) <= lines,
            "line {} of {}: {}", diagnostic.line, lines, diagnostic.to_string());
    require(diagnostic.column >= 0, "column {}: {}", diagnostic.column, diagnostic.to_string());
  }
  require(diagnostics.size() <= spec::Log::kMaxPerFile + 1, "{} diagnostics of one file", diagnostics.size());
}

// An error inside one string lies in it.
void judge(const spec::TextError& error, std::string_view text) {
  require(error.offset <= text.size(), "error at {} in a text of {} octets: {}", error.offset, text.size(),
          error.message);
}

// ---- files

// The names that a file defines itself; nothing if it defines none.
std::optional<spec::Scope> own_scope(const spec::Node& root, spec::Log& log) {
  const spec::Scope nothing;
  spec::Fields fields(kFile, nothing, log);
  std::vector<spec::Scope::Source> sources;
  for (const spec::DefinitionSource& source : spec::read_definitions(root, fields)) {
    const bool named = !source.definition.name.empty() &&
                       std::none_of(sources.begin(), sources.end(),
                                    [&](const auto& earlier) { return earlier.name == source.definition.name; });
    if (named && source.value) sources.push_back({source.definition.name, source.value->text});
  }
  if (sources.empty()) return std::nullopt;
  return spec::Scope(std::move(sources));
}

void read_table(const spec::Node& root, spec::Log& log) {
  const std::optional<spec::Scope> own = own_scope(root, log);
  const spec::Scope& names = own ? *own : scope();
  spec::Fields fields(kFile, names, log);
  spec::TablePart part = spec::read_table_file(root, fields);
  spec::Table table;
  if (part.section) table.sections.push_back(std::move(*part.section));
  table.obligations = std::move(part.obligations);
  table.classes = std::move(part.classes);
  spec::check_jumps(table, part.jumps, log);
  for (const spec::Section& section : table.sections) {
    for (const spec::Step& step : section.steps) spec::check_identical_guards(step, names, log);
  }
  spec::check_reachable(table, log);
  exercise(table);
}

void read_file_as(Reader reader, std::string_view text) {
  spec::Log log;
  const auto root = spec::parse_yaml(text, kFile, log);
  if (root) {
    spec::Fields fields(kFile, scope(), log);
    switch (reader) {
      case Reader::Table: read_table(*root, log); break;
      case Reader::Paths: exercise(spec::read_paths_file(*root, fields)); break;
      case Reader::Scenarios:
        for (const auto& scenario : spec::checked_scenarios(*root, kFile, scope(), suite().paths.ways, log)) {
          for (const spec::ScenarioStep& step : scenario.steps) exercise(step);
        }
        break;
      case Reader::Target: spec::read_target(*root, fields); break;
      case Reader::Expression:
      case Reader::Segment:
      case Reader::Phrase:
      case Reader::Definitions: break;
    }
  }
  require(root.has_value() || !log.empty(), "not YAML, and nobody says why");
  judge(log.sorted(), text);
}

// ---- texts

// What was taken must be taken again as it is kept, and mean the same.
void read_expression(std::string_view text) {
  for (const spec::Type type : {spec::Type::Bool, spec::Type::Num, spec::Type::Seq}) {
    const auto read = spec::read_expression(text, type, scope());
    if (const auto* error = std::get_if<spec::TextError>(&read)) {
      judge(*error, text);
      continue;
    }
    const auto& expression = std::get<spec::Expression>(read);
    exercise(expression);
    const auto again = spec::read_expression(expression.text(), type, scope());
    require(std::holds_alternative<spec::Expression>(again), "'{}' is not read again", expression.text());
    for (const spec::Values& values : extreme_values()) {
      require(std::get<spec::Expression>(again).evaluate(values) == expression.evaluate(values),
              "'{}' means something else when read again", expression.text());
    }
  }
}

void read_segment(std::string_view text) {
  for (const spec::Use use : {spec::Use::Any, spec::Use::Sent, spec::Use::Observed}) {
    const auto read = spec::read_segment(text, use, scope());
    if (const auto* error = std::get_if<spec::TextError>(&read)) {
      judge(*error, text);
      continue;
    }
    const auto& segment = std::get<spec::SegmentTemplate>(read);
    exercise(segment);
    require(std::holds_alternative<spec::SegmentTemplate>(spec::read_segment(segment.text, use, scope())),
            "'{}' is not read again", segment.text);
  }
}

template <typename T>
const T* taken(const spec::Phrase<T>& phrase, std::string_view text) {
  if (const auto* error = std::get_if<spec::TextError>(&phrase)) judge(*error, text);
  return std::get_if<T>(&phrase);
}

void read_phrase(std::string_view text) {
  const auto call = spec::read_call(text);
  if (const auto* read = taken(call, text)) {
    require(read->length <= spec::kMaxCallLength, "a call of {} octets", read->length);
    const std::string written = to_string(*read);
    const auto again = spec::read_call(written);
    require(std::holds_alternative<UserCall>(again) && to_string(std::get<UserCall>(again)) == written,
            "'{}' is written '{}', which is not read again", text, written);
  }
  const auto duration = spec::read_duration(text);
  if (const auto* ms = taken(duration, text))
    require(*ms >= 0 && *ms <= spec::kMaxNumber, "a time of {} ms in '{}'", *ms, text);
  const auto effect = spec::read_effect(text, scope());
  if (const auto* read = taken(effect, text)) {
    if (const auto* assignment = std::get_if<spec::Assignment>(read)) exercise(assignment->value);
  }
  const auto answers = spec::read_answers(text);
  if (const auto* read = taken(answers, text)) require(read->any(), "no answer in '{}'", text);
  const auto signals = spec::read_signals(text);
  if (const auto* read = taken(signals, text)) require(read->any(), "no signal in '{}'", text);
  const auto flags = spec::read_flags(text);
  taken(flags, text);
  const auto time = spec::read_time(text, scope());
  if (const auto* read = taken(time, text)) exercise(*read);
}

// Each line "name value" is a definition; they need each other as they like.
void read_definitions(std::string_view text) {
  std::vector<spec::Scope::Source> sources;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::string name(line.substr(0, line.find(' ')));
    const bool fresh = std::none_of(sources.begin(), sources.end(), [&](const auto& had) { return had.name == name; });
    if (!name.empty() && fresh) sources.push_back({name, std::string(line.substr(std::min(name.size(), line.size())))});
  }
  const spec::Scope made(sources);
  for (const auto& failure : made.failures()) {
    require(failure.index < sources.size(), "failure of definition {} of {}", failure.index, sources.size());
    judge(failure.error, sources[failure.index].value);
  }
  for (const spec::Scope::Source& source : sources) {
    const spec::Code* code = made.definition(source.name);
    if (code == nullptr) continue;
    require(code->instructions.size() <= spec::kMaxInstructions && code->depth <= spec::kMaxStack,
            "'{}' is compiled to {} instructions, stack {}", source.value, code->instructions.size(), code->depth);
    exercise(spec::Expression(code->instructions, code->type, source.value));
  }
}

void run(Reader reader, std::string_view text) {
  switch (reader) {
    case Reader::Table:
    case Reader::Paths:
    case Reader::Scenarios:
    case Reader::Target: return read_file_as(reader, text);
    case Reader::Expression: return read_expression(text);
    case Reader::Segment: return read_segment(text);
    case Reader::Phrase: return read_phrase(text);
    case Reader::Definitions: return read_definitions(text);
  }
}

}  // namespace
}  // namespace conform::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace conform::fuzz;
  if (size == 0) return 0;
  run(static_cast<Reader>(data[0] % kReaders), {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
