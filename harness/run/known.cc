#include "harness/run/known.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/run/plan.h"

namespace conform {

namespace {
bool speaks_of(const std::vector<std::string>& globs, const std::string& id) {
  return std::ranges::any_of(globs, [&](const std::string& glob) { return glob_matches(glob, id); });
}

bool names_exactly(const std::vector<std::string>& globs, const std::string& id) {
  return std::ranges::find(globs, id) != globs.end();
}

bool explains(const spec::KnownDeviation& known, const Finding& finding) {
  return (known.row.empty() || glob_matches(known.row, finding.row)) &&
         (known.kind.empty() || known.kind == to_string(finding.kind));
}

bool explains(const spec::KnownDeviation& known, const CaseResult& result) {
  return result.finding && speaks_of(known.cases, result.id) && explains(known, *result.finding);
}

void mark_stale(CaseResult& result, const spec::KnownDeviation& known) {
  Finding finding;
  finding.kind = Kind::UnexpectedlyConforms;
  finding.row = known.row;
  finding.level = result.level;
  finding.cite = {known.clause};
  finding.allowed = "the known deviation: " + known.observed;
  finding.observed = "no case of it deviates so";
  finding.note = fmt::format("{}:{}", known.mark.file, known.mark.line);
  result.verdict = Verdict::Deviates;
  result.reason = "a known deviation was not seen: take it off the list";
  result.finding = std::move(finding);
}
}  // namespace

const spec::Inapplicable* find_inapplicable(const std::string& id, const spec::TargetFile& file) {
  const auto found = std::ranges::find_if(file.inapplicable, [&](const spec::Inapplicable& i) { return speaks_of(i.cases, id); });
  return found == file.inapplicable.end() ? nullptr : &*found;
}

bool is_known(const Finding& finding, const spec::TargetFile& file) {
  return std::ranges::any_of(file.deviations, [&](const spec::KnownDeviation& known) { return explains(known, finding); });
}

void apply_target_file(CaseResult& result, const spec::TargetFile& file) {
  for (const spec::KnownDeviation& known : file.deviations) {
    if (result.verdict == Verdict::Deviates && explains(known, result)) {
      result.verdict = Verdict::KnownDeviation;
      result.finding->note = known.reason;
      result.reason = known.observed.empty() ? known.reason : known.observed;
      return;
    }
    if (result.verdict == Verdict::Conforms && names_exactly(known.cases, result.id)) {
      mark_stale(result, known);
      return;
    }
  }
}

void find_stale_entries(std::vector<CaseResult>& results, const spec::TargetFile& file) {
  for (const spec::KnownDeviation& known : file.deviations) {
    const bool seen = std::ranges::any_of(results, [&](const CaseResult& result) {
      return result.verdict == Verdict::KnownDeviation && explains(known, result);
    });
    if (seen) continue;
    const auto conforming = std::ranges::find_if(results, [&](const CaseResult& result) {
      return result.verdict == Verdict::Conforms && speaks_of(known.cases, result.id);
    });
    if (conforming != results.end()) mark_stale(*conforming, known);
  }
}

}  // namespace conform
