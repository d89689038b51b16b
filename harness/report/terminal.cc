#include "harness/report/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "harness/report/failure.h"
#include "harness/report/progress.h"
#include "harness/report/sections.h"
#include "harness/report/text.h"

namespace conform::report {

namespace {

// How many, and of what: "1 case", "2 cases".
std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string heading(const RunResult& run, const Style& style) {
  const std::string first = fmt::format("{} ({})", one_line(run.target_name), one_line(run.target_version));
  const std::string second = fmt::format("tcpconform {}, spec {}, profile {}, seed {}, {}, {:.1f} s",
                                         one_line(run.tool_version), one_line(run.spec_version), to_string(run.profile),
                                         run.seed, one_line(run.date), to_seconds(run.duration));
  std::string text = "\n" + style.paint(Tone::Strong, first) + "\n" + second + "\n";
  if (run.interrupted) text += style.paint(Tone::Doubtful, "interrupted: this is not the whole run") + "\n";
  return text + "\n";
}

struct TableLine {
  std::string section, title;
  int rows = 0;
  std::array<int, kAllVerdicts.size()> counts{};
};

// A number in a column; zeros are dashes, so that what is there stands out.
std::string cell(int value, int width, Tone tone, const Style& style) {
  if (value == 0) return fmt::format("{:>{}}", "-", width);
  return style.paint(tone, fmt::format("{:>{}}", value, width));
}

std::string table_line(const TableLine& line, const Style& style) {
  const auto count = [&line](Verdict verdict) { return line.counts[static_cast<std::size_t>(verdict)]; };
  int cases = 0;
  for (const int each : line.counts) cases += each;
  const int other = count(Verdict::Inconclusive) + count(Verdict::TargetDied) + count(Verdict::HarnessError);
  std::string text =
      fmt::format("{:<11} {:<26}{:>6}{:>8}", cut(line.section, 11), cut(line.title, 26), line.rows, cases);
  text += cell(count(Verdict::Conforms), 10, Tone::Good, style);
  text += cell(count(Verdict::KnownDeviation), 7, Tone::Known, style);
  text += cell(count(Verdict::Deviates), 10, Tone::Bad, style);
  text += cell(count(Verdict::Inapplicable), 14, Tone::Faint, style);
  return text + cell(other, 7, Tone::Doubtful, style) + "\n";
}

std::string table(const RunResult& run, const Style& style) {
  std::string text = style.paint(Tone::Strong, fmt::format("{:<11} {:<26}{:>6}{:>8}{:>10}{:>7}{:>10}{:>14}{:>7}",
                                                           "section", "", "rows", "cases", "conforms", "known",
                                                           "deviates", "inapplicable", "other")) +
                     "\n";
  TableLine total{"all", "", 0, {}};
  for (const SectionGroup& group : by_section(run)) {
    text += table_line({one_line(group.section), one_line(group.title), group.rows, group.counts}, style);
    total.rows += group.rows;
    for (std::size_t i = 0; i < total.counts.size(); ++i) total.counts[i] += group.counts[i];
  }
  return text + table_line(total, style);
}

std::string coverage(const RunResult& run, std::size_t most_missing) {
  const Coverage& coverage = run.coverage;
  const auto visited = std::ranges::count_if(coverage.states, [](const auto& entry) { return entry.second > 0; });
  const std::size_t missing = coverage.rows_missing.size();
  std::string text = fmt::format(
      "\ncoverage    rows, by state: {} of {} exercised, {} inapplicable, {} not chosen, {} missing\n"
      "            states: {} of {} visited; {} seen\n",
      coverage.rows_exercised, coverage.rows_total, coverage.rows_inapplicable,
      coverage.rows_not_chosen.size(), missing, visited,
      wire::kAllStates.size(), counted(coverage.transitions.size(), "different transition"));
  for (std::size_t i = 0; i < std::min(missing, most_missing); ++i) {
    text += fmt::format("            missing: {}\n", one_line(coverage.rows_missing[i]));
  }
  if (missing > most_missing && most_missing > 0) {
    text += fmt::format("            missing: and {} more\n", missing - most_missing);
  }
  return text;
}

// Rows that depend on a choice which the RFC leaves to the target, and what it chose instead.
std::string not_chosen(const RunResult& run, const Style& style) {
  std::map<std::string, std::vector<std::string>> by_choice;
  for (const Coverage::NotChosen& each : run.coverage.rows_not_chosen) by_choice[each.instead].push_back(each.row);
  if (by_choice.empty()) return {};
  std::string text = "\n" + style.paint(Tone::Strong, "not chosen, by what the target does instead") + "\n";
  for (const auto& [instead, rows] : by_choice) {
    text += fmt::format("  {}\n", cut(instead, style.width - 2));
    for (const std::string& row : rows) text += fmt::format("            {}\n", one_line(row));
  }
  return text;
}

std::string failures(const RunResult& run, const Style& style, std::size_t most) {
  std::string text;
  std::size_t shown = 0;
  for (const CaseResult& result : run.cases) {
    if (!is_failure(result.verdict)) continue;
    if (++shown <= most) text += "\n";
    if (shown == most + 1) text += style.paint(Tone::Strong, "\nand without their traces:") + "\n";
    text += painted(result.verdict, style) + style.paint(Tone::Strong, one_line(result.id)) + "\n";
    if (shown > most) continue;
    for (const std::string& line : failure_lines(run, result, style.width)) text += line + "\n";
  }
  return text;
}

// Lines like "  12 x  3.10.4/first/close-listen" with the reason beneath, in the order of the keys.
using Groups = std::map<std::pair<std::string, std::string>, std::size_t>;  // (what, reason) -> how many

std::string known_deviations(const RunResult& run, const Style& style) {
  Groups groups;
  for (const CaseResult& result : run.cases) {
    if (result.verdict != Verdict::KnownDeviation) continue;
    const bool named = result.finding && !result.finding->row.empty();
    const std::string& row = named ? result.finding->row : result.row.empty() ? result.id : result.row;
    const bool noted = result.finding && !result.finding->note.empty();
    ++groups[{row, noted ? result.finding->note : result.reason}];
  }
  if (groups.empty()) return {};
  std::string text = "\n" + style.paint(Tone::Strong, "known deviations, by row") + "\n";
  for (const auto& [key, count] : groups) {
    const std::string head = fmt::format("{:>6} x  {}: ", count, one_line(key.first));
    // One line each where it fits; the reason is cut rather than the row.
    const std::size_t room = std::max<std::size_t>(style.width, columns(head) + 30) - columns(head);
    text += head + cut(key.second, room) + "\n";
  }
  return text;
}

std::string inapplicable(const RunResult& run, const Style& style) {
  std::map<std::string, std::size_t> reasons;
  for (const CaseResult& result : run.cases) {
    if (result.verdict != Verdict::Inapplicable) continue;
    const bool noted = result.reason.empty() && result.finding;
    ++reasons[noted ? result.finding->note : result.reason];
  }
  if (reasons.empty()) return {};
  std::string text = "\n" + style.paint(Tone::Strong, "inapplicable, by reason") + "\n";
  for (const auto& [reason, count] : reasons) {
    text += fmt::format("{:>6} x  {}\n", count, cut(reason.empty() ? "no reason is given" : reason, style.width - 10));
  }
  return text;
}

std::string last_line(const RunResult& run, const Style& style) {
  const auto failed = std::ranges::count_if(run.cases, is_failure, &CaseResult::verdict);
  if (run.cases.empty()) return "\n" + style.paint(Tone::Doubtful, "no case was run") + "\n";
  if (failed == 0) {
    return "\n" + style.paint(Tone::Good, counted(run.cases.size(), "case") + ", all as expected") + "\n";
  }
  std::string text = counted(run.cases.size(), "case") + ":";
  for (const Verdict verdict : kAllVerdicts) {
    if (!is_failure(verdict) || run.count(verdict) == 0) continue;
    text += fmt::format("{} {} {}", text.back() == ':' ? "" : ",", run.count(verdict), to_string(verdict));
  }
  return "\n" + style.paint(Tone::Bad, text) + "\n";
}

}  // namespace

std::string terminal_report(const RunResult& run, const Style& style, const TerminalLimits& limits) {
  return heading(run, style) + table(run, style) + coverage(run, limits.missing_rows) +
         failures(run, style, limits.failures) + known_deviations(run, style) + inapplicable(run, style) +
         not_chosen(run, style) +
         last_line(run, style);
}

}  // namespace conform::report
