#include "harness/defects/trial.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "harness/oracle/program.h"
#include "harness/run/plan.h"
#include "harness/run/runner.h"
#include "harness/spec/reader.h"
#include "harness/target/stack/stack_target.h"

namespace conform::defects {

namespace {

const std::string kSpecs = TCPCONFORM_SOURCE_DIR "/specs";

template <typename T>
T take(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.diagnostics()));
  return std::move(*result);
}

// What every trial shares: the suite as the command line runs it.
struct Prepared {
  spec::Suite suite = take(spec::read_suite(kSpecs));
  oracle::Program program{suite.table};
  Plan plan = make_plan(suite, program, {});
  std::optional<spec::TargetFile> file;

  Plan plan_without(const std::vector<std::string_view>& globs) const {
    Plan rest = plan;
    std::erase_if(rest.cases, [&](const PlannedCase& planned) {
      return std::ranges::any_of(globs, [&](std::string_view glob) { return glob_matches(glob, planned.about.id); });
    });
    return rest;
  }

  Prepared() {
    const std::string path = kSpecs + "/targets/stack.yaml";
    if (std::filesystem::exists(path)) file = take(spec::read_target_file(path));
  }
};

// The one defect that is active, for as long as this lives.
class Seeded {
 public:
  explicit Seeded(tcp::Defect defect) { tcp::defects::active = defect; }
  ~Seeded() { tcp::defects::active = tcp::Defect::None; }
  Seeded(const Seeded&) = delete;
  Seeded& operator=(const Seeded&) = delete;
};

const Prepared& prepared() {
  static const Prepared kPrepared;
  return kPrepared;
}

using CaseAndRow = std::pair<std::string, std::string>;

CaseAndRow case_and_row(const Deviation& deviation) {
  const CaseResult& result = deviation.result;
  return {result.id, result.finding ? result.finding->row : std::string()};
}

// What the stack shows with no bug in it says nothing of any bug.
std::set<CaseAndRow> deviations_without_defect() {
  std::set<CaseAndRow> shown;
  for (const Deviation& deviation : run_suite({}).deviations) shown.insert(case_and_row(deviation));
  return shown;
}

}  // namespace

Trial run_suite(const TrialOptions& trial_options) {
  const Prepared& all = prepared();
  Trial trial;
  std::atomic<bool> dead = false;
  RunOptions options;
  options.seed = trial_options.seed;
  options.keep_trace = false;
  options.at_once = 1;  // so that "tried" counts in the plan's order
  options.stop = &dead;
  options.on_case = [&](const CaseResult& result, std::size_t) {
    ++trial.tried;
    switch (result.verdict) {
      case Verdict::Conforms:
      case Verdict::KnownDeviation:
      case Verdict::Inapplicable: return;
      case Verdict::Deviates: trial.deviations.push_back({trial.tried, result}); return;
      case Verdict::TargetDied: dead = true; [[fallthrough]];
      case Verdict::Inconclusive:
      case Verdict::HarnessError: trial.unjudged.push_back(result); return;
    }
  };
  StackTargetOptions target_options;
  target_options.config = trial_options.config;
  target_options.check_invariants = trial_options.look_inside;
  const Seeded seeded(trial_options.defect);
  const std::unique_ptr<Target> target = make_stack_target(target_options);
  run_plan(all.plan_without(trial_options.without), all.suite, all.program, *target, all.file ? &*all.file : nullptr,
           options);
  return trial;
}

std::vector<Named> Trial::named() const {
  std::vector<Named> rows;
  for (const Deviation& deviation : deviations) {
    const std::string row = case_and_row(deviation).second;
    const auto known = std::ranges::find(rows, row, &Named::row);
    if (known == rows.end()) {
      rows.push_back({row, 1});
    } else {
      ++known->count;
    }
  }
  std::ranges::stable_sort(rows, std::ranges::greater(), &Named::count);
  return rows;
}

Trial try_defect(tcp::Defect defect) {
  Trial trial = run_suite({.defect = defect});
  if (defect == tcp::Defect::None) return trial;
  static const std::set<CaseAndRow> kWithout = deviations_without_defect();
  std::erase_if(trial.deviations, [](const Deviation& d) { return kWithout.contains(case_and_row(d)); });
  return trial;
}

bool crashes(tcp::Defect defect) {
  prepared();  // once, and not in each child
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork: " + std::string(std::strerror(errno)));
  constexpr int kAlive = 42;
  if (child == 0) {
    run_suite({.defect = defect});
    std::_Exit(kAlive);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return !WIFEXITED(status) || WEXITSTATUS(status) != kAlive;
}

}  // namespace conform::defects
