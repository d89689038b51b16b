#include "fuzz/campaign/worker.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include "fuzz/campaign/engine.h"
#include "fuzz/findings/name.h"
#include "fuzz/findings/shrink.h"
#include "fuzz/findings/write.h"
#include "harness/run/known.h"

namespace conform::fuzz {

namespace fs = std::filesystem;

namespace {

// A real clock makes each try of a shrinking sequence wait: `tcpconform minimize` takes its time for the rest.
constexpr std::size_t kMostOnARealClock = 40;
// How often a worker looks what the others have found.
constexpr Duration kExchange = std::chrono::seconds(5);

struct Found {
  std::string name;
  Sequence sequence;
};

class Worker {
 public:
  Worker(const CampaignOptions& options, std::size_t number, std::uint64_t seed, Time deadline, Board& board,
         const Reporter& reporter, Target& target)
      : options_(options), board_(board), mine_(board.workers[number]), reporter_(reporter), target_(target),
        deadline_(deadline), first_(number == 0), pool_(options.pool_folder), engine_(context_, target, pool_, engine_options(seed)) {
    context_.program = options.program;
    context_.conversation.profile = options.profile;
    context_.conversation.keep_trace = false;
    context_.reached = &board.reached;
    if (options.file) context_.known = [file = options.file](const Finding& finding) { return is_known(finding, *file); };
    engine_.on_begin = [this](std::size_t, const Sequence& sequence) { mine_.begins(sequence); };
    engine_.on_end = [this](const Judged& judged) { take(judged); };
  }

  void run() {
    if (first_) engine_.queue(options_.seeds);
    // On a real clock a finding that is shrunk keeps all others waiting: there it is done when the time is up.
    const bool at_once = target_.capabilities().virtual_time;
    while (!over()) {
      engine_.queue(pool_.read_new());
      const Time until = std::min(deadline_, steady_now() + kExchange);
      engine_.run([this, until, at_once] {
        return !over() && (found_.empty() || !at_once) && (++asked_ % 64 != 0 || steady_now() < until);
      });
      if (engine_.trouble()) return reporter_.trouble(*engine_.trouble());
      if (at_once) keep_all();
    }
    keep_all();
  }

 private:
  EngineOptions engine_options(std::uint64_t seed) const {
    EngineOptions engine;
    engine.seed = seed;
    if (!target_.capabilities().virtual_time) {
      engine.at_once = options_.at_once;
      engine.longest_wait_ms = options_.longest_wait_ms;
    }
    return engine;
  }

  bool over() {
    if (board_.stop.load(std::memory_order_relaxed)) return true;
    if (options_.executions != 0 && board_.executions() >= options_.executions) return true;
    return asked_ % 64 == 0 && steady_now() >= deadline_;
  }

  void take(const Judged& judged) {
    mine_.executions.fetch_add(1, std::memory_order_relaxed);
    mine_.size.store(0, std::memory_order_release);
    if (judged.known) board_.known.fetch_add(1, std::memory_order_relaxed);
    if (judged.fresh > 0) board_.pool.store(pool_.size(), std::memory_order_relaxed);
    if (judged.finding || !judged.died.empty()) report(judged);
  }

  // The first of its name is kept, once nothing else runs.
  void report(const Judged& judged) {
    board_.reports.fetch_add(1, std::memory_order_relaxed);
    const std::string name = judged.finding ? name_of(*judged.finding) : name_of_death(judged.died);
    if (named_.insert(name).second) found_.push_back({name, *judged.sequence});
  }

  void keep_all() {
    for (const Found& found : found_) keep(found);
    found_.clear();
  }

  // Shrinks and writes it, unless an earlier campaign has.
  void keep(const Found& found) {
    reporter_.finding(found.name);
    const fs::path folder = fs::path(options_.findings_folder) / found.name;
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (!fs::create_directory(folder, error)) {
      if (error) reporter_.trouble("cannot make " + folder.string() + ": " + error.message());
      return;
    }
    const std::size_t most = target_.capabilities().virtual_time ? kMostExecutions : kMostOnARealClock;
    // Nobody waits for what was interrupted: it stays as long as it was.
    const auto still = [&](const Sequence& smaller) { return !board_.stop && again(smaller) == found.name; };
    const Sequence small = shrink(found.sequence, still, most);
    WriteContext write{context_, target_, options_.target, {}};
    if (Status written = write_finding(small, write, folder.string()); !written) {
      reporter_.trouble(to_string(written.diagnostics()));
    }
  }

  // What a sequence is called that has been tried by itself; empty if nothing is wrong with it.
  std::string again(const Sequence& sequence) {
    mine_.begins(sequence);
    SequenceRun run(context_, sequence, target_, kRetrialPort);
    finish(run, target_);
    if (!run.died().empty()) return name_of_death(run.died());
    return run.finding() ? name_of(*run.finding()) : std::string();
  }

  static constexpr std::uint16_t kRetrialPort = 19999;

  const CampaignOptions& options_;
  Board& board_;
  WorkerBoard& mine_;
  const Reporter& reporter_;
  Target& target_;
  Time deadline_;
  bool first_;
  JudgeContext context_;
  Pool pool_;
  Engine engine_;
  std::set<std::string> named_;
  std::vector<Found> found_;   // not kept yet
  std::uint64_t asked_ = 0;
};

}  // namespace

Time steady_now() { return std::chrono::steady_clock::now().time_since_epoch(); }

// A line longer than a pipe takes at once is cut: lines of several workers must not mix.
void Reporter::line(std::string text) const {
  constexpr std::size_t kAtOnce = 1024;
  std::ranges::replace(text, '\n', ' ');
  text.resize(std::min(text.size(), kAtOnce));
  text += '\n';
  if (write(fd_, text.data(), text.size()) < 0) return;   // the parent is gone: it will not miss it
}

int run_worker(const CampaignOptions& options, std::size_t number, std::uint64_t seed, Time deadline, Board& board,
               const Reporter& reporter) {
  auto target = options.make_target();
  if (!target) {
    reporter.trouble(to_string(target.diagnostics()));
    return kWorkerNoTarget;
  }
  Worker(options, number, seed, deadline, board, reporter, **target).run();
  return kWorkerDone;
}

}  // namespace conform::fuzz
