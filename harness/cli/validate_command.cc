// `validate`: whether the specs are sound: what the reader can see, and what only a rehearsal of the table shows.
#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/specs_command.h"
#include "harness/run/completeness.h"
#include "harness/spec/reader.h"

namespace conform {

namespace {

namespace fs = std::filesystem;

struct ValidateArguments {
  std::string path, specs;
  bool fast = false;
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

int validate(const ValidateArguments& arguments) {
  const std::string path = arguments.path.empty() ? specs_folder(arguments.specs) : arguments.path;
  std::error_code failed;
  if (!fs::exists(path, failed)) {
    complain(error("there is no " + path, "give a specs folder or one file of it"));
    return kUsage;
  }
  Diagnostics mistakes = spec::validate(path, specs_folder(arguments.specs));
  const std::size_t files = count_files(path);
  if (files == 0) {
    complain(error("there is no .yaml file in " + path, "give a specs folder or one file of it"));
    return kUsage;
  }
  std::string counted = fmt::format("{} file{}", files, files == 1 ? "" : "s");
  if (mistakes.empty() && fs::is_directory(fs::path(path) / "table", failed)) {
    const auto suite = spec::read_suite(path);
    if (!suite) {
      mistakes = suite.diagnostics();
    } else if (!arguments.fast) {
      const oracle::Program program(suite->table);
      const CompletenessReport report = check_completeness(*suite, program);
      counted += fmt::format(", {} rows, {} cells, {} scenarios", report.rows, report.cells, suite->scenarios.size());
      mistakes = report.mistakes;
    }
  }
  if (mistakes.empty()) {
    std::cout << counted << ": no mistakes\n";
    return kAsExpected;
  }
  complain(mistakes);
  std::cerr << fmt::format("{}: {} mistake{}\n", counted, mistakes.size(), mistakes.size() == 1 ? "" : "s");
  return kUsage;
}

}  // namespace

void add_validate(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<ValidateArguments>();
  CLI::App* command = app.add_subcommand("validate", "looks for mistakes in the specs");
  command->add_option("path", arguments->path, "a specs folder, or one file; the built-in specs if left out");
  command->add_option("--specs", arguments->specs, "the specs folder to which a single file belongs");
  command->add_flag("--static", arguments->fast, "only what can be seen without rehearsing the table");
  command->footer("A whole folder is rehearsed as well: every row must be reached in each of its states, no two rows may fire\n"
                  "together undeclared, no cannot-happen row may fire, every state must answer every class of events.");
  command->callback([&exit, arguments] { exit = validate(*arguments); });
}

}  // namespace conform
