#include "fuzz/findings/write.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>

#include "fuzz/sequence/yaml.h"
#include "harness/packet/file.h"
#include "harness/packet/pcapng.h"
#include "harness/report/captures.h"
#include "harness/report/failure.h"
#include "harness/report/text.h"

namespace conform::fuzz {

namespace {

constexpr std::size_t kWidth = 120;  // columns of what stands in blocks

// The one-line gloss of a row or an obligation; empty for what is neither, as a storm.
std::string gloss_of(const std::string& id, const oracle::Program& program) {
  if (const oracle::RowNumber row = program.find_row(id); row != oracle::kNoRow) return program.row(row).gloss;
  const auto& obligations = program.table().obligations;
  const auto found = std::ranges::find(obligations, id, &spec::Obligation::full_id);
  return found == obligations.end() ? std::string() : found->gloss;
}

std::string block(const std::vector<std::string>& lines) { return fmt::format("```\n{}\n```\n", fmt::join(lines, "\n")); }

std::string block(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return block(std::vector{std::move(text)});
}

std::string what_is_wrong(const FindingRecord& record) {
  CaseResult result;
  result.finding = record.violation.finding;
  if (result.finding) result.row = result.finding->row;
  else result.reason = record.violation.died;
  std::string text;
  if (!record.gloss.empty()) text = fmt::format("`{}`: {}\n\n", result.row, report::one_line(record.gloss));
  return text + block(report::finding_lines(result, kWidth));
}

std::string replay_line(const FindingRecord& record, const std::string& scenario_path) {
  std::string line = fmt::format("build/tcpconform replay {} --target {}", report::shell_word(scenario_path),
                                 report::shell_word(record.target_name));
  const ConversationConfig usual;
  if (record.conversation.profile != usual.profile) line += fmt::format(" --profile {}", to_string(record.conversation.profile));
  if (record.conversation.seed != usual.seed) line += fmt::format(" --seed {}", record.conversation.seed);
  return line;
}

// Every file of a record.
Status write(const FindingRecord& record, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Diagnostics{{folder, 0, 0, "cannot make this folder: " + error.message(), {}}};

  Diagnostics wrong;
  const auto note = [&wrong](const Status& status) {
    if (!status) std::ranges::copy(status.diagnostics(), std::back_inserter(wrong));
  };
  const std::string scenario = folder + "/scenario.yaml";
  note(packet::write_file(scenario, scenario_of(record)));
  const packet::CaptureInfo info{report::clean(record.target_name), "tcpconform " TCPCONFORM_VERSION, title_of(record.violation)};
  note(packet::write_pcapng(folder + "/trace.pcapng", report::captured_packets(record.trace), info));
  note(packet::write_file(folder + "/explanation.md", explanation_of(record, scenario)));
  if (!wrong.empty()) return wrong;
  return Done{};
}

// The scenario of what did not show again, and nothing else.
Status write_unshown(const Sequence& sequence, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Diagnostics{{folder, 0, 0, "cannot make this folder: " + error.message(), {}}};
  const std::string name = std::filesystem::path(folder).filename().string();
  const std::string scenario = folder + "/scenario.yaml";
  Status written = packet::write_file(scenario, to_yaml(sequence, name, name + ", which did not show when tried again"));
  if (!written) return written;
  return Diagnostics{{scenario, 0, 0, "nothing was wrong when this was tried once more by itself", {}}};
}

}  // namespace

std::string scenario_of(const FindingRecord& record) {
  return to_yaml(record.sequence, name_of(record.violation), title_of(record.violation));
}

std::string explanation_of(const FindingRecord& record, const std::string& scenario_path) {
  std::string text = fmt::format("# {}\n\nTarget: `{}`", title_of(record.violation), report::one_line(record.target_name));
  if (!record.target_version.empty()) text += fmt::format(" ({})", report::one_line(record.target_version));
  text += fmt::format(". Profile {}, seed {}. Found by tcpconform " TCPCONFORM_VERSION ".\n",
                      to_string(record.conversation.profile), record.conversation.seed);
  if (!record.note.empty()) text += report::one_line(record.note) + "\n";
  text += "\n## What is wrong\n\n" + what_is_wrong(record);
  text += "\n## Replay\n\n" + block(replay_line(record, scenario_path));
  text += "\n## What was done\n\n" + block(scenario_of(record));
  if (!record.trace.empty()) text += "\n## The trace\n\n" + block(report::trace_lines(record.trace, kWidth));
  return text;
}

Status write_finding(const Sequence& sequence, const WriteContext& context, const std::string& folder) {
  JudgeContext judge = context.judge;
  judge.conversation.keep_trace = true;
  SequenceRun run(judge, sequence, context.target, judge.conversation.peer_port);
  finish(run, context.target);
  auto violation = violation_of(run);
  if (!violation) return write_unshown(sequence, folder);
  FindingRecord record;
  record.violation = std::move(*violation);
  if (record.violation.finding) record.gloss = gloss_of(record.violation.finding->row, *judge.program);
  record.sequence = sequence;
  record.trace = run.conversation().take_trace();
  record.target_name = context.target_name;
  record.target_version = context.target.version();
  record.conversation = judge.conversation;
  record.note = context.note;
  return write(record, folder);
}

Status write_death(const Sequence& sequence, const std::string& how, const std::string& target_name,
                   const std::string& folder) {
  FindingRecord record;
  record.violation.died = how;
  record.sequence = sequence;
  record.target_name = target_name;
  return write(record, folder);
}

}  // namespace conform::fuzz
