// tcpconform: the command.
#include <csignal>

#include <CLI/CLI.hpp>

#include "harness/cli/command.h"

int main(int argc, char** argv) {
  using namespace conform;
  std::signal(SIGXFSZ, SIG_IGN);   // a file that may not grow is an error of its writer
  remember_command_line(argc, argv);
  CLI::App app{"Checks TCP implementations against the event-processing table of RFC 793 and RFC 9293.", "tcpconform"};
  app.set_version_flag("--version", std::string("tcpconform ") + TCPCONFORM_VERSION);
  app.require_subcommand(1);
  app.footer("Exit status: 0 as expected, 1 deviation, 2 usage or spec error, 3 no target, 4 harness error or inconclusive,\n"
             "5 nothing selected, 130 interrupted.");
  int exit = kAsExpected;
  add_run(app, exit);
  add_specs(app, exit);
  add_results(app, exit);
  add_machine(app, exit);
  add_fuzz(app, exit);
  add_sequences(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kAsExpected : kUsage;
  }
  return exit;
}
