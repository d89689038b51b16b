// Write owns the files that a run leaves behind: results.json, junit.xml and captures/*.pcapng in one folder.
#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/check/verdict.h"
#include "harness/report/captures.h"

namespace conform::report {

// The folder of a target's reports: "reports/linux". The target's name is made safe for a file system.
std::string report_folder(const RunResult& run, const std::string& root = "reports");

// Writes every report of the run into `folder`, made if need be. Each file is written whole or not at all, and one that
// cannot be written does not keep the others from it; the diagnostics name each that failed and why.
Status write_reports(const RunResult& run, const std::string& folder, CaptureOf captures = CaptureOf::Deviating);

}  // namespace conform::report
