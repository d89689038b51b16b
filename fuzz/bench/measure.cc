#include "fuzz/bench/measure.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "fuzz/campaign/engine.h"
#include "fuzz/campaign/worker.h"
#include "fuzz/findings/apart.h"
#include "fuzz/findings/name.h"
#include "harness/defects/expected_rows.h"
#include "harness/run/known.h"
#include "harness/target/stack/stack_target.h"

namespace conform::fuzz {

namespace {

using tcp::Defect;
using tcp::Shows;

// A sequence that takes so much longer than the whole hunt hangs.
constexpr std::uint64_t kHangSeconds = 10;

// What the hunting process tells its parent, in memory that outlives it.
struct Slate {
  struct Line {
    std::uint64_t executions = 0;
    std::int64_t elapsed_ns = 0;
    std::array<char, 192> what{}, row{};   // zero-terminated, cut if need be
  };
  std::atomic<std::uint64_t> begun{0}, passed_over{0};
  std::atomic<std::int64_t> elapsed_ns{0};
  std::atomic<std::size_t> lines{0};
  std::array<Line, 64> line;
};

struct Unmap {
  void operator()(Slate* slate) const { munmap(slate, sizeof(Slate)); }
};

std::unique_ptr<Slate, Unmap> make_slate() {
  void* memory = mmap(nullptr, sizeof(Slate), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return std::unique_ptr<Slate, Unmap>(new (memory) Slate);
}

void copy(const std::string& text, std::span<char> to) {
  std::memcpy(to.data(), text.data(), std::min(text.size(), to.size() - 1));
}

std::unique_ptr<Target> make_target(const defects::TrialOptions& subject) {
  StackTargetOptions options;
  options.config = subject.config;
  options.check_invariants = subject.look_inside;
  return make_stack_target(options);
}

class Hunter {
 public:
  Hunter(const defects::TrialOptions& subject, const HuntOptions& options, Slate& slate)
      : subject_(subject), options_(options), slate_(slate), target_(make_target(subject)), sound_(make_target(subject)),
        pool_(std::string()), engine_(context_, *target_, pool_, {.seed = options.seed}) {
    context_.program = options.program;
    context_.conversation.seed = subject.seed;
    context_.conversation.keep_trace = false;
    if (options.file) context_.known = [file = options.file](const Finding& finding) { return is_known(finding, *file); };
    engine_.queue(options.seeds);
    engine_.on_begin = [this](std::size_t, const Sequence&) {
      slate_.begun.fetch_add(1, std::memory_order_relaxed);
      slate_.elapsed_ns.store(elapsed().count(), std::memory_order_relaxed);
    };
    engine_.on_end = [this](const Judged& judged) { take(judged); };
  }

  void run() {
    tcp::defects::active = subject_.defect;
    engine_.run([this] { return !found_ && elapsed() < options_.time; });
    slate_.elapsed_ns = elapsed().count();
  }

 private:
  Duration elapsed() const { return steady_now() - began_; }

  void take(const Judged& judged) {
    if (!judged.finding && judged.died.empty()) return;
    const Violation violation{judged.finding ? std::optional(*judged.finding) : std::nullopt, judged.died};
    const std::string name = name_of(violation);
    if (names_.contains(name)) return;
    if (subject_.defect != Defect::None && name == name_without_bug(*judged.sequence)) {
      slate_.passed_over.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    names_.insert(name);
    found_ = subject_.defect != Defect::None;
    tell(violation);
  }

  void tell(const Violation& violation) {
    const std::size_t number = slate_.lines;
    if (number == slate_.line.size()) return;
    Slate::Line& line = slate_.line[number];
    line.executions = slate_.begun;
    line.elapsed_ns = elapsed().count();
    copy(title_of(violation), line.what);
    if (violation.finding) copy(violation.finding->row, line.row);
    slate_.lines = number + 1;
  }

  // What the sequence shows once more with the bug switched off; empty if nothing.
  std::string name_without_bug(const Sequence& sequence) {
    tcp::defects::active = Defect::None;
    SequenceRun run(context_, sequence, *sound_, kFirstPort);
    finish(run, *sound_);
    tcp::defects::active = subject_.defect;
    const std::optional<Violation> violation = violation_of(run);
    return violation ? name_of(*violation) : std::string();
  }

  static constexpr std::uint16_t kFirstPort = 20000;   // as the engine's

  const defects::TrialOptions& subject_;
  const HuntOptions& options_;
  Slate& slate_;
  const Time began_ = steady_now();
  std::unique_ptr<Target> target_, sound_;
  JudgeContext context_;
  Pool pool_;
  Engine engine_;
  std::set<std::string> names_;
  bool found_ = false;
};

Hunt read(const Slate& slate, const std::optional<std::string>& died) {
  Hunt hunt;
  hunt.executions = slate.begun;
  hunt.elapsed = Duration(slate.elapsed_ns);
  hunt.passed_over = slate.passed_over;
  for (const Slate::Line& line : std::span(slate.line).first(slate.lines)) {
    hunt.shown.push_back({line.what.data(), line.row.data(), line.executions, Duration(line.elapsed_ns)});
  }
  // The sequence that was begun last is the one.
  if (died) hunt.shown.push_back({title_of({std::nullopt, *died}), {}, hunt.executions, hunt.elapsed});
  return hunt;
}

}  // namespace

Hunt hunt(const defects::TrialOptions& subject, const HuntOptions& options) {
  const auto slate = make_slate();
  const auto seconds = static_cast<unsigned>(to_seconds(options.time)) + kHangSeconds;
  const auto died = ends_its_process([&] { Hunter(subject, options, *slate).run(); }, static_cast<unsigned>(seconds));
  return read(*slate, died);
}

defects::TrialOptions subject_of(const tcp::defects::Entry& bug) {
  return {.defect = bug.defect, .look_inside = bug.shows == Shows::Invariant};
}

BySpecs try_specs(const tcp::defects::Entry& bug) {
  BySpecs result;
  if (bug.shows == Shows::Crash || bug.shows == Shows::Sanitizer) {
    // Which case it was died with the process.
    if (defects::crashes(bug.defect)) result.what = "target died: the process";
    return result;
  }
  if (bug.shows == Shows::Invariant) {
    const defects::Trial trial = defects::run_suite(subject_of(bug));
    result.cases = trial.tried;
    if (trial.unjudged.empty()) return result;
    result.first = trial.tried;   // a dead target ends the run
    result.what = title_of({std::nullopt, trial.unjudged.front().reason});
    return result;
  }
  const defects::Trial trial = defects::try_defect(bug.defect);
  result.cases = trial.tried;
  for (const defects::Deviation& deviation : trial.deviations) {
    if (!deviation.result.finding) continue;
    if (result.first == 0) {
      result.first = deviation.tried;
      result.what = title_of({deviation.result.finding, {}});
    }
    if (defects::is_expected(bug.defect, deviation.result.finding->row)) {
      result.rightly = deviation.tried;
      break;
    }
  }
  return result;
}

}  // namespace conform::fuzz
