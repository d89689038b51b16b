#include "harness/run/runner.h"

#include <algorithm>
#include <map>
#include <memory>

#include "harness/check/agenda.h"
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
      : plan_(plan), target_(target), file_(file), options_(options), coverage_(program, options.profile), agenda_(target) {
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
    for (const auto& [index, active] : active_) {
      active->give_up(Verdict::Inconclusive, "interrupted");
      end(index, *active);
    }
    return result();
  }

 private:
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
    const auto port = static_cast<std::uint16_t>(20000 + index % 40000);
    go_on(index, *active_.emplace(index, std::make_unique<CaseRun>(context_, planned, target_, port)).first->second);
  }

  // Lets time pass up to the next point at which some case wants to be resumed, and resumes those.
  void step() {
    Time limit = kNever;
    // A signal that ends the run must not wait for the longest timer.
    if (!target_.capabilities().virtual_time) limit = target_.now() + std::chrono::milliseconds(200);
    if (more() && active_.size() < at_once_) limit = target_.now();
    for (const std::size_t index : agenda_.next(limit)) go_on(index, *active_.at(index));
  }

  void go_on(std::size_t index, CaseRun& run) {
    const Time wake = run.resume();
    if (!run.done()) {
      agenda_.put(index, run.session(), wake);
      return;
    }
    agenda_.remove(index);
    end(index, run);
    active_.erase(index);
  }

  void end(std::size_t index, CaseRun& run) {
    CaseResult result = run.take_result();
    // The machine was too busy for this one's timers: once more, when there is less to do.
    if (result.verdict == Verdict::Inconclusive && run.late() && !stopped() && ++attempts_[index] < kAttempts) {
      again_.push_back(index);
      return;
    }
    if (result.verdict == Verdict::TargetDied) died_ = true;
    store(index, std::move(result), run.row_outcome(), run.fired(), run.transitions());
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
  std::map<std::size_t, std::unique_ptr<CaseRun>> active_;   // by index in the plan
  Agenda agenda_;
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
