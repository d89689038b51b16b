#include "fuzz/sequence/yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "fuzz/sequence/notation.h"
#include "fuzz/sequence/translate.h"
#include "harness/spec/reader.h"

namespace conform::fuzz {

namespace {

constexpr std::string_view kStart = "CLOSED+fresh";

// In double quotes, whatever the text is; what no line can show becomes a blank.
std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return made + "\"";
}

// A name as the language has it; quoted where YAML readers could take it for something else ("no", "12").
std::string as_name(std::string_view text) {
  constexpr std::size_t kLongestWord = 5;  // "false"
  std::string name;
  for (unsigned char c : text) {
    if (c < 0x80 && std::isalnum(c) != 0)
      name += static_cast<char>(c);
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  if (name.find_first_not_of("0123456789") == std::string::npos) name.insert(0, "sequence");
  const bool plain = name.size() > kLongestWord && std::isalpha(static_cast<unsigned char>(name.front())) != 0;
  return plain ? name : quoted(name);
}

// The ways that lead to a start, the first one first. False if one of them is unknown.
bool ways_to(std::string_view start, const spec::Suite& suite, std::vector<const spec::Way*>& ways) {
  const auto& known = suite.paths.ways;
  for (std::string_view name = start; !name.empty() && ways.size() <= known.size(); name = ways.front()->from) {
    const auto way = std::find_if(known.begin(), known.end(), [&](const spec::Way& w) { return w.name == name; });
    if (way == known.end()) return name == kStart;
    ways.insert(ways.begin(), &*way);
  }
  return true;
}

}  // namespace

std::string to_yaml(const Sequence& sequence, std::string_view name, std::string_view title) {
  std::string text = fmt::format("scenario: {}\n", as_name(name));
  if (!title.empty()) text += fmt::format("title: {}\n", quoted(title));
  text += fmt::format("start: {}\nsteps:\n", kStart);
  for (const Event& event : sequence) text += fmt::format("- {}\n", to_string(event));
  if (sequence.empty()) text += "- expect: {state: CLOSED}\n";
  return text;
}

Result<Sequence> from_scenario(const spec::Scenario& scenario, const spec::Suite& suite) {
  Translator translator(suite);
  std::vector<const spec::Way*> ways;
  if (!ways_to(scenario.start, suite, ways)) {
    const spec::Mark& mark = scenario.mark;
    return Diagnostics{{mark.file, mark.line, mark.column, fmt::format("unknown start '{}'", scenario.start), {}}};
  }
  for (const spec::Way* way : ways) translator.add(way->steps);
  translator.add(scenario.steps);
  return std::move(translator).finish(scenario.mark);
}

Result<Sequence> from_yaml(std::string_view text, const std::string& file, const spec::Suite& suite) {
  const auto scenarios = spec::read_scenarios(text, file, suite);
  if (!scenarios.ok()) return scenarios.diagnostics();
  if (scenarios->size() != 1) {
    return Diagnostics{{file, 1, 1, fmt::format("{} scenarios; a sequence is one", scenarios->size()), {}}};
  }
  return from_scenario(scenarios->front(), suite);
}

}  // namespace conform::fuzz
