// Sections owns the grouping of a run's cases by the section of the RFC that they belong to.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/check/verdict.h"

namespace conform::report {

struct SectionGroup {
  std::string section;                   // "3.10.7.4", "scenario"
  std::string title;                     // the RFC's heading; may be empty
  std::vector<const CaseResult*> cases;  // of the run, in its order
  std::array<int, kAllVerdicts.size()> counts{};
  int rows = 0;  // different rows among the cases

  int count(Verdict verdict) const { return counts[static_cast<std::size_t>(verdict)]; }
};

// The sections of a run in the order of their numbers (3.8 before 3.10), words after numbers. They point into `run`.
std::vector<SectionGroup> by_section(const RunResult& run);

// The heading of a section of RFC 9293; empty for a section that the table does not use.
std::string_view section_title(std::string_view section);

// Whether section `a` comes before `b`.
bool section_before(std::string_view a, std::string_view b);

}  // namespace conform::report
