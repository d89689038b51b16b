// `minimize` and `corpus`: sequences, in either of their forms, made smaller and turned into the other form.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "fuzz/corpus/files.h"
#include "fuzz/corpus/seeds.h"
#include "fuzz/findings/minimize.h"
#include "fuzz/sequence/yaml.h"
#include "harness/cli/command.h"
#include "harness/cli/specs_command.h"
#include "harness/cli/targets.h"
#include "harness/packet/file.h"
#include "harness/run/known.h"

namespace conform {

namespace {

using fuzz::Sequence;

struct MinimizeArguments {
  std::string file, target = "stack", out, specs, profile = "rfc9293";
  std::uint64_t seed = 1;
  double max_wait = 75;
  std::size_t executions = fuzz::kMostExecutions;
};

// A real clock has no time for the longest waits.
Sequence with_waits_cut(Sequence sequence, double seconds) {
  const auto most = static_cast<std::uint32_t>(std::clamp(seconds * 1000, 0.0, double{fuzz::kMaxWaitMs}));
  for (fuzz::Event& event : sequence) event.wait.ms = std::min(event.wait.ms, most);
  return sequence;
}

int write_minimized(const fuzz::Minimized& made, std::size_t events, const MinimizeArguments& arguments) {
  std::cerr << fmt::format("{} events -> {}, by {} executions\n", events, made.sequence.size(), made.executions);
  const std::string text = fuzz::to_yaml(made.sequence, name_of(made.violation), title_of(made.violation));
  if (arguments.out.empty()) {
    std::cout << text << std::flush;
    return std::cout ? kAsExpected : kHarness;
  }
  if (Status written = packet::write_file(arguments.out, text); !written) {
    complain(written.diagnostics());
    return kHarness;
  }
  return kAsExpected;
}

int minimize(const MinimizeArguments& arguments) {
  const auto selection = plan_options({{}, {}, {}, arguments.profile});
  const auto suite = load_suite(arguments.specs);
  if (!selection || !suite) return kUsage;
  auto sequence = fuzz::read_sequence(arguments.file, *suite);
  if (!sequence) {
    complain(sequence.diagnostics());
    return kUsage;
  }
  auto made = make_target(arguments.target, specs_folder(arguments.specs));
  if (!made) {
    complain(made.diagnostics());
    return kNoTarget;
  }
  watch_for_interrupt();
  const oracle::Program program(suite->table);
  const spec::TargetFile file = std::move(made->file);
  if (!made->target->capabilities().virtual_time) *sequence = with_waits_cut(std::move(*sequence), arguments.max_wait);

  fuzz::MinimizeOptions options;
  options.judge.program = &program;
  options.judge.conversation.profile = selection->profile;
  options.judge.conversation.seed = arguments.seed;
  options.judge.known = [&file](const Finding& finding) { return is_known(finding, file); };
  options.most_executions = arguments.executions;
  options.stop = &interrupted();
  options.make_target = [&]() -> Result<std::unique_ptr<Target>> {
    if (made->target) return std::move(made->target);
    auto again = make_target(arguments.target, specs_folder(arguments.specs));
    if (!again) return again.diagnostics();
    return std::move(again->target);
  };
  const auto minimized = fuzz::minimize(*sequence, options);
  if (!minimized) {
    complain(minimized.diagnostics());
    return kNoTarget;
  }
  if (!*minimized) {
    complain(error(arguments.file + " shows nothing on " + arguments.target, "what it expects of its own is not looked at"));
    return kNothing;
  }
  std::cerr << fmt::format("{} on {}: {}{}\n", arguments.file, arguments.target, title_of((*minimized)->violation),
                           (*minimized)->known ? " (known)" : "");
  const int status = write_minimized(**minimized, sequence->size(), arguments);
  return interrupted() ? kInterrupted : status;
}

struct CorpusArguments {
  std::string from, to, specs;
};

using Convert = Result<std::size_t> (*)(const std::string&, const std::string&, const spec::Suite&);

int convert(Convert how, const CorpusArguments& arguments) {
  const auto suite = load_suite(arguments.specs);
  if (!suite) return kUsage;
  const auto count = how(arguments.from, arguments.to, *suite);
  if (!count) {
    complain(count.diagnostics());
    return kUsage;
  }
  std::cerr << fmt::format("{} written to {}\n", *count, arguments.to);
  return *count == 0 ? kNothing : kAsExpected;
}

struct SeedsArguments {
  std::string to, specs;
  int stimuli = 3;
};

int write_seeds(const SeedsArguments& arguments) {
  const auto suite = load_suite(arguments.specs);
  if (!suite) return kUsage;
  std::error_code failed;
  std::filesystem::create_directories(arguments.to, failed);
  if (failed) {
    complain(error(arguments.to + ": cannot make this folder: " + failed.message()));
    return kHarness;
  }
  const fuzz::Seeds made = fuzz::plan_seeds(*suite, oracle::Program(suite->table), arguments.stimuli);
  for (const fuzz::Seed& seed : made.seeds) {
    const Status written = fuzz::write_sequence(seed.sequence, arguments.to + "/" + seed.name + ".yaml", seed.title);
    if (!written) {
      complain(written.diagnostics());
      return kHarness;
    }
  }
  std::cerr << fmt::format("{} seeds in {}\n", made.seeds.size(), arguments.to);
  for (const auto& [why, cases] : made.unsaid) std::cerr << fmt::format("{} cases are none: {}\n", cases, why);
  return kAsExpected;
}

void add_seeds(CLI::App& corpus, int& exit) {
  static SeedsArguments a;
  CLI::App* command = corpus.add_subcommand("seeds", "a scenario for every case of the plan, for the fuzzers to begin with");
  command->add_option("to", a.to, "the folder to write into")->required();
  command->add_option("--stimuli", a.stimuli, "different stimuli for a row from each way")->capture_default_str();
  command->add_option("--specs", a.specs, "folder of the specs");
  command->callback([&exit] { exit = write_seeds(a); });
}

void add_convert(CLI::App& corpus, int& exit, const char* name, const char* about, Convert how, CorpusArguments& arguments) {
  CLI::App* command = corpus.add_subcommand(name, about);
  command->add_option("from", arguments.from, "a file or a folder")->required();
  command->add_option("to", arguments.to, "a file, or the folder to write into")->required();
  command->add_option("--specs", arguments.specs, "folder of the specs");
  command->callback([how, &arguments, &exit] { exit = convert(how, arguments); });
}

void add_minimize(CLI::App& app, int& exit) {
  static MinimizeArguments a;
  CLI::App* command = app.add_subcommand(
      "minimize", "shrinks a sequence to the smallest that violates the same row in the same way, and writes it as a scenario");
  command->add_option("file", a.file, "a scenario (*.yaml), or a sequence as the fuzzers keep it")->required();
  command->add_option("-t,--target", a.target, "the TCP under test")->capture_default_str();
  command->add_option("-o,--out", a.out, "write the scenario here; standard output otherwise");
  command->add_option("--profile", a.profile, "rfc9293 (with the mitigations of RFC 5961) or rfc793")->capture_default_str();
  command->add_option("--seed", a.seed, "all randomness comes from this")->capture_default_str();
  command->add_option("--executions", a.executions, "try no more than so many sequences")->capture_default_str();
  command->add_option("--max-wait", a.max_wait, "seconds: longer waits are cut to it on a real-time target")->capture_default_str();
  command->add_option("--specs", a.specs, "folder of the specs");
  command->footer("Exit status: 0 shrunk, 2 FILE cannot be read, 3 no target, 4 cannot write, 5 FILE shows nothing.");
  command->callback([&exit] { exit = minimize(a); });
}

}  // namespace

void add_sequences(CLI::App& app, int& exit) {
  add_minimize(app, exit);
  CLI::App* corpus = app.add_subcommand("corpus", "sequences as files: readable scenarios (*.yaml), or compact, as fuzzers keep them");
  corpus->require_subcommand(1);
  corpus->footer(
      "Both forms say the same: nothing is lost on the way there and back. A folder is written into a folder, each\n"
      "NAME.yaml as NAME, each NAME as NAME.yaml. Of a scenario's steps `expect` is left out.\n"
      "  tcpconform corpus encode corpus/sequence build/corpus     for: fuzz_sequence build/corpus\n"
      "  tcpconform corpus decode crash-1234 crash.yaml            for: tcpconform replay crash.yaml");
  static CorpusArguments encode, decode;
  add_convert(*corpus, exit, "encode", "scenarios into compact sequences", fuzz::encode_files, encode);
  add_convert(*corpus, exit, "decode", "compact sequences into scenarios", fuzz::decode_files, decode);
  add_seeds(*corpus, exit);
}

}  // namespace conform
