// Command owns what every sub-command has in common: exit statuses, where the specs are, how errors are said.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/oracle/program.h"
#include "harness/spec/scenario.h"

namespace CLI {
class App;
}

namespace conform {

// DESIGN: 0 all as expected; the larger number wins where several apply.
enum Exit : int {
  kAsExpected = 0,
  kDeviation = 1,       // a deviation that is not known, or a known one that conforms
  kUsage = 2,           // usage or spec error
  kNoTarget = 3,        // target could not be started or reached
  kHarness = 4,         // harness error or inconclusive
  kNothing = 5,         // nothing selected
  kInterrupted = 130,
};

// The specs folder: what the user says, or specs/ beside the sources this was built from.
std::string specs_folder(const std::string& given);

// Prints diagnostics to standard error.
void complain(const Diagnostics& diagnostics);

// The command line that was given, for reports.
void remember_command_line(int argc, char** argv);
const std::string& command_line();

// Set by SIGINT and SIGTERM once watch_for_interrupt() was called.
const std::atomic<bool>& interrupted();
void watch_for_interrupt();

// Each adds its sub-commands. `exit` receives the exit status of the one that ran; it must outlive the app.
void add_run(CLI::App& app, int& exit);
void add_specs(CLI::App& app, int& exit);     // list, show, validate
void add_results(CLI::App& app, int& exit);   // report, diff
void add_machine(CLI::App& app, int& exit);   // hold, states, doctor
void add_fuzz(CLI::App& app, int& exit);
void add_sequences(CLI::App& app, int& exit); // minimize, corpus

}  // namespace conform
