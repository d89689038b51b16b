#include "harness/report/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "harness/report/failure.h"
#include "harness/report/text.h"

namespace conform::report {

namespace {

using Key = std::pair<std::string, int>;  // id, and which of that id
using Index = std::map<Key, const CaseResult*>;

// Calls `visit` with each case and its key, in the order of the run.
template <typename Visit>
void each_case(const RunResult& run, Visit visit) {
  std::map<std::string, int> times;
  for (const CaseResult& result : run.cases) visit(Key{result.id, times[result.id]++}, result);
}

Index index_of(const RunResult& run) {
  Index index;
  each_case(run, [&index](const Key& key, const CaseResult& result) { index[key] = &result; });
  return index;
}

bool deviates_otherwise(const CaseResult& before, const CaseResult& after) {
  if (before.verdict != Verdict::Deviates || after.verdict != Verdict::Deviates) return false;
  if (!before.finding || !after.finding) return before.finding.has_value() != after.finding.has_value();
  return before.finding->row != after.finding->row || before.finding->kind != after.finding->kind;
}

std::vector<std::string> remarks(const RunResult& before, const RunResult& after) {
  std::vector<std::string> list;
  const auto differ = [&list](const char* what, std::string_view old, std::string_view now) {
    if (old != now) list.push_back(fmt::format("{}: {} before, {} now", what, old, now));
  };
  differ("target", before.target_name, after.target_name);
  differ("version of the target", before.target_version, after.target_version);
  differ("spec", before.spec_version, after.spec_version);
  differ("tool", before.tool_version, after.tool_version);
  differ("profile", to_string(before.profile), to_string(after.profile));
  if (before.interrupted) list.push_back("the old run was interrupted");
  if (after.interrupted) list.push_back("the new run was interrupted");
  return list;
}

std::string said(const CaseResult& result) {
  return result.verdict == Verdict::Conforms ? std::string() : failure_message(result);
}

std::string change_text(const Change& change, const Style& style) {
  std::string how;
  if (change.otherwise) {
    how = "deviates otherwise";
  } else if (change.before && change.after) {
    how = fmt::format("{} -> {}", to_string(*change.before), to_string(*change.after));
  } else {
    how = std::string(to_string(change.after ? *change.after : *change.before));
  }
  std::string text =
      fmt::format("  {}  {}\n", one_line(change.id), style.paint(change.regression ? Tone::Bad : Tone::Strong, how));
  if (change.message.empty()) return text;
  for (const std::string& line : wrap(change.message, std::max<std::size_t>(style.width, 40) - 6)) {
    text += "      " + line + "\n";
  }
  return text;
}

// One part of the text; nothing when it would be empty.
template <typename Choose>
std::string part(std::string_view title, const std::vector<Change>& changes, const Style& style, Choose choose) {
  std::string text;
  int count = 0;
  for (const Change& change : changes) {
    if (!choose(change)) continue;
    text += change_text(change, style);
    ++count;
  }
  if (count == 0) return {};
  return "\n" + style.paint(Tone::Strong, fmt::format("{} ({})", title, count)) + "\n" + text;
}

}  // namespace

Diff compare(const RunResult& before, const RunResult& after) {
  Diff diff;
  diff.remarks = remarks(before, after);
  const Index old = index_of(before), now = index_of(after);
  each_case(after, [&](const Key& key, const CaseResult& result) {
    const auto found = old.find(key);
    if (found == old.end()) {
      const bool regression = result.verdict == Verdict::Deviates;
      diff.appeared.push_back({result.id, {}, result.verdict, said(result), false, regression});
      return;
    }
    const CaseResult& was = *found->second;
    const bool otherwise = deviates_otherwise(was, result);
    if (was.verdict == result.verdict && !otherwise) return;
    const bool regression = was.verdict == Verdict::Conforms || result.verdict == Verdict::Deviates;
    diff.changed.push_back({result.id, was.verdict, result.verdict, said(result), otherwise, regression});
  });
  each_case(before, [&](const Key& key, const CaseResult& result) {
    if (!now.contains(key)) diff.vanished.push_back({result.id, result.verdict, {}, said(result), false, false});
  });
  const auto regressed = [](const Change& change) { return change.regression; };
  diff.regressed = std::ranges::any_of(diff.changed, regressed) || std::ranges::any_of(diff.appeared, regressed);
  return diff;
}

std::string to_text(const Diff& diff, const Style& style) {
  std::string text;
  for (const std::string& remark : diff.remarks) text += one_line(remark) + "\n";
  if (diff.same()) return text + "no verdict differs\n";
  const auto regression = [](const Change& change) { return change.regression; };
  const auto any = [](const Change&) { return true; };
  text += part("regressions", diff.changed, style, regression);
  text += part("other changes", diff.changed, style, std::not_fn(regression));
  text += part("appeared", diff.appeared, style, any);
  text += part("vanished", diff.vanished, style, any);
  text += fmt::format("\n{} changed, {} appeared, {} vanished: ", diff.changed.size(), diff.appeared.size(),
                      diff.vanished.size());
  return text + (diff.regressed ? style.paint(Tone::Bad, "regressed") : style.paint(Tone::Good, "no regression")) +
         "\n";
}

}  // namespace conform::report
