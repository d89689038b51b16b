#include "harness/run/known.h"

#include <algorithm>

#include "harness/run/plan.h"

namespace conform {

namespace {
bool speaks_of(const std::vector<std::string>& globs, const std::string& id) {
  return std::ranges::any_of(globs, [&](const std::string& glob) { return glob_matches(glob, id); });
}
}  // namespace

const spec::Inapplicable* find_inapplicable(const std::string& id, const spec::TargetFile& file) {
  const auto found = std::ranges::find_if(file.inapplicable, [&](const spec::Inapplicable& i) { return speaks_of(i.cases, id); });
  return found == file.inapplicable.end() ? nullptr : &*found;
}

void apply_target_file(CaseResult& result, const spec::TargetFile& file) {
  const spec::KnownDeviation* listed = nullptr;
  for (const spec::KnownDeviation& known : file.deviations) {
    if (!speaks_of(known.cases, result.id)) continue;
    listed = &known;
    if (result.verdict != Verdict::Deviates) continue;
    const bool same_row = known.row.empty() || glob_matches(known.row, result.finding->row);
    const bool same_kind = known.kind.empty() || known.kind == to_string(result.finding->kind);
    if (!same_row || !same_kind) continue;
    result.verdict = Verdict::KnownDeviation;
    result.finding->note = known.reason;
    result.reason = known.observed.empty() ? known.reason : known.observed;
    return;
  }
  if (!listed || result.verdict != Verdict::Conforms) return;
  Finding finding;
  finding.kind = Kind::UnexpectedlyConforms;
  finding.row = listed->row;
  finding.level = result.level;
  finding.cite = {listed->clause};
  finding.allowed = "the known deviation: " + listed->observed;
  finding.observed = "the case conforms";
  finding.note = listed->mark.file + ":" + std::to_string(listed->mark.line);
  result.verdict = Verdict::Deviates;
  result.reason = "a known deviation was not seen: take it off the list";
  result.finding = std::move(finding);
}

}  // namespace conform
