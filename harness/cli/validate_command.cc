// `validate`: whether the specs are sound: what the reader can see, and what only a rehearsal of the table shows.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "harness/cli/specs_command.h"
#include "harness/run/completeness.h"
#include "harness/spec/reader.h"

namespace conform {

namespace {

namespace fs = std::filesystem;

struct ValidateArguments {
  std::string path, specs;
  bool fast = false, strict = false;
};

std::size_t count_files(const std::string& path) {
  std::error_code failed;
  if (!fs::is_directory(path, failed)) return 1;
  std::size_t count = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path, failed)) {
    count += entry.is_regular_file() && entry.path().extension() == ".yaml";
  }
  return count;
}

// What was found, and in how much.
struct Findings {
  Diagnostics mistakes;
  Diagnostics notes;
  std::string counted;  // "28 files, 224 rows, 180 cells, 12 scenarios"
};

Findings examine(const std::string& path, const ValidateArguments& arguments) {
  Findings findings;
  const std::size_t files = count_files(path);
  findings.counted = fmt::format("{} file{}", files, files == 1 ? "" : "s");
  findings.mistakes = spec::validate(path, specs_folder(arguments.specs));
  std::error_code failed;
  if (files == 0)
    findings.mistakes = error("there is no .yaml file in " + path, "give a specs folder or one file of it");
  if (!findings.mistakes.empty() || !fs::is_directory(fs::path(path) / "table", failed)) return findings;
  const auto suite = spec::read_suite(path);
  if (!suite) {
    findings.mistakes = suite.diagnostics();
    return findings;
  }
  if (arguments.fast) return findings;
  CompletenessReport report = check_completeness(*suite, oracle::Program(suite->table));
  findings.counted +=
      fmt::format(", {} rows, {} cells, {} scenarios", report.rows, report.cells, suite->scenarios.size());
  findings.mistakes = std::move(report.mistakes);
  Diagnostics& unreached = arguments.strict ? findings.mistakes : findings.notes;
  unreached.insert(unreached.end(), report.unreached.begin(), report.unreached.end());
  return findings;
}

int validate(const ValidateArguments& arguments) {
  const std::string path = arguments.path.empty() ? specs_folder(arguments.specs) : arguments.path;
  std::error_code failed;
  if (!fs::exists(path, failed)) {
    complain(error("there is no " + path, "give a specs folder or one file of it"));
    return kUsage;
  }
  const Findings findings = examine(path, arguments);
  if (findings.mistakes.empty()) {
    std::cout << findings.counted << ": no mistakes\n";
    if (!findings.notes.empty()) {
      std::cout << fmt::format("note: no rehearsal reaches {} rows in some of their states; --strict prints them\n",
                               findings.notes.size());
    }
    return kAsExpected;
  }
  complain(findings.mistakes);
  const std::size_t n = findings.mistakes.size();
  std::cerr << fmt::format("{}: {} mistake{}\n", findings.counted, n, n == 1 ? "" : "s");
  return kUsage;
}

}  // namespace

void add_validate(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<ValidateArguments>();
  CLI::App* command = app.add_subcommand("validate", "looks for mistakes in the specs");
  command->add_option("path", arguments->path, "a specs folder, or one file; the built-in specs if left out");
  command->add_option("--specs", arguments->specs, "the specs folder to which a single file belongs");
  command->add_flag("--static", arguments->fast, "only what can be seen without rehearsing the table");
  command->add_flag("--strict", arguments->strict,
                    "rows that no rehearsal reaches in one of their states are mistakes, too");
  command->footer(
      "The table of a whole folder is rehearsed as well: no two rows may fire together undeclared, no cannot-happen\n"
      "row may fire, every state must answer every class of events, every way must lead where it says.");
  command->callback([&exit, arguments] { exit = validate(*arguments); });
}

}  // namespace conform
