// How the tests print what a trial has shown.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "harness/defects/trial.h"

namespace conform::defects {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kAddressSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif
#else
inline constexpr bool kAddressSanitizer = false;
#endif

inline std::string describe(const CaseResult& result) {
  if (!result.finding) return fmt::format("  {}\n    {}\n", result.id, result.reason);
  const Finding& finding = *result.finding;
  return fmt::format("  {}\n    {} ({})\n    allowed: {}\n    came:    {}\n", result.id, finding.row,
                     to_string(finding.kind), finding.allowed, finding.observed);
}

// The first deviation by each row that was named: what a reader of the report would see.
inline std::string describe(const Trial& trial) {
  std::string text;
  for (const Named& named : trial.named()) {
    const auto first = std::ranges::find_if(
        trial.deviations, [&](const Deviation& d) { return d.result.finding && d.result.finding->row == named.row; });
    text += fmt::format("{} times {}, first in\n", named.count, named.row);
    if (first != trial.deviations.end()) text += describe(first->result);
  }
  if (!trial.unjudged.empty()) {
    text += fmt::format("{} cases could not be judged, the first\n{}", trial.unjudged.size(),
                        describe(trial.unjudged.front()));
  }
  return text.empty() ? "  nothing deviates\n" : text;
}

}  // namespace conform::defects
