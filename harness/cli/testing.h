// Testing owns the way tests run a command: in this process, as if from a command line, its output kept.
#pragma once

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "harness/cli/command.h"

namespace conform {

struct Outcome {
  int status = 0;
  std::string out, err;
};

// What `tcpconform WORDS...` does. Usage errors count as they do there.
inline Outcome tcpconform(std::vector<std::string> words) {
  CLI::App app{"", "tcpconform"};
  app.require_subcommand(1);
  int exit = kAsExpected;
  add_run(app, exit);
  add_specs(app, exit);
  add_results(app, exit);
  add_machine(app, exit);
  add_sequences(app, exit);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants them
    app.parse(reversed);
  } catch (const CLI::ParseError& e) {
    exit = app.exit(e) == 0 ? kAsExpected : kUsage;
  }
  std::cout.flush();
  std::cerr.flush();
  Outcome outcome;
  outcome.status = exit;
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.err = testing::internal::GetCapturedStderr();
  return outcome;
}

}  // namespace conform
