// `run` and `replay`: cases through a target, a verdict for each, reports.
#include <sys/utsname.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/targets.h"
#include "harness/report/json.h"
#include "harness/report/progress.h"
#include "harness/report/terminal.h"
#include "harness/report/write.h"
#include "harness/run/runner.h"
#include "harness/spec/reader.h"

namespace conform {

namespace {

struct RunArguments {
  std::string target = "stack";
  std::string specs, reports = "reports", json, profile = "rfc9293", state, level, shard, failed_from, family = "ipv4";
  std::vector<std::string> select;
  std::uint64_t seed = 1;
  int repeat = 1, stimuli = 3;
  std::size_t jobs = 512;
  double max_wait = 75;
  std::string file;      // replay
};

std::string machine() {
  utsname name{};
  uname(&name);
  return fmt::format("{} {} {}, {} processors", name.sysname, name.release, name.machine, std::thread::hardware_concurrency());
}

std::string now_utc() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

// What the arguments select; false with a complaint when a word is unknown.
bool read_options(const RunArguments& arguments, PlanOptions& plan, RunOptions& run) {
  const auto wrong = [](const std::string& what, const std::string& hint) {
    complain(error(what, hint));
    return false;
  };
  if (arguments.profile != "rfc9293" && arguments.profile != "rfc793") {
    return wrong("unknown profile '" + arguments.profile + "'", "there are: rfc793, rfc9293");
  }
  plan.profile = run.profile = arguments.profile == "rfc793" ? spec::Profile::Rfc793 : spec::Profile::Rfc9293;
  plan.seed = run.seed = arguments.seed;
  plan.stimuli_per_row = arguments.stimuli;
  plan.select = arguments.select;
  if (!arguments.state.empty()) {
    plan.state = wire::parse_state(arguments.state);
    if (!plan.state) return wrong("unknown state '" + arguments.state + "'", "states are written as SYN-SENT, FIN-WAIT-1");
  }
  if (!arguments.level.empty()) {
    if (arguments.level == "must") plan.level = spec::Level::Must;
    else if (arguments.level == "should") plan.level = spec::Level::Should;
    else if (arguments.level == "may") plan.level = spec::Level::May;
    else return wrong("unknown level '" + arguments.level + "'", "there are: must, should, may");
  }
  if (arguments.family == "ipv6") plan.families = {Family::Ipv6};
  else if (arguments.family == "both") plan.families = {Family::Ipv4, Family::Ipv6};
  else if (arguments.family != "ipv4") return wrong("unknown family '" + arguments.family + "'", "there are: ipv4, ipv6, both");
  run.at_once = std::max<std::size_t>(1, arguments.jobs);
  run.complete = arguments.select.empty() && !plan.state && !plan.level && arguments.shard.empty() && arguments.failed_from.empty();
  plan.stop = run.stop = &interrupted();
  return true;
}

// Keeps the i-th of n parts of the plan.
bool take_shard(Plan& plan, const std::string& shard) {
  if (shard.empty()) return true;
  unsigned i = 0, n = 0;
  char slash = 0, rest = 0;
  std::istringstream in(shard);
  if (!(in >> i >> slash >> n) || slash != '/' || in >> rest || i < 1 || n < i) {
    complain(error("--shard wants i/n with 1 =< i =< n, not '" + shard + "'"));
    return false;
  }
  std::vector<PlannedCase> part;
  for (std::size_t k = i - 1; k < plan.cases.size(); k += n) part.push_back(std::move(plan.cases[k]));
  plan.cases = std::move(part);
  return true;
}

// Keeps what did not conform in an earlier run.
bool take_failed(Plan& plan, const std::string& folder) {
  if (folder.empty()) return true;
  const std::string file = std::filesystem::is_directory(folder) ? folder + "/results.json" : folder;
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) {
    complain(error("cannot read " + file));
    return false;
  }
  const auto earlier = report::from_json(text.str(), file);
  if (!earlier) {
    complain(earlier.diagnostics());
    return false;
  }
  std::set<std::string> failed;
  for (const CaseResult& result : earlier->cases) {
    if (report::is_failure(result.verdict)) failed.insert(result.id);
  }
  std::erase_if(plan.cases, [&](const PlannedCase& planned) { return !failed.contains(planned.about.id); });
  return true;
}

int exit_status(const RunResult& run) {
  if (run.interrupted) return kInterrupted;
  if (run.count(Verdict::HarnessError) + run.count(Verdict::Inconclusive) > 0) return kHarness;
  if (run.count(Verdict::TargetDied) > 0) return kNoTarget;
  if (run.count(Verdict::Deviates) > 0) return kDeviation;
  return kAsExpected;
}

// Writes what was asked for. Anything that cannot be written is a harness error.
int write_files(const RunResult& run, const RunArguments& arguments) {
  int status = kAsExpected;
  if (!arguments.json.empty()) {
    std::ofstream out(arguments.json, std::ios::binary);
    out << report::to_json(run);
    if (!out.flush()) {
      complain(error("cannot write " + arguments.json));
      status = kHarness;
    }
  }
  if (arguments.reports != "none") {
    if (Status written = report::write_reports(run, report::report_folder(run, arguments.reports)); !written) {
      complain(written.diagnostics());
      status = kHarness;
    }
  }
  return status;
}

int run_cases(Plan plan, const spec::Suite& suite, const oracle::Program& program, MadeTarget& made, RunOptions options,
              const RunArguments& arguments) {
  if (plan.cases.empty()) {
    complain(error("nothing was selected", "`tcpconform list` shows what there is"));
    return kNothing;
  }
  if (!made.target->capabilities().virtual_time) {
    options.longest_wait = std::chrono::milliseconds(static_cast<long long>(arguments.max_wait * 1000));
  }
  const report::Style style = report::detect_style(STDOUT_FILENO);
  int status = kAsExpected;
  for (int turn = 0; turn < arguments.repeat && !interrupted(); ++turn) {
    report::Progress progress(std::cout, style);
    progress.begin(plan.cases.size());
    options.on_case = [&](const CaseResult& result, std::size_t) { progress.done(result); };
    const auto began = std::chrono::steady_clock::now();
    RunResult run = run_plan(plan, suite, program, *made.target, &made.file, options);
    progress.end();
    run.duration = std::chrono::steady_clock::now() - began;
    run.tool_version = TCPCONFORM_VERSION;
    run.spec_version = suite.table.version;
    run.date = now_utc();
    run.machine = machine();
    run.command = command_line();
    std::cout << report::terminal_report(run, style) << std::flush;
    status = std::max({status, exit_status(run), write_files(run, arguments)});
  }
  return status;
}

int run(const RunArguments& arguments, bool replay) {
  PlanOptions plan_options;
  RunOptions options;
  if (!read_options(arguments, plan_options, options)) return kUsage;
  const std::string specs = specs_folder(arguments.specs);
  const auto suite = spec::read_suite(specs);
  if (!suite) {
    complain(suite.diagnostics());
    return kUsage;
  }
  watch_for_interrupt();
  const oracle::Program program(suite->table);
  Plan plan;
  if (replay) {
    std::ifstream in(arguments.file);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) {
      complain(error("cannot read " + arguments.file));
      return kUsage;
    }
    const auto scenarios = spec::read_scenarios(text.str(), arguments.file, *suite);
    if (!scenarios) {
      complain(scenarios.diagnostics());
      return kUsage;
    }
    plan.cases = plan_scenarios(*scenarios, *suite, CaseKind::Replay);
    options.complete = false;
  } else {
    plan = make_plan(*suite, program, plan_options);
    if (!take_shard(plan, arguments.shard) || !take_failed(plan, arguments.failed_from)) return kUsage;
  }
  auto made = make_target(arguments.target, specs);
  if (!made) {
    complain(made.diagnostics());
    return kNoTarget;
  }
  return run_cases(std::move(plan), *suite, program, *made, options, arguments);
}

