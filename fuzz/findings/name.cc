#include "fuzz/findings/name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "harness/report/text.h"

namespace conform::fuzz {

namespace {

constexpr std::size_t kLongest = 120;
constexpr std::string_view kDied = "target died";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Letters, digits and dots stay; what is between becomes one hyphen.
std::string slug(std::string_view text) {
  std::string made;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || is_digit(c) || (c == '.' && !made.empty())) made += c;
    else if (!made.empty() && made.back() != '-') made += '-';
  }
  while (!made.empty() && (made.back() == '-' || made.back() == '.')) made.pop_back();
  return made;
}

// FNV-1a: only to keep apart what is cut to the same length.
std::uint32_t hash(std::string_view text) {
  std::uint32_t sum = 2166136261u;
  for (char c : text) sum = (sum ^ static_cast<std::uint8_t>(c)) * 16777619u;
  return sum;
}

std::string bounded(std::string name) {
  if (name.size() <= kLongest) return name;
  const std::string end = fmt::format("-{:08x}", hash(name));
  name.resize(kLongest - end.size());
  return name + end;
}

// Process numbers, addresses and times are no part of what happened.
std::string without_numbers(std::string_view text) {
  constexpr std::size_t kShort = 2;
  std::string made;
  while (!text.empty()) {
    const bool hex = text.starts_with("0x");
    const std::size_t digits =
        std::min(hex ? text.find_first_not_of("0123456789abcdefABCDEF", 2) : text.find_first_not_of("0123456789"), text.size());
    const std::size_t taken = std::max<std::size_t>(digits, 1);
    if (!hex && digits <= kShort) made += text.substr(0, taken);
    text.remove_prefix(taken);
  }
  return made;
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::optional<Violation> violation_of(const SequenceRun& run) {
  if (!run.died().empty()) return Violation{std::nullopt, run.died()};
  if (run.finding()) return Violation{run.finding(), {}};
  return std::nullopt;
}

std::string name_of(const Finding& finding) {
  return bounded(fmt::format("{}--{}", slug(finding.row), slug(to_string(finding.kind))));
}

std::string name_of_death(std::string_view reason) {
  std::string_view line = first_line(reason);
  for (std::string_view said : {std::string_view("error: "), kDied}) {
    if (line.starts_with(said)) line.remove_prefix(said.size());
  }
  const std::string why = slug(without_numbers(line));
  return bounded(fmt::format("{}--{}", slug(kDied), why.empty() ? "no-reason" : why));
}

std::string name_of(const Violation& violation) {
  return violation.finding ? name_of(*violation.finding) : name_of_death(violation.died);
}

std::string title_of(const Violation& violation) {
  if (!violation.finding) {
    std::string_view line = first_line(violation.died);
    if (line.starts_with("error: ")) line.remove_prefix(7);
    if (line.starts_with(kDied)) return report::one_line(line);
    return report::one_line(fmt::format("{}: {}", kDied, line));
  }
  return report::one_line(fmt::format("{}: {}", violation.finding->row, to_string(violation.finding->kind)));
}

}  // namespace conform::fuzz
