#include "harness/report/captures.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "harness/report/failure.h"
#include "harness/report/text.h"

namespace conform::report {

namespace fs = std::filesystem;

namespace {

bool chosen(const CaseResult& result, CaptureOf which) {
  switch (which) {
    case CaptureOf::Deviating: return result.verdict == Verdict::Deviates;
    case CaptureOf::NotConforming: return result.verdict != Verdict::Conforms;
    case CaptureOf::All: return true;
  }
  return false;
}

bool has_packets(const CaseResult& result) {
  return std::ranges::any_of(result.trace, [](const TraceEntry& entry) { return !entry.datagram.empty(); });
}

void remove_others(const std::string& folder, const std::set<std::string>& kept, Diagnostics& wrong) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path path = it->path();
    if (path.extension() != ".pcapng" || kept.contains(path.filename())) continue;
    std::error_code removal;
    fs::remove(path, removal);
    if (removal) wrong.push_back({path, 0, 0, "cannot remove: " + removal.message(), {}});
  }
}

}  // namespace

std::vector<packet::CapturedPacket> captured_packets(const std::vector<TraceEntry>& trace) {
  std::vector<packet::CapturedPacket> packets;
  for (const TraceEntry& entry : trace) {
    if (entry.datagram.empty()) continue;
    const bool outbound = entry.what == TraceEntry::What::Emitted;
    std::string comment = clean(entry.text);
    if (!entry.verdict.empty()) comment += " - " + clean(entry.verdict);
    packets.push_back({entry.at, outbound ? packet::Direction::Outbound : packet::Direction::Inbound, entry.datagram,
                       std::move(comment)});
  }
  return packets;
}

std::vector<CaptureFile> capture_files(const RunResult& run, CaptureOf which) {
  std::vector<CaptureFile> files;
  std::set<std::string> taken;
  for (const CaseResult& result : run.cases) {
    if (!chosen(result, which) || !has_packets(result)) continue;
    const std::string stem = file_name(result.id);
    std::string name = stem + ".pcapng";
    for (int next = 2; !taken.insert(name).second; ++next) name = fmt::format("{}-{}.pcapng", stem, next);
    files.push_back({&result, name});
  }
  return files;
}

Status write_captures(const RunResult& run, const std::string& folder, CaptureOf which) {
  Diagnostics wrong;
  const auto files = capture_files(run, which);
  std::set<std::string> names;
  for (const CaptureFile& file : files) names.insert(file.name);
  remove_others(folder, names, wrong);
  if (!files.empty()) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return Diagnostics{{folder, 0, 0, "cannot make this folder: " + error.message(), {}}};
  }
  for (const CaptureFile& file : files) {
    const CaseResult& result = *file.result;
    const packet::CaptureInfo info{
        clean(run.target_name), "tcpconform " + clean(run.tool_version),
        clean(result.id) + ": " + std::string(to_string(result.verdict)) + "\n" + failure_message(result)};
    const Status status = packet::write_pcapng(folder + "/" + file.name, captured_packets(result.trace), info);
    if (!status) std::ranges::copy(status.diagnostics(), std::back_inserter(wrong));
  }
  if (!wrong.empty()) return wrong;
  return Done{};
}

}  // namespace conform::report