void add_common(CLI::App& command, RunArguments& a) {
  command.add_option("-t,--target", a.target, "the TCP under test: " + fmt::format("{}", fmt::join(target_names(), ", ")))->capture_default_str();
  command.add_option("--profile", a.profile, "rfc9293 (with the mitigations of RFC 5961) or rfc793")->capture_default_str();
  command.add_option("--seed", a.seed, "all randomness comes from this")->capture_default_str();
  command.add_option("--repeat", a.repeat, "run everything so many times")->capture_default_str()->check(CLI::Range(1, 1000000));
  command.add_option("--jobs", a.jobs, "cases open at once on a real-time target")->capture_default_str();
  command.add_option("--max-wait", a.max_wait, "seconds: longer waits are inapplicable on a real-time target")->capture_default_str();
  command.add_option("--json", a.json, "write the results here as well");
  command.add_option("--reports", a.reports, "folder of the reports; 'none' for none")->capture_default_str();
  command.add_option("--specs", a.specs, "folder of the specs");
}

}  // namespace

void add_run(CLI::App& app, int& exit) {
  static RunArguments run_arguments, replay_arguments;
  CLI::App* command = app.add_subcommand("run", "runs cases against a target");
  add_common(*command, run_arguments);
  command->add_option("select", run_arguments.select, "ids or globs of cases, rows or sections: '3.10.7.4/second/*'");
  command->add_option("--state", run_arguments.state, "only cases that start in this state");
  command->add_option("--level", run_arguments.level, "only rows of this level: must, should, may");
  command->add_option("--family", run_arguments.family, "ipv4, ipv6 or both")->capture_default_str();
  command->add_option("--stimuli", run_arguments.stimuli, "different stimuli for a row from each way")->capture_default_str();
  command->add_option("--shard", run_arguments.shard, "i/n: the i-th of n parts");
  command->add_option("--failed-from", run_arguments.failed_from, "only what did not conform in that report folder");
  command->callback([&exit] { exit = run(run_arguments, false); });

  CLI::App* replay = app.add_subcommand("replay", "runs the scenarios of a file");
  add_common(*replay, replay_arguments);
  replay->add_option("file", replay_arguments.file, "a scenario file")->required();
  replay->callback([&exit] { exit = run(replay_arguments, true); });
}

}  // namespace conform
