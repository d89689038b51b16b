#include "harness/defects/trial.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

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

// What every trial shares: the suite as it is run from the command line.
struct Prepared {
  spec::Suite suite = take(spec::read_suite(kSpecs));
  oracle::Program program{suite.table};
  Plan plan = make_plan(suite, program, {});
  std::optional<spec::TargetFile> file;

  Prepared() {
    const std::string path = kSpecs + "/targets/stack.yaml";
    if (std::filesystem::exists(path)) file = take(spec::read_target_file(path));
  }
};

const Prepared& prepared() {
  static const Prepared kPrepared;
  return kPrepared;
}

// The one defect that is active, for as long as this lives.
class Seeded {
 public:
  explicit Seeded(tcp::Defect defect) { tcp::defects::active = defect; }
  ~Seeded() { tcp::defects::active = tcp::Defect::None; }
  Seeded(const Seeded&) = delete;
  Seeded& operator=(const Seeded&) = delete;
};

}  // namespace

Trial try_defect(tcp::Defect defect, std::size_t enough) {
  const Prepared& all = prepared();
  Trial trial;
  std::atomic<bool> stop = false;
  RunOptions options;
  options.keep_trace = false;
  options.at_once = 1;
  options.stop = &stop;
  options.on_case = [&](const CaseResult& result, std::size_t) {
    ++trial.tried;
    switch (result.verdict) {
      case Verdict::Conforms:
      case Verdict::KnownDeviation:
      case Verdict::Inapplicable: return;
      case Verdict::Deviates: trial.deviations.push_back({trial.tried, result}); break;
      case Verdict::Inconclusive:
      case Verdict::TargetDied:
      case Verdict::HarnessError: trial.broken.push_back(result); break;
    }
    if (enough > 0 && trial.deviations.size() >= enough) stop = true;
  };
  const Seeded seeded(defect);
  const std::unique_ptr<Target> target = make_stack_target();
  run_plan(all.plan, all.suite, all.program, *target, all.file ? &*all.file : nullptr, options);
  return trial;
}

}  // namespace conform::defects
