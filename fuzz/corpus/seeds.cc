#include "fuzz/corpus/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/translate.h"
#include "harness/run/plan.h"

namespace conform::fuzz {

namespace {

constexpr std::size_t kLongestName = 100;

std::string file_name(std::string_view id) {
  std::string name;
  for (char c : id) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool stays = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '.' && !name.empty());
    if (stays) name += c;
    else if (!name.empty() && name.back() != '-') name += '-';
  }
  name.resize(std::min(name.size(), kLongestName));
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

Result<Sequence> sequence_of(const PlannedCase& planned, const spec::Suite& suite) {
  std::vector<spec::ScenarioStep> steps;
  for (const PlannedStep& step : planned.steps) steps.push_back(step.step);
  Translator translator(suite);
  translator.add(steps);
  return std::move(translator).finish(planned.about.source);
}

}  // namespace

Seeds plan_seeds(const spec::Suite& suite, const oracle::Program& program, int stimuli_per_row) {
  PlanOptions options;
  options.stimuli_per_row = stimuli_per_row;
  Seeds made;
  std::set<std::string> sequences, names;
  for (const PlannedCase& planned : make_plan(suite, program, options).cases) {
    auto sequence = sequence_of(planned, suite);
    if (!sequence) {
      ++made.unsaid[sequence.diagnostics().front().message];
      continue;
    }
    const auto octets = encode(*sequence);
    if (!sequences.emplace(octets.begin(), octets.end()).second) continue;
    const std::string stem = file_name(planned.about.id);
    std::string name = stem;
    for (int next = 2; !names.insert(name).second; ++next) name = fmt::format("{}-{}", stem, next);
    made.seeds.push_back({std::move(name), planned.about.id, std::move(*sequence)});
  }
  return made;
}

}  // namespace conform::fuzz
