#include "harness/report/write.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "harness/packet/file.h"
#include "harness/report/json.h"
#include "harness/report/junit.h"
#include "harness/report/text.h"

namespace conform::report {

std::string report_folder(const RunResult& run, const std::string& root) {
  return root + "/" + file_name(run.target_name);
}

Status write_reports(const RunResult& run, const std::string& folder, CaptureOf captures) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Diagnostics{{folder, 0, 0, "cannot make this folder: " + error.message(), {}}};

  Diagnostics wrong;
  const auto note = [&wrong](const Status& status) {
    if (!status) std::ranges::copy(status.diagnostics(), std::back_inserter(wrong));
  };
  note(packet::write_file(folder + "/results.json", to_json(run)));
  note(packet::write_file(folder + "/junit.xml", to_junit(run)));
  note(write_captures(run, folder + "/captures", captures));
  if (!wrong.empty()) return wrong;
  return Done{};
}

}  // namespace conform::report
