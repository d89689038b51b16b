// `fuzz`: a campaign of mutated sequences against a target, with the table as judge.
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "fuzz/campaign/campaign.h"
#include "harness/cli/command.h"
#include "harness/cli/targets.h"
#include "harness/report/style.h"
#include "harness/spec/reader.h"

namespace conform {

namespace {

struct FuzzArguments {
  std::string target = "stack", specs, reports = "reports", profile = "rfc9293";
  double seconds = 60;
  std::uint64_t executions = 0, seed = 1;
  std::size_t jobs = 1, at_once = 256;
  bool fresh = false;
};

std::string clock_text(Duration elapsed) {
  const auto seconds = static_cast<long long>(to_seconds(elapsed));
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string status_text(const fuzz::CampaignStatus& status, double per_second) {
  return fmt::format("{}  {} executions  {:.0f}/s  {} rows  {} transitions  {} in the pool  {} findings  {} known",
                     clock_text(status.elapsed), status.executions, per_second, status.rows, status.transitions,
                     status.pool, status.findings.size(), status.known);
}

// One line that is overwritten on a terminal, elsewhere one now and then; findings at once.
class StatusLine {
 public:
  explicit StatusLine(report::Style style) : style_(style) {}

  void show(const fuzz::CampaignStatus& status) {
    for (; told_ < status.findings.size(); ++told_) {
      erase();
      std::cout << style_.paint(report::Tone::Bad, "finding") << "  " << status.findings[told_] << '\n';
    }
    const double seconds = to_seconds(status.elapsed - last_.elapsed);
    const double rate = seconds > 0 ? static_cast<double>(status.executions - last_.executions) / seconds : 0;
    const bool due = style_.terminal || status.elapsed - last_.elapsed >= std::chrono::seconds(10);
    if (due) {
      erase();
      std::cout << status_text(status, rate);
      if (!style_.terminal) std::cout << '\n';
      shown_ = style_.terminal;
      last_ = status;
    }
    std::cout << std::flush;
  }

  void erase() {
    if (shown_) std::cout << "\r\x1b[K";
    shown_ = false;
  }

 private:
  report::Style style_;
  fuzz::CampaignStatus last_;
  std::size_t told_ = 0;
  bool shown_ = false;
};

void print_summary(const fuzz::CampaignStatus& status, const FuzzArguments& arguments, const std::string& findings) {
  const double seconds = to_seconds(status.elapsed);
  std::cout << fmt::format("\n{}: {} sequences judged in {:.1f} s, {:.0f} a second\n", arguments.target, status.executions, seconds,
                           seconds > 0 ? static_cast<double>(status.executions) / seconds : 0);
  std::cout << fmt::format("reached {} rows (by state), {} transitions; {} sequences kept; {} ended at known deviations\n",
                           status.rows, status.transitions, status.pool, status.known);
  for (const std::string& trouble : status.troubles) std::cout << "trouble: " << trouble << '\n';
  if (status.findings.empty()) {
    std::cout << "no findings\n";
    return;
  }
  std::cout << fmt::format("{} findings, under {}/:\n", status.findings.size(), findings);
  for (const std::string& name : status.findings) {
    std::cout << fmt::format("  {}\n    build/tcpconform replay {}/{}/scenario.yaml --target {}\n", name, findings, name, arguments.target);
  }
}

int run_fuzz(const FuzzArguments& arguments) {
  const std::string specs = specs_folder(arguments.specs);
  const auto suite = spec::read_suite(specs);
  if (!suite) {
    complain(suite.diagnostics());
    return kUsage;
  }
  const auto file = read_target_file(arguments.target, specs);
  if (!file) {
    complain(file.diagnostics());
    return kUsage;
  }
  const oracle::Program program(suite->table);
  fuzz::CampaignOptions options;
  options.target = arguments.target;
  options.make_target = [&]() -> Result<std::unique_ptr<Target>> {
    auto made = make_target(arguments.target, specs);
    if (!made) return made.diagnostics();
    return std::move(made->target);
  };
  options.file = &*file;
  options.program = &program;
  options.profile = arguments.profile == "rfc793" ? spec::Profile::Rfc793 : spec::Profile::Rfc9293;
  options.seed = arguments.seed;
  options.jobs = arguments.jobs;
  options.at_once = arguments.at_once;
  options.time = std::chrono::milliseconds(static_cast<long long>(arguments.seconds * 1000));
  options.executions = arguments.executions;
  options.pool_folder = arguments.reports + "/fuzz/" + arguments.target;
  options.findings_folder = arguments.reports + "/findings/" + arguments.target;
  options.stop = &interrupted();
  if (arguments.fresh) std::filesystem::remove_all(options.pool_folder);
  watch_for_interrupt();

  StatusLine line(report::detect_style(STDOUT_FILENO));
  const fuzz::CampaignStatus status = fuzz::run_campaign(options, [&](const fuzz::CampaignStatus& now) { line.show(now); });
  line.erase();
  print_summary(status, arguments, options.findings_folder);
  if (interrupted()) return kInterrupted;
  if (status.target_failed) return kNoTarget;
  if (!status.troubles.empty()) return kHarness;
  return status.findings.empty() ? kAsExpected : kDeviation;
}

}  // namespace

void add_fuzz(CLI::App& app, int& exit) {
  static FuzzArguments arguments;
  const std::map<std::string, double> units = {{"ms", 0.001}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}};
  CLI::App* command = app.add_subcommand("fuzz", "mutated sequences against a target, judged by the table");
  command->add_option("-t,--target", arguments.target, "the TCP under test: " + fmt::format("{}", fmt::join(target_names(), ", ")))->capture_default_str();
  command->add_option("--time", arguments.seconds, "how long: 90s, 10m, 2h")->transform(CLI::AsNumberWithUnit(units))->default_str("60s");
  command->add_option("--executions", arguments.executions, "no more sequences than that; 0: no bound")->capture_default_str();
  command->add_option("--jobs", arguments.jobs, "workers, each with a target of its own")->capture_default_str()->check(CLI::Range(1, 64));
  command->add_option("--at-once", arguments.at_once, "sequences open together in a worker, on a real-time target")->capture_default_str()->check(CLI::Range(1, 4096));
  command->add_option("--seed", arguments.seed, "all randomness comes from this")->capture_default_str();
  command->add_option("--profile", arguments.profile, "rfc9293 or rfc793")->capture_default_str()->check(CLI::IsMember({"rfc9293", "rfc793"}));
  command->add_option("--reports", arguments.reports, "the pool and the findings go below this folder")->capture_default_str();
  command->add_flag("--fresh", arguments.fresh, "forgets the pool of earlier campaigns");
  command->add_option("--specs", arguments.specs, "folder of the specs");
  command->callback([&exit] { exit = run_fuzz(arguments); });
}

}  // namespace conform
