#include "fuzz/bench/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/defects/expected_rows.h"
#include "harness/defects/hidden.h"

namespace conform::fuzz {

namespace {

using tcp::Defect;
using tcp::Shows;

constexpr std::string_view to_string(Shows shows) {
  switch (shows) {
    case Shows::Outside: return "outside";
    case Shows::Invariant: return "by an invariant";
    case Shows::Crash: return "by a crash";
    case Shows::Sanitizer: return "to a sanitizer";
    case Shows::Nowhere: return "nowhere";
  }
  return "?";
}

// A bar would end the cell.
std::string cell(std::string text) {
  std::ranges::replace(text, '|', '/');
  return text;
}

std::string specs_cell(const BySpecs& specs) {
  if (specs.what.empty()) return "not found";
  if (specs.first == 0) return "found";
  const std::string named = specs.rightly != 0 ? fmt::format(", named by {}", specs.rightly) : std::string();
  return fmt::format("case {} of {}{}", specs.first, specs.cases, named);
}

std::string why_hidden(tcp::Defect defect) {
  const auto found = std::ranges::find(defects::hidden(), defect, &defects::Hidden::defect);
  return found == defects::hidden().end() ? std::string() : std::string(found->why);
}

std::size_t count(const std::vector<BugFigures>& bugs, bool (*what)(const BugFigures&)) {
  return static_cast<std::size_t>(std::ranges::count_if(bugs, what));
}

std::string share(std::size_t part, std::size_t whole) {
  return fmt::format("{} of {} ({:.1f} %)", part, whole, whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

// Executions and seconds of the found ones: the middle and the worst.
std::string middle_and_worst(const std::vector<BugFigures>& outside) {
  std::vector<std::uint64_t> executions;
  std::vector<Duration> elapsed;
  for (const BugFigures& figures : outside) {
    if (!found_by_fuzzing(figures)) continue;
    executions.push_back(figures.hunt.shown.front().executions);
    elapsed.push_back(figures.hunt.shown.front().elapsed);
  }
  if (executions.empty()) return {};
  std::ranges::sort(executions);
  std::ranges::sort(elapsed);
  const std::size_t middle = executions.size() / 2;
  return fmt::format("| median of those found | {} executions, {:.3f} s |\n| slowest of those found | {} executions, {:.1f} s |\n",
                     executions[middle], to_seconds(elapsed[middle]), executions.back(), to_seconds(elapsed.back()));
}

std::string totals(const Measured& measured, const std::vector<BugFigures>& outside) {
  const auto silent = static_cast<std::size_t>(
      std::ranges::count_if(measured.controls, [](const ControlFigures& control) { return control.hunt.shown.empty(); }));
  std::string text = fmt::format("| of the bugs that show outside | |\n| --- | --- |\n"
                                 "| found by the directed specs | {} |\n"
                                 "| found by fuzzing within {:.0f} s | {} |\n"
                                 "| ... by a row that the bug breaks at once | {} |\n",
                                 share(count(outside, found_by_specs), outside.size()), to_seconds(measured.limit),
                                 share(count(outside, found_by_fuzzing), outside.size()),
                                 share(count(outside, named_rightly), outside.size()));
  text += middle_and_worst(outside);
  text += fmt::format("\nFree choices that stayed silent: {}.\n", share(silent, measured.controls.size()));
  return text;
}

// What is known of a bug that shows outside and is easily missed.
std::string_view why_missed(Defect defect) {
  switch (defect) {
    case Defect::RstUnderZeroWindowIgnored:
    case Defect::WindowUpdateLost:
    case Defect::TextPastWindow:
    case Defect::ReassemblyUnbounded:
      return "It wants a receive window that is filled to the edge, which takes 33 of the largest segments.";
    case Defect::ComparisonDoesNotWrap:
      return "It wants sequence numbers of ours that wrap: the ISS comes from the seed of the session, and a campaign "
             "has but one.";
    default: return "Nobody knows why.";
  }
}

std::string miss(const BugFigures& figures) {
  const auto& [bug, specs, hunt, small_window] = figures;
  const std::string begin = fmt::format("- {} ({} executions): {}.", bug.name, hunt.executions, bug.gloss);
  if (bug.shows != Shows::Outside) return fmt::format("{} Not visible from outside, because {}.\n", begin, why_hidden(bug.defect));
  std::string again;
  if (small_window && !small_window->shown.empty()) {
    const Shown& first = small_window->shown.front();
    again = fmt::format(" With a receive buffer of {} octets it is found after {} executions, {:.3f} s: {}.", kSmallWindow,
                        first.executions, to_seconds(first.elapsed), first.what);
  } else if (small_window) {
    again = fmt::format(" Nor is it found with a receive buffer of {} octets.", kSmallWindow);
  }
  return fmt::format("{} {}{}\n", begin, why_missed(bug.defect), again);
}

std::string misses(const std::vector<BugFigures>& bugs) {
  std::string text;
  for (const BugFigures& figures : bugs) {
    if (!found_by_fuzzing(figures)) text += miss(figures);
  }
  return text.empty() ? "None.\n" : text;
}

}  // namespace

bool found_by_specs(const BugFigures& figures) { return !figures.specs.what.empty(); }
bool found_by_fuzzing(const BugFigures& figures) { return !figures.hunt.shown.empty(); }
bool named_rightly(const BugFigures& figures) {
  return found_by_fuzzing(figures) && defects::is_expected(figures.bug.defect, figures.hunt.shown.front().row);
}

std::string row_of(const BugFigures& figures) {
  const std::string begin = fmt::format("| {} | {} | {} |", figures.bug.name, to_string(figures.bug.shows), specs_cell(figures.specs));
  if (!found_by_fuzzing(figures)) {
    return fmt::format("{} {} | {:.1f} | not found | |", begin, figures.hunt.executions, to_seconds(figures.hunt.elapsed));
  }
  const Shown& first = figures.hunt.shown.front();
  const std::string_view right = first.row.empty() ? "" : named_rightly(figures) ? "yes" : "no";
  return fmt::format("{} {} | {:.3f} | {} | {} |", begin, first.executions, to_seconds(first.elapsed), cell(first.what), right);
}

std::string row_of(const ControlFigures& figures) {
  std::string shown;
  for (const Shown& one : figures.hunt.shown) shown += fmt::format("{}{} (after {})", shown.empty() ? "" : "; ", one.what, one.executions);
  return fmt::format("| {} | {} | {} | {:.1f} | {} |", figures.name, cell(figures.gloss), figures.hunt.executions,
                     to_seconds(figures.hunt.elapsed), shown.empty() ? "silent" : cell(shown));
}

std::string markdown(const Measured& measured) {
  std::vector<BugFigures> outside;
  std::ranges::copy_if(measured.bugs, std::back_inserter(outside), [](const BugFigures& figures) { return figures.bug.shows == Shows::Outside; });
  std::uint64_t passed_over = 0;
  for (const BugFigures& figures : measured.bugs) passed_over += figures.hunt.passed_over;

  std::string text = fmt::format(
      "# Seeded bugs: found by specs, found by fuzzing\n\n{}, {}. {}. One core, one process.\n\n```\n$ {}\n```\n\n"
      "Each bug of `stack/tcp/defects_catalogue.h` is switched on alone. The directed specs are the whole plan of\n"
      "`tcpconform run`. Fuzzing is one worker of `tcpconform fuzz` that stops at its first finding, or after {:.0f} s. A\n"
      "finding counts only if the same sequence does not show the same without the bug; {} findings were passed over for\n"
      "that reason. Executions are the same at each run; seconds are not.\n\n## Totals\n\n{}\n",
      measured.version, measured.date, measured.machine, measured.command, to_seconds(measured.limit), passed_over,
      totals(measured, outside));
  text += "## Missed by fuzzing\n\n" + misses(measured.bugs);
  text += "\n## Each bug\n\nThe last column says whether the row named first is one that the bug breaks\n"
          "(`harness/defects/expected_rows.cc`); a bug may well show first by another.\n\n"
          "| bug | shows | specs: found by | fuzzing: executions | seconds | first finding | expected row |\n"
          "| --- | --- | --- | ---: | ---: | --- | --- |\n";
  for (const BugFigures& figures : measured.bugs) text += row_of(figures) + "\n";
  text += "\n## No bug: must stay silent\n\nOur stack as it is, and with each of the choices that the RFC leaves free\n"
          "(`harness/defects/controls.cc`).\n\n"
          "| choice | what it is | executions | seconds | findings |\n| --- | --- | ---: | ---: | --- |\n";
  for (const ControlFigures& figures : measured.controls) text += row_of(figures) + "\n";
  return text;
}

}  // namespace conform::fuzz
