// `doctor` and `states`: what this machine permits, and what its TCP sockets are doing. `hold` has a file of its own.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "harness/cli/command.h"
#include "harness/cli/hold_command.h"
#include "harness/report/style.h"
#include "harness/target/linux/doctor.h"
#include "harness/target/linux/socket_states.h"

namespace conform {

namespace {

int doctor(bool quiet) {
  const std::vector<Check> checks = diagnose_linux();
  const report::Style style = report::detect_style(STDOUT_FILENO);
  std::size_t widest = 0;
  for (const Check& check : checks) widest = std::max(widest, check.what.size());
  for (const Check& check : checks) {
    if (check.ok && quiet) continue;
    const std::string mark =
        check.ok ? style.paint(report::Tone::Good, "ok     ") : style.paint(report::Tone::Bad, "lacking");
    std::cout << fmt::format("{}  {:<{}}  {}\n", mark, check.what, widest, check.detail);
    if (!check.ok) std::cout << fmt::format("{:9}{:<{}}  to get it: {}\n", "", "", widest, check.remedy);
  }
  const bool can_run = !checks.empty() && checks.back().ok;
  if (!can_run)
    std::cout << "The linux target cannot run here; the stack target always can.\n";
  else if (!quiet)
    std::cout << "Every target can run here.\n";
  return can_run ? kAsExpected : kNoTarget;
}

std::string states_as_json(const StateCounts& counts) {
  nlohmann::ordered_json value;
  for (wire::State state : wire::kAllStates) {
    const auto i = static_cast<std::size_t>(state);
    value[std::string(to_string(state))] = {{"ipv4", counts.ipv4[i]}, {"ipv6", counts.ipv6[i]}};
  }
  return value.dump() + "\n";
}

std::string states_as_text(const StateCounts& counts) {
  std::string text = fmt::format("{:<12} {:>8} {:>8}\n", "state", "IPv4", "IPv6");
  std::uint64_t ipv4 = 0, ipv6 = 0;
  for (wire::State state : wire::kAllStates) {
    const auto i = static_cast<std::size_t>(state);
    ipv4 += counts.ipv4[i];
    ipv6 += counts.ipv6[i];
    // No table of the kernel holds what is not connected.
    if (state == wire::State::Closed)
      text += fmt::format("{:<12} {:>8} {:>8}\n", to_string(state), "-", "-");
    else
      text += fmt::format("{:<12} {:>8} {:>8}\n", to_string(state), counts.ipv4[i], counts.ipv6[i]);
  }
  return text + fmt::format("{:<12} {:>8} {:>8}\n", "all", ipv4, ipv6);
}

// Once, or again and again until interrupted. On a terminal each table takes the place of the one before.
int states(bool json, double every) {
  if (every > 0) watch_for_interrupt();
  const bool terminal = report::detect_style(STDOUT_FILENO).terminal;
  for (bool first = true;; first = false) {
    const auto counts = count_socket_states();
    if (!counts) {
      complain(counts.diagnostics());
      return kNoTarget;
    }
    if (!json && !first) std::cout << (terminal ? fmt::format("\033[{}A", wire::kAllStates.size() + 2) : "\n");
    std::cout << (json ? states_as_json(*counts) : states_as_text(*counts)) << std::flush;
    if (every <= 0) return kAsExpected;
    const auto next = std::chrono::steady_clock::now() + std::chrono::duration<double>(every);
    while (std::chrono::steady_clock::now() < next && !interrupted())
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (interrupted()) return kAsExpected;
  }
}

}  // namespace

void add_machine(CLI::App& app, int& exit) {
  add_hold(app, exit);

  struct StatesArguments {
    bool json = false;
    double every = 1;
  };
  auto a = std::make_shared<StatesArguments>();
  CLI::App* states_command = app.add_subcommand("states", "counts the TCP sockets of this host by state");
  CLI::Option* watch =
      states_command->add_option("--watch", a->every, "again every so many seconds (1 if not said), until Ctrl-C");
  watch->expected(0, 1)->default_str("1")->check(CLI::Range(0.05, 86400.0))->type_name("[SECONDS]");
  states_command->add_flag("--json", a->json, "one JSON object for each count");
  states_command->callback([&exit, a, watch] { exit = states(a->json, watch->count() > 0 ? a->every : 0); });

  auto quiet = std::make_shared<bool>(false);
  CLI::App* doctor_command =
      app.add_subcommand("doctor", "examines what this machine permits, and says how to get the rest");
  doctor_command->add_flag("-q,--quiet", *quiet, "only what is lacking");
  doctor_command->footer("Exit status: 0 if the linux target can run here, 3 if not.");
  doctor_command->callback([&exit, quiet] { exit = doctor(*quiet); });
}

}  // namespace conform
