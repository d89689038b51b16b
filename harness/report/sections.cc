#include "harness/report/sections.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace conform::report {

namespace {

// The first component of a dotted number, which it is removed from; nothing (-1) when it is no number.
int next_component(std::string_view& section) {
  int value = -1;
  const char* end = section.data() + section.size();
  const auto [stop, error] = std::from_chars(section.data(), end, value);
  if (error != std::errc() || (stop != end && *stop != '.')) return -1;
  section.remove_prefix(static_cast<std::size_t>(stop - section.data()) + (stop != end ? 1 : 0));
  return value;
}

}  // namespace

bool section_before(std::string_view a, std::string_view b) {
  const std::string_view whole_a = a, whole_b = b;
  while (!a.empty() && !b.empty()) {
    const int left = next_component(a), right = next_component(b);
    if (left < 0 || right < 0) {
      if ((left < 0) != (right < 0)) return right < 0;  // words after numbers
      return whole_a < whole_b;
    }
    if (left != right) return left < right;
  }
  if (a.empty() != b.empty()) return a.empty();
  return whole_a < whole_b;
}

std::string_view section_title(std::string_view section) {
  static constexpr std::pair<std::string_view, std::string_view> kTitles[] = {
      {"3.4", "Sequence Numbers"},
      {"3.5", "Establishing a Connection"},
      {"3.6", "Closing a Connection"},
      {"3.7", "Segmentation"},
      {"3.8", "Data Communication"},
      {"3.8.1", "Retransmission Timeout"},
      {"3.8.3", "Connection Failures"},
      {"3.8.4", "Keep-Alives"},
      {"3.8.5", "Urgent Information"},
      {"3.8.6", "Managing the Window"},
      {"3.8.6.1", "Zero-Window Probing"},
      {"3.8.6.2", "Silly Window Syndrome"},
      {"3.8.6.3", "Delayed Acknowledgments"},
      {"3.9.2", "TCP/Lower-Level Interface"},
      {"3.10.1", "OPEN Call"},
      {"3.10.2", "SEND Call"},
      {"3.10.3", "RECEIVE Call"},
      {"3.10.4", "CLOSE Call"},
      {"3.10.5", "ABORT Call"},
      {"3.10.6", "STATUS Call"},
      {"3.10.7", "SEGMENT ARRIVES"},
      {"3.10.7.1", "Segment in CLOSED"},
      {"3.10.7.2", "Segment in LISTEN"},
      {"3.10.7.3", "Segment in SYN-SENT"},
      {"3.10.7.4", "Segment in other states"},
      {"3.10.8", "Timeouts"},
      {"scenario", "Scenarios of several steps"},
  };
  const auto* found = std::ranges::find(kTitles, section, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(kTitles) ? std::string_view() : found->second;
}

std::vector<SectionGroup> by_section(const RunResult& run) {
  std::vector<SectionGroup> groups;
  std::vector<std::set<std::string_view>> rows;
  for (const CaseResult& result : run.cases) {
    auto group = std::ranges::find(groups, result.section, &SectionGroup::section);
    if (group == groups.end()) {
      groups.push_back({result.section, std::string(section_title(result.section)), {}, {}, 0});
      rows.emplace_back();
      group = groups.end() - 1;
    }
    group->cases.push_back(&result);
    ++group->counts[static_cast<std::size_t>(result.verdict)];
    auto& seen = rows[static_cast<std::size_t>(group - groups.begin())];
    if (!result.row.empty() && seen.insert(result.row).second) ++group->rows;
  }
  std::ranges::stable_sort(
      groups, [](const SectionGroup& a, const SectionGroup& b) { return section_before(a.section, b.section); });
  return groups;
}

}  // namespace conform::report
