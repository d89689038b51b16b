#include "harness/cli/hold_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "harness/cli/holder.h"
#include "harness/cli/specs_command.h"
#include "harness/cli/targets.h"
#include "harness/spec/names.h"
#include "harness/spec/reader.h"
#include "harness/spec/words.h"
#include "harness/target/linux/linux_target.h"

namespace conform {

namespace {

using Clock = std::chrono::steady_clock;

struct HoldArguments {
  std::string state, target = "linux", via, specs;
  double seconds = 0;  // 0: until interrupted
};

// Linux gives up a SYN after 127 seconds and a FIN after a quarter of an hour: held connections last for hours. More
// than 40 retransmissions of a SYN,ACK would overflow the shift by which older kernels double its timer.
Result<std::unique_ptr<Target>> make_patient_linux(const std::string& specs) {
  LinuxOptions options;
  const std::string file = specs + "/targets/linux.yaml";
  if (std::filesystem::exists(file)) {
    const auto read = spec::read_target_file(file);
    if (!read) return read.diagnostics();
    for (const auto& [name, value] : read->parameters) {
      if (name.starts_with("net.")) options.sysctls[name] = value;
    }
  }
  options.sysctls["net.ipv4.tcp_syn_retries"] = "127";
  options.sysctls["net.ipv4.tcp_synack_retries"] = "40";
  options.sysctls["net.ipv4.tcp_retries2"] = "255";
  return make_linux_target(options);
}

Result<std::unique_ptr<Target>> make_patient(const std::string& name, const std::string& specs) {
  if (name == "linux") return make_patient_linux(specs);
  auto made = make_target(name, specs);
  if (!made) return made.diagnostics();
  return std::move(made->target);
}

// The ways that may be taken, the first of them first; none, with a complaint, when there is no such way.
std::vector<spec::Way> ways_to(wire::State state, const std::string& via, const spec::Paths& paths) {
  std::vector<spec::Way> ways;
  std::vector<std::string> names;
  for (const spec::Way& way : paths.ways) {
    if (way.state != state) continue;
    names.push_back(way.name);
    // "passive" is enough where the state is said already.
    if (via.empty() || via == way.name || fmt::format("{}+{}", to_string(state), via) == way.name) ways.push_back(way);
  }
  if (ways.empty()) {
    complain(error(via.empty() ? fmt::format("paths.yaml has no way to {}", to_string(state))
                               : fmt::format("there is no way '{}' to {}", via, to_string(state)),
                   names.empty() ? "add one to it" : fmt::format("there are: {}", fmt::join(names, ", "))));
  }
  return ways;
}

class Holding {
 public:
  Holding(const spec::Suite& suite, const oracle::Program& program, LentTarget& target, const HoldArguments& arguments)
      : target_(target), arguments_(arguments), holder_(suite, program, target) {}

  int hold(const std::vector<spec::Way>& ways) {
    if (!arrive(ways)) return interrupted() ? kInterrupted : kDeviation;
    introduce();
    const auto began = Clock::now();
    const Duration all = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(arguments_.seconds));
    while (!interrupted() && (all == Duration::zero() || Clock::now() - began < all)) {
      const Duration left = all == Duration::zero() ? kTurn : all - (Clock::now() - began);
      const Duration turn = std::clamp<Duration>(left, Duration::zero(), kTurn);
      if (target_.capabilities().virtual_time) std::this_thread::sleep_for(turn);  // its clock goes with the real one
      for (const std::string& line : holder_.pass(turn)) say(began, line);
      if (holder_.state() == way_->state || interrupted()) continue;
      if (!come_back(began)) return interrupted() ? kAsExpected : kDeviation;
    }
    std::cout << "let go\n" << std::flush;
    return kAsExpected;
  }

 private:
  static constexpr Duration kTurn = std::chrono::milliseconds(200);

  // By the first way that leads there.
  bool arrive(const std::vector<spec::Way>& ways) {
    Diagnostics why;
    for (const spec::Way& way : ways) {
      const Status there = holder_.bring(way);
      if (there) {
        way_ = way;
        arrived_ = Clock::now();
        return true;
      }
      for (Diagnostic d : there.diagnostics()) {
        d.hint =
            "`tcpconform list --ways` prints the ways, --via chooses one; `tcpconform doctor` examines the machine";
        why.push_back(std::move(d));
      }
      if (interrupted()) return false;
    }
    complain(why);
    return false;
  }

