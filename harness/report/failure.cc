#include "harness/report/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/report/names.h"
#include "harness/report/text.h"

namespace conform::report {

namespace {

constexpr std::size_t kLabel = 12;  // "  RFC wants "

// "  RFC wants <SEQ=1>..." with what does not fit on the next lines, under the first.
void put(std::vector<std::string>& lines, std::string_view label, std::string_view text, std::size_t width) {
  if (text.empty()) return;
  const std::size_t room = std::max<std::size_t>(width, kLabel + 20) - kLabel;
  std::string head = fmt::format("  {:<{}}", label, kLabel - 2);
  for (const std::string& line : wrap(clean(text), room)) {
    lines.push_back(head + line);
    head.assign(kLabel, ' ');
  }
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
  return all;
}

std::string_view actor(TraceEntry::What what) {
  if (what == TraceEntry::What::Injected) return "-> target";
  if (what == TraceEntry::What::Emitted) return "<- target";
  return to_string(what);
}

// "0.003250 <- target <SEQ=1>...   [3.10.7.4/...]"; the bracket goes to a line of its own when there is no room.
void put_entry(std::vector<std::string>& lines, const TraceEntry& entry, std::string_view label, std::size_t width) {
  std::string line = fmt::format("{:>11.6f} {:<9} {}", to_seconds(entry.at), actor(entry.what), one_line(entry.text));
  const std::string verdict = entry.verdict.empty() ? "" : fmt::format("[{}]", one_line(entry.verdict));
  const std::size_t room = std::max<std::size_t>(width, kLabel + 20) - kLabel;
  const bool fits = columns(line) + columns(verdict) + 2 <= room;
  if (fits && !verdict.empty()) line += "  " + verdict;
  std::string head = fmt::format("  {:<{}}", label, kLabel - 2);
  for (const std::string& part : wrap(line, room)) {
    lines.push_back(head + part);
    head.assign(kLabel + 22, ' ');
  }
  if (!fits && !verdict.empty()) lines.push_back(std::string(kLabel + 22, ' ') + verdict);
}

std::string place(const spec::Mark& source) {
  if (source.file.empty()) return {};
  return source.line > 0 ? fmt::format("{}:{}", source.file, source.line) : source.file;
}

}  // namespace

std::string replay_command(const RunResult& run, const CaseResult& result) {
  std::string command = "./build/tcpconform run --target " + shell_word(run.target_name);
  if (run.profile != RunResult{}.profile) command += fmt::format(" --profile {}", to_string(run.profile));
  if (run.seed != RunResult{}.seed) command += fmt::format(" --seed {}", run.seed);
  return command + " " + shell_quoted(result.id);
}

std::vector<std::string> finding_lines(const CaseResult& result, std::size_t width) {
  std::vector<std::string> lines;
  if (!result.finding) {
    put(lines, "reason", result.reason.empty() ? "none is given" : result.reason, width);
    return lines;
  }
  const Finding& finding = *result.finding;
  put(lines, "RFC wants", finding.allowed, width);
  put(lines, "observed", finding.observed, width);
  const auto& clauses = finding.cite.empty() ? result.cites : finding.cite;
  put(lines, "clause", fmt::format("{} ({})", joined(clauses), to_string(finding.level)), width);
  std::string kind(to_string(finding.kind));
  if (!finding.follows.empty()) kind += ", but as " + finding.follows + " has it";
  put(lines, "finding", kind, width);
  put(lines, "reason", result.reason, width);
  if (finding.note != result.reason) put(lines, "note", finding.note, width);
  const std::string where = place(result.source);
  const std::string row = finding.row.empty() ? result.row : finding.row;
  put(lines, "row", row, width);
  put(lines, "source", where, width);
  return lines;
}

std::vector<std::string> trace_lines(const std::vector<TraceEntry>& trace, std::size_t width) {
  std::vector<std::string> lines;
  std::string_view label = "trace";
  for (const TraceEntry& entry : trace) {
    put_entry(lines, entry, label, width);
    label = "";
  }
  return lines;
}

std::vector<std::string> failure_lines(const RunResult& run, const CaseResult& result, std::size_t width) {
  std::vector<std::string> lines = finding_lines(result, width);
  const auto trace = trace_lines(result.trace, width);
  lines.insert(lines.end(), trace.begin(), trace.end());
  lines.push_back(fmt::format("  {:<{}}{}", "replay", kLabel - 2, one_line(replay_command(run, result))));
  return lines;
}

std::string failure_message(const CaseResult& result) {
  if (!result.finding) return one_line(result.reason);
  const Finding& finding = *result.finding;
  std::string message = result.reason;
  if (!finding.allowed.empty()) message += (message.empty() ? "" : ": ") + ("the RFC wants " + finding.allowed);
  if (!finding.observed.empty()) message += (message.empty() ? "" : "; ") + ("observed " + finding.observed);
  if (!finding.note.empty() && finding.note != result.reason) message += (message.empty() ? "" : "; ") + finding.note;
  return one_line(message);
}

}  // namespace conform::report
