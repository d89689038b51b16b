// `report` and `diff`: what earlier runs have left behind, to be read again and compared.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "harness/cli/command.h"
#include "harness/report/diff.h"
#include "harness/report/json.h"
#include "harness/report/junit.h"
#include "harness/report/terminal.h"

namespace conform {

namespace {

namespace fs = std::filesystem;

constexpr const char* kResults = "results.json";

// The folders below this one that hold results, for a hint.
std::string folders_with_results(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    if (fs::exists(entry.path() / kResults, failed)) found.push_back(entry.path().string());
  }
  std::ranges::sort(found);
  return fmt::format("{}", fmt::join(found, ", "));
}

// The results in a folder of reports, or in a JSON file.
Result<RunResult> read_results(const std::string& path) {
  std::error_code failed;
  if (!fs::exists(path, failed))
    return error("there is no " + path, "`tcpconform run` writes reports/TARGET/results.json");
  std::string file = path;
  if (fs::is_directory(path, failed)) {
    file = (fs::path(path) / kResults).string();
    if (!fs::exists(file, failed)) {
      const std::string others = folders_with_results(path);
      return error(fmt::format("there is no {} in {}", kResults, path),
                   others.empty() ? "give the folder or the JSON file that `tcpconform run` has written"
                                  : "there is one in: " + others);
    }
  }
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return error("cannot read " + file, "it must be a file that you may read");
  return report::from_json(text.str(), file);
}

struct ReportArguments {
  std::string path, junit;
  bool json = false;
  std::size_t failures = report::TerminalLimits{}.failures;
};

int report_again(const ReportArguments& arguments) {
  const auto run = read_results(arguments.path);
  if (!run) {
    complain(run.diagnostics());
    return kUsage;
  }
  if (!arguments.junit.empty()) {
    std::ofstream out(arguments.junit, std::ios::binary);
    out << report::to_junit(*run);
    if (!out.flush()) {
      complain(
          error("cannot write " + arguments.junit, "the folder must exist, and you must be allowed to write there"));
      return kUsage;
    }
  }
  if (arguments.json) {
    std::cout << report::to_json(*run);
    return kAsExpected;
  }
  report::TerminalLimits limits;
  limits.failures = arguments.failures;
  std::cout << report::terminal_report(*run, report::detect_style(STDOUT_FILENO), limits);
  return kAsExpected;
}

int diff(const std::string& before_path, const std::string& after_path) {
  const auto before = read_results(before_path), after = read_results(after_path);
  for (const auto* side : {&before, &after}) {
    if (!*side) complain(side->diagnostics());
  }
  if (!before || !after) return kUsage;
  const report::Diff difference = report::compare(*before, *after);
  std::cout << report::to_text(difference, report::detect_style(STDOUT_FILENO));
  return difference.regressed ? kDeviation : kAsExpected;
}

}  // namespace

void add_results(CLI::App& app, int& exit) {
  auto again = std::make_shared<ReportArguments>();
  CLI::App* command = app.add_subcommand("report", "prints the report of an earlier run again");
  command->add_option("results", again->path, "folder of the reports (reports/linux), or its results.json")->required();
  command->add_option("--junit", again->junit, "writes JUnit XML here as well");
  command->add_option("--failures", again->failures, "so many failures with their traces")->capture_default_str();
  command->add_flag("--json", again->json, "prints the results as JSON instead");
  command->callback([&exit, again] { exit = report_again(*again); });

  struct Sides {
    std::string before, after;
  };
  auto sides = std::make_shared<Sides>();
  CLI::App* compare = app.add_subcommand("diff", "compares two runs: exit status 1 if something has become worse");
  compare->add_option("old", sides->before, "folder of the reports, or results.json, of the earlier run")->required();
  compare->add_option("new", sides->after, "the same of the later run")->required();
  compare->callback([&exit, sides] { exit = diff(sides->before, sides->after); });
}

}  // namespace conform
