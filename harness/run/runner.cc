#include "harness/run/runner.h"

#include <algorithm>
#include <map>
#include <memory>

#include "harness/run/coverage.h"
#include "harness/run/known.h"

namespace conform {

namespace {

constexpr std::size_t kStartsAtOnce = 16;
constexpr int kAttempts = 3;

class Run {
 public:
  Run(const Plan& plan, const spec::Suite& suite, const oracle::Program& program, Target& target,
      const spec::TargetFile* file, const RunOptions& options)
      : plan_(plan), target_(target), file_(file), options_(options), coverage_(program, options.profile) {
    context_.program = &program;
    context_.paths = &suite.paths;
    context_.profile = options.profile;
    context_.seed = options.seed;
    context_.longest_wait = options.longest_wait;
    context_.keep_trace = options.keep_trace;
    results_.resize(plan.cases.size());
  }

  RunResult run() {
    at_once_ = target_.capabilities().concurrent ? options_.at_once : 1;
    while (true) {
      // Few at a time: those that wait must not be kept waiting.
      for (std::size_t n = 0; n < kStartsAtOnce && active_.size() < at_once_ && more() && !stopped(); ++n) start_next();
      if (stopped() || (active_.empty() && !more())) break;
      if (active_.empty()) continue;
      step();
    }
    for (const auto& active : active_) {
      active->run.give_up(Verdict::Inconclusive, "interrupted");
      end(*active);
    }
    return result();
  }

 private:
  struct Active {
    Active(const RunContext& context, const PlannedCase& planned, Target& target, std::size_t i, std::uint16_t port)
        : run(context, planned, target, port), index(i) {}
    CaseRun run;
    std::size_t index;
    Time wake{};
  };

  bool more() const { return next_ < plan_.cases.size() || !again_.empty(); }

  bool stopped() const { return options_.stop && options_.stop->load(); }

  void start_next() {
    std::size_t index = next_;
    if (next_ < plan_.cases.size()) {
      ++next_;
    } else {
      index = again_.back();
      again_.pop_back();
    }
    const PlannedCase& planned = plan_.cases[index];
    const spec::Inapplicable* inapplicable = file_ ? find_inapplicable(planned.about.id, *file_) : nullptr;
    if (died_ || inapplicable) {
      CaseResult result = planned.about;
      result.verdict = died_ ? Verdict::TargetDied : Verdict::Inapplicable;
      result.reason = died_ ? "the target had died before" : inapplicable->lacks + ": " + inapplicable->reason;
      store(index, std::move(result), RowOutcome::NotPossible, {}, {});
      return;
    }
    auto active = std::make_unique<Active>(context_, planned, target_, index, static_cast<std::uint16_t>(20000 + index % 40000));
    active->wake = active->run.resume();
    if (active->run.done()) {
      end(*active);
    } else {
      active_.push_back(std::move(active));
    }
  }

  // Lets time pass up to the next point at which some case wants to be resumed, and resumes those.
  void step() {
    Time earliest = kNever;
    for (const auto& active : active_) earliest = std::min(earliest, active->wake);
    // A signal that ends the run must not wait for the longest timer.
    if (!target_.capabilities().virtual_time) earliest = std::min(earliest, target_.now() + std::chrono::milliseconds(200));
    if (more() && active_.size() < at_once_) earliest = std::min(earliest, target_.now());
    target_.wait(earliest);
    for (std::size_t i = 0; i < active_.size();) {
      Active& active = *active_[i];
      active.wake = active.run.resume();
      if (!active.run.done()) {
        ++i;
        continue;
      }
      end(active);
      active_[i] = std::move(active_.back());
      active_.pop_back();
    }
  }

  void end(Active& active) {
    CaseResult result = active.run.take_result();
    // The machine was too busy for this one's timers: once more, when there is less to do.
    if (result.verdict == Verdict::Inconclusive && active.run.late() && !stopped() && ++attempts_[active.index] < kAttempts) {
      again_.push_back(active.index);
      return;
    }
    if (result.verdict == Verdict::TargetDied) died_ = true;
    store(active.index, std::move(result), active.run.row_outcome(), active.run.fired(), active.run.transitions());
  }

  void store(std::size_t index, CaseResult result, RowOutcome outcome, const std::vector<oracle::Fired>& fired,
             const std::vector<std::pair<wire::State, wire::State>>& transitions) {
    if (file_) apply_target_file(result, *file_);
    coverage_.add(plan_.cases[index], result, outcome, fired, transitions);
    if (options_.on_case) options_.on_case(result, plan_.cases.size());
    results_[index] = std::move(result);
    finished_.push_back(index);
  }

  RunResult result() {
    RunResult run;
    run.target_name = target_.name();
    run.target_version = target_.version();
    run.profile = options_.profile;
    run.seed = options_.seed;
    run.interrupted = stopped();
    std::ranges::sort(finished_);
    for (std::size_t index : finished_) run.cases.push_back(std::move(results_[index]));
    if (file_ && options_.complete && !run.interrupted) find_stale_entries(run.cases, *file_);
    run.coverage = coverage_.coverage();
    return run;
  }

  const Plan& plan_;
  Target& target_;
  const spec::TargetFile* file_;
  const RunOptions& options_;
  RunContext context_;
  CoverageCount coverage_;
  std::vector<CaseResult> results_;
  std::vector<std::size_t> finished_;
  std::vector<std::unique_ptr<Active>> active_;
  std::size_t at_once_ = 1;
  std::size_t next_ = 0;
  std::vector<std::size_t> again_;               // to be run once more
  std::map<std::size_t, int> attempts_;
  bool died_ = false;
};

}  // namespace

RunResult run_plan(const Plan& plan, const spec::Suite& suite, const oracle::Program& program, Target& target,
                   const spec::TargetFile* target_file, const RunOptions& options) {
  return Run(plan, suite, program, target, target_file, options).run();
}

}  // namespace conform
