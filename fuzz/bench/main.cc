// `fuzz_bench`: how soon each seeded bug is found, and how fast that goes.
#include <sys/utsname.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "fuzz/bench/measure.h"
#include "fuzz/bench/table.h"
#include "fuzz/bench/throughput.h"
#include "fuzz/corpus/files.h"
#include "harness/defects/controls.h"
#include "harness/run/plan.h"
#include "harness/spec/reader.h"

namespace conform::fuzz {

namespace {

struct Arguments {
  double seconds = 60, silence = 10, throughput = 0;
  std::uint64_t seed = 1;
  std::string only = "*", seeds, out;
};

Duration to_duration(double seconds) { return std::chrono::milliseconds(static_cast<long long>(seconds * 1000)); }

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

std::string machine() {
  utsname system{};
  uname(&system);
  std::string processor = "unknown processor";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    processor = line.substr(line.find(':') + 2);
    break;
  }
  return fmt::format("{}, {} {}", processor, system.sysname, system.machine);
}

// Of each file of the folder.
Result<std::vector<Sequence>> read_folder(const std::string& folder, const spec::Suite& suite) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) paths.push_back(entry.path().string());
  if (error) return conform::error(fmt::format("cannot read {}: {}", folder, error.message()));
  std::ranges::sort(paths);
  std::vector<Sequence> sequences;
  for (const std::string& path : paths) {
    auto sequence = read_sequence(path, suite);
    if (!sequence) return sequence.diagnostics();
    sequences.push_back(std::move(*sequence));
  }
  return sequences;
}

// What does not show outside is not expected to be found: it is given the time of what must be silent.
std::vector<BugFigures> measure_bugs(const HuntOptions& options, const HuntOptions& silent, const std::string& only) {
  std::vector<BugFigures> all;
  for (const tcp::defects::Entry& bug : tcp::defects::all_defects()) {
    if (!glob_matches(only, bug.name)) continue;
    const bool visible = bug.shows != tcp::Shows::Nowhere && bug.shows != tcp::Shows::Sanitizer;
    defects::TrialOptions subject = subject_of(bug);
    BugFigures figures{bug, try_specs(bug), hunt(subject, visible ? options : silent), {}};
    std::cout << row_of(figures) << std::endl;
    if (bug.shows == tcp::Shows::Outside && !found_by_fuzzing(figures)) {
      subject.config.receive_buffer = kSmallWindow;
      figures.small_window = hunt(subject, silent);
    }
    all.push_back(std::move(figures));
  }
  return all;
}

std::vector<ControlFigures> measure_controls(const HuntOptions& options, const std::string& only) {
  std::vector<ControlFigures> all;
  const auto measure = [&](std::string_view name, std::string_view gloss, const defects::TrialOptions& subject) {
    if (!glob_matches(only, name)) return;
    ControlFigures figures{std::string(name), std::string(gloss), hunt(subject, options)};
    std::cout << row_of(figures) << std::endl;
    all.push_back(std::move(figures));
  };
  measure("NoBug", "our stack as it is", {.look_inside = true});
  for (const defects::Control& control : defects::controls()) {
    measure(control.name, control.gloss, {.config = control.config, .seed = control.seed, .look_inside = true});
  }
  return all;
}

int write(const std::string& text, const std::string& path) {
  std::error_code error;
  if (const auto folder = std::filesystem::path(path).parent_path(); !folder.empty()) {
    std::filesystem::create_directories(folder, error);
  }
  std::ofstream out(path);
  out << text;
  if (out.flush()) return 0;
  std::cerr << "error: cannot write " << path << '\n';
  return 3;
}

int run(const Arguments& arguments, const std::string& command) {
  const std::string specs = TCPCONFORM_SOURCE_DIR "/specs";
  const auto suite = spec::read_suite(specs);
  if (!suite) {
    std::cerr << to_string(suite.diagnostics());
    return 2;
  }
  const oracle::Program program(suite->table);
  std::optional<spec::TargetFile> file;
  if (const std::string path = specs + "/targets/stack.yaml"; std::filesystem::exists(path)) {
    auto read = spec::read_target_file(path);
    if (!read) {
      std::cerr << to_string(read.diagnostics());
      return 2;
    }
    file = std::move(*read);
  }
  HuntOptions options{&program, file ? &*file : nullptr, arguments.seed, to_duration(arguments.seconds), {}};
  if (!arguments.seeds.empty()) {
    auto seeds = read_folder(arguments.seeds, *suite);
    if (!seeds) {
      std::cerr << to_string(seeds.diagnostics());
      return 2;
    }
    options.seeds = std::move(*seeds);
  }
  if (arguments.throughput > 0) {
    options.time = to_duration(arguments.throughput);
    std::cout << machine() << '\n' << to_string(measure_throughput(options));
    return 0;
  }
  HuntOptions silent = options;
  silent.time = to_duration(arguments.silence);
  Measured measured{fmt::format("tcpconform {}", TCPCONFORM_VERSION), today(), machine(), command, options.time, {}, {}};
  measured.controls = measure_controls(silent, arguments.only);
  measured.bugs = measure_bugs(options, silent, arguments.only);
  const std::string text = markdown(measured);
  if (arguments.out.empty()) {
    std::cout << text;
    return 0;
  }
  return write(text, arguments.out);
}

}  // namespace

}  // namespace conform::fuzz

int main(int argc, char** argv) {
  CLI::App app("how soon each seeded bug is found by directed specs and by fuzzing; or how fast fuzzing is");
  conform::fuzz::Arguments arguments;
  app.add_option("--seconds", arguments.seconds, "at most, for each bug")->capture_default_str();
  app.add_option("--silence", arguments.silence, "seconds for what must be silent: no bug, each free choice, a bug that shows nowhere")->capture_default_str();
  app.add_option("--only", arguments.only, "a glob of the bugs and choices to be tried")->capture_default_str();
  app.add_option("--seed", arguments.seed, "of the fuzzer")->capture_default_str();
  app.add_option("--seeds", arguments.seeds, "a folder of sequences to be tried first, as corpus/sequence");
  app.add_option("--out", arguments.out, "the file for the report, in Markdown; otherwise it is printed");
  app.add_option("--throughput", arguments.throughput, "measures nothing but the speed, for so many seconds");
  CLI11_PARSE(app, argc, argv);
  std::string command;
  for (int i = 0; i < argc; ++i) command += (i == 0 ? "" : " ") + std::string(argv[i]);
  return conform::fuzz::run(arguments, command);
}
