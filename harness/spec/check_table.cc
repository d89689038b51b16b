#include <fmt/format.h>

#include <algorithm>

#include "harness/spec/lexer.h"
#include "harness/spec/readers.h"

namespace conform::spec {

namespace {

// The guard without the accidents of spacing.
std::string canonical(const Expression& guard, const Scope& scope) {
  if (guard.text().empty()) return {};
  const auto tokens = tokenize(guard.text(), scope.words());
  const auto* list = std::get_if<std::vector<Token>>(&tokens);
  if (list == nullptr) return guard.text();
  std::string text;
  for (const Token& token : *list)
    text += token.kind == Token::Kind::Number ? fmt::format("{} ", token.number) : fmt::format("{} ", token.text);
  return text;
}

bool declared(const Row& a, const Row& b) {
  return std::find(a.overlaps.begin(), a.overlaps.end(), b.id) != a.overlaps.end() ||
         std::find(b.overlaps.begin(), b.overlaps.end(), a.id) != b.overlaps.end();
}

}  // namespace

int compare_sections(const std::string& a, const std::string& b) {
  std::string_view left = a, right = b;
  while (!left.empty() && !right.empty()) {
    const auto part = [](std::string_view& text) {
      const std::size_t dot = std::min(text.find('.'), text.size());
      std::string_view digits = text.substr(0, dot);
      text.remove_prefix(std::min(dot + 1, text.size()));
      while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
      return digits;
    };
    const std::string_view x = part(left), y = part(right);
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (x != y) return x < y ? -1 : 1;
  }
  return left.empty() == right.empty() ? 0 : left.empty() ? -1 : 1;
}

void check_jumps(const Table& table, const std::vector<Reference>& jumps, Log& log) {
  std::vector<std::string> names;
  for (const Section& section : table.sections) {
    for (const Step& step : section.steps) names.push_back(section.number + "/" + step.name);
  }
  const Words words(names.begin(), names.end());
  for (const Reference& jump : jumps) {
    if (std::find(names.begin(), names.end(), jump.name) != names.end()) continue;
    const std::string_view near = nearest(jump.name, words);
    log.add(jump.mark, fmt::format("no step '{}' to go to", jump.name),
            near.empty() ? "" : fmt::format("did you mean '{}'?", near));
  }
}

void check_identical_guards(const Step& step, const Scope& scope, Log& log) {
  std::vector<std::string> guards;
  for (const Row& row : step.rows) guards.push_back(canonical(row.when, scope));
  for (std::size_t i = 0; i < step.rows.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Row &row = step.rows[i], &earlier = step.rows[j];
      const StateSet shared = row.states & earlier.states;
      if (guards[i] != guards[j] || shared.none() || (row.profiles & earlier.profiles).none() || declared(row, earlier))
        continue;
      if (row.id == earlier.id || guards[i].empty()) continue;  // reported already
      const auto state =
          std::find_if(wire::kAllStates.begin(), wire::kAllStates.end(), [&](wire::State s) { return has(shared, s); });
      log.add(row.mark,
              fmt::format("row '{}' has the same guard as row '{}' in {}", row.id, earlier.id, wire::to_string(*state)),
              fmt::format("declare 'overlaps: [{}]', or part their states or profiles", earlier.id));
    }
  }
}

}  // namespace conform::spec
