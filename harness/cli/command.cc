#include "harness/cli/command.h"

#include <csignal>
#include <cstdio>

namespace conform {

namespace {
std::atomic<bool> interrupted_flag{false};
std::string the_command_line;

void on_signal(int) { interrupted_flag.store(true); }
}  // namespace

std::string specs_folder(const std::string& given) { return given.empty() ? TCPCONFORM_SOURCE_DIR "/specs" : given; }

void complain(const Diagnostics& diagnostics) { std::fputs(to_string(diagnostics).c_str(), stderr); }

void remember_command_line(int argc, char** argv) {
  the_command_line = "tcpconform";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool plain = word.find_first_of(" *?'\"<>|&;$(){}[]") == std::string::npos && !word.empty();
    the_command_line += plain ? " " + word : " '" + word + "'";
  }
}

const std::string& command_line() { return the_command_line; }

const std::atomic<bool>& interrupted() { return interrupted_flag; }

void watch_for_interrupt() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second Ctrl-C ends at once
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace conform
