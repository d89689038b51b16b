#include "harness/check/verdict.h"

#include <algorithm>

namespace conform {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::Conforms: return "conforms";
    case Verdict::Deviates: return "deviates";
    case Verdict::KnownDeviation: return "known deviation";
    case Verdict::Inapplicable: return "inapplicable";
    case Verdict::Inconclusive: return "inconclusive";
    case Verdict::TargetDied: return "target died";
    case Verdict::HarnessError: return "harness error";
  }
  return "?";
}

int RunResult::count(Verdict verdict) const {
  return static_cast<int>(std::ranges::count(cases, verdict, &CaseResult::verdict));
}

}  // namespace conform
