#include "harness/spec/reader.h"

#include "harness/spec/phrases.h"
#include "harness/spec/suite_reader.h"

namespace conform::spec {

namespace {

template <typename T>
Result<T> finished(T value, const Log& log) {
  if (log.empty()) return value;
  return log.sorted();
}

template <typename T>
Result<T> finished(Phrase<T> phrase) {
  if (auto* error = std::get_if<TextError>(&phrase)) {
    const std::string message = error->message.empty() ? "a definition that is used here is broken" : error->message;
    return Diagnostics{{{}, 1, static_cast<int>(error->offset) + 1, message, error->hint}};
  }
  return std::get<T>(std::move(phrase));
}

}  // namespace

Result<Suite> read_suite(const std::string& folder) {
  Log log;
  Suite suite = SuiteReader(log).read(folder);
  return finished(std::move(suite), log);
}

Result<std::vector<Scenario>> read_scenarios(std::string_view text, const std::string& file, const Suite& suite) {
  Log log;
  std::vector<Scenario> scenarios;
  if (const auto root = parse_yaml(text, file, log)) {
    scenarios = checked_scenarios(*root, file, Scope::of(suite.table.definitions), suite.paths.ways, log);
  }
  return finished(std::move(scenarios), log);
}

Result<TargetFile> read_target_file(const std::string& file) {
  Log log;
  TargetFile target;
  const Scope nothing;
  const auto text = read_file(file, log);
  const auto root = text ? parse_yaml(*text, file, log) : std::nullopt;
  if (root) {
    Fields fields(file, nothing, log);
    target = read_target(*root, fields);
  }
  return finished(std::move(target), log);
}

Result<Expression> parse_expression(std::string_view text, const std::vector<Definition>& definitions) {
  auto result = compile(text, Scope::of(definitions));
  if (auto* error = std::get_if<TextError>(&result)) return finished(Phrase<Expression>(std::move(*error)));
  Code& code = std::get<Code>(result);
  return Expression(code.instructions, code.type, std::string(trimmed(text)));
}

Result<SegmentTemplate> parse_segment(std::string_view text, const std::vector<Definition>& definitions) {
  return finished(read_segment(text, Use::Any, Scope::of(definitions)));
}

Result<UserCall> parse_call(std::string_view text) { return finished(read_call(text)); }

Result<std::int64_t> parse_duration_ms(std::string_view text) { return finished(read_duration(text)); }

}  // namespace conform::spec