  void introduce() {
    std::cout << fmt::format("{} is in {}, by way {}:\n", target_.version(), to_string(way_->state), way_->name);
    for (const std::string& line : holder_.story()) std::cout << "  " << line << '\n';
    std::cout << '\n';
    show_socket();
    const std::string command = look_inside_command(target_.inner());
    if (command.empty()) {
      std::cout << "This target lives inside this process: only what it sends can be seen. Its clock goes with the "
                   "real one.\n";
    } else {
      std::cout << "Look at it from another terminal:  " << command << '\n';
    }
    std::cout << (arguments_.seconds > 0 ? fmt::format("Held for {:g} s", arguments_.seconds)
                                         : std::string("Held until Ctrl-C"))
              << "; the peer answers nothing. What is sent meanwhile:\n"
              << std::flush;
  }

  void show_socket() {
    const std::string line = ss_line(holder_.session());
    if (!line.empty()) {
      std::cout << "State      Recv-Q Send-Q Local Address:Port Peer Address:Port\n" << line << '\n';
    } else if (way_->state == wire::State::Closed) {
      std::cout << "CLOSED is no connection at all: there is nothing for ss to show.\n";
    }
  }

  // The state has ended by itself, as states with a timer do.
  bool come_back(Clock::time_point began) {
    const bool at_once = Clock::now() - arrived_ < std::chrono::milliseconds(500);
    turns_ = at_once ? turns_ + 1 : 0;
    if (turns_ >= 3) {
      complain(error(fmt::format("{} does not last here: it ends as soon as it is reached", to_string(way_->state)),
                     "try another way with --via"));
      return false;
    }
    say(began, fmt::format("note         it went to {} by itself; going the way again", to_string(holder_.state())));
    if (!arrive({*way_})) return false;
    show_socket();
    return true;
  }

  static void say(Clock::time_point began, const std::string& line) {
    std::cout << fmt::format("{:8.1f} s  {}\n", std::chrono::duration<double>(Clock::now() - began).count(), line)
              << std::flush;
  }

  LentTarget& target_;
  const HoldArguments& arguments_;
  Holder holder_;
  std::optional<spec::Way> way_;
  Clock::time_point arrived_{};
  int turns_ = 0;
};

int hold(const HoldArguments& arguments) {
  const auto state = wire::parse_state(arguments.state);
  if (!state) {
    complain(error("unknown state '" + arguments.state + "'", "there are: " + spec::joined(spec::state_words())));
    return kUsage;
  }
  const auto suite = load_suite(arguments.specs);
  if (!suite) return kUsage;
  const std::vector<spec::Way> ways = ways_to(*state, arguments.via, suite->paths);
  if (ways.empty()) return kUsage;
  auto target = make_patient(arguments.target, specs_folder(arguments.specs));
  if (!target) {
    complain(target.diagnostics());
    return kNoTarget;
  }
  watch_for_interrupt();
  const oracle::Program program(suite->table);
  LentTarget lent(std::move(*target));
  return Holding(*suite, program, lent, arguments).hold(ways);
}

}  // namespace

void add_hold(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<HoldArguments>();
  CLI::App* command = app.add_subcommand("hold", "keeps a connection in a state, to be looked at");
  command->add_option("state", arguments->state, "one of the eleven, as the RFC writes it: FIN-WAIT-2")->required();
  command->add_option("-t,--target", arguments->target, fmt::format("{}", fmt::join(target_names(), ", ")))
      ->capture_default_str();
  command->add_option("--via", arguments->via,
                      "the way there: 'passive', 'ESTABLISHED+active'; `list --ways` prints them");
  command->add_option("--for", arguments->seconds, "so many seconds; otherwise until Ctrl-C")
      ->check(CLI::Range(0.0, 1e6));
  command->add_option("--specs", arguments->specs, "folder of the specs");
  command->footer(
      "A state that ends by a timer is renewed, and that is said. Nothing stays behind. Ctrl-C is the usual end: "
      "status 0.");
  command->callback([&exit, arguments] { exit = hold(*arguments); });
}

}  // namespace conform
