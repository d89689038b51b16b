// sequence_seeds OUT [FILE]...: writes the seeds of the fuzzers of sequences into OUT, each in its binary form: of every
// case of the plan (each row from each way to its states, each way, each scenario), and of the scenarios in the files.
// What is no sequence (a number that is relative to nothing) is left out, but not of a file: there it is an error.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "fuzz/entry/specs_folder.h"
#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/translate.h"
#include "fuzz/sequence/yaml.h"
#include "harness/run/plan.h"
#include "harness/spec/reader.h"

namespace conform::fuzz {
namespace {

class Seeds {
 public:
  explicit Seeds(std::string folder) : folder_(std::move(folder)) { std::filesystem::create_directories(folder_); }

  // Equal ones once.
  bool add(const Sequence& sequence) {
    const std::vector<std::uint8_t> octets = encode(sequence);
    if (!written_.insert(octets).second) return true;
    std::ofstream file(std::filesystem::path(folder_) / fmt::format("{:04}", written_.size()), std::ios::binary);
    file.write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
    return file.good();
  }
  std::size_t size() const { return written_.size(); }

 private:
  std::string folder_;
  std::set<std::vector<std::uint8_t>> written_;
};

bool add_plan(Seeds& seeds, const spec::Suite& suite) {
  const oracle::Program program(suite.table);
  PlanOptions options;
  options.stimuli_per_row = 1;
  for (const PlannedCase& planned : make_plan(suite, program, options).cases) {
    std::vector<spec::ScenarioStep> steps;
    for (const PlannedStep& step : planned.steps) steps.push_back(step.step);
    Translator translator(suite);
    translator.add(steps);
    const auto sequence = std::move(translator).finish(planned.about.source);
    if (sequence && !seeds.add(*sequence)) return false;
  }
  return true;
}

// Nothing if all is well.
std::string add_file(Seeds& seeds, const std::string& path, const spec::Suite& suite) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return path + ": cannot be read";
  const auto scenarios = spec::read_scenarios(text, path, suite);
  if (!scenarios) return conform::to_string(scenarios.diagnostics());
  for (const spec::Scenario& scenario : *scenarios) {
    const auto sequence = from_scenario(scenario, suite);
    if (!sequence) return conform::to_string(sequence.diagnostics());
    if (!seeds.add(*sequence)) return "a seed cannot be written";
  }
  return {};
}

int make(const std::string& folder, const std::vector<std::string>& files) {
  const auto fail = [](const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return 1;
  };
  const auto suite = spec::read_suite(specs_folder());
  if (!suite) return fail(conform::to_string(suite.diagnostics()));
  Seeds seeds(folder);
  if (!add_plan(seeds, *suite)) return fail("a seed cannot be written into " + folder);
  for (const std::string& file : files) {
    if (const std::string why = add_file(seeds, file, *suite); !why.empty()) return fail(why);
  }
  std::printf("%zu seeds of sequences in %s\n", seeds.size(), folder.c_str());
  return 0;
}

}  // namespace
}  // namespace conform::fuzz

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: sequence_seeds OUT [FILE]...\n");
    return 2;
  }
  return conform::fuzz::make(argv[1], std::vector<std::string>(argv + 2, argv + argc));
}
