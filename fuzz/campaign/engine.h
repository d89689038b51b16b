// Engine owns the loop of one worker: it makes sequences, takes them through a target under the judge, keeps those that
// reach something new, and hands on what is wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/campaign/novelty.h"
#include "fuzz/campaign/pool.h"
#include "fuzz/judge/sequence_run.h"
#include "fuzz/mutate/random.h"
#include "fuzz/sequence/sequence.h"
#include "harness/check/agenda.h"

namespace conform::fuzz {

struct EngineOptions {
  std::size_t at_once = 1;                      // sequences that are open together: more than one on a real clock only
  std::uint32_t longest_wait_ms = kMaxWaitMs;   // waits are cut to it: a real clock has no time for longer ones
  std::uint64_t seed = 1;
};

// What one sequence came to.
struct Judged {
  const Sequence* sequence = nullptr;
  const Finding* finding = nullptr;   // null: nothing is wrong, or only what is known
  const Finding* known = nullptr;     // a known deviation was seen
  std::string died;                   // not empty: the target died
  std::size_t fresh = 0;              // features that nothing reached before
};

class Engine {
 public:
  // The target, the context and the pool must outlive it.
  Engine(const JudgeContext& context, Target& target, Pool& pool, const EngineOptions& options);

  // Told of every sequence before it begins, with the slot it runs in (below at_once), and when it has ended. A late one
  // (the machine was too busy to judge) is not told of. An error of the pool ends nothing: it is kept.
  std::function<void(std::size_t slot, const Sequence&)> on_begin;
  std::function<void(const Judged&)> on_end;

  // Sequences to be tried first, as they are.
  void queue(std::vector<Sequence> sequences);
  // Begins sequences until `more` says no; ends those that are under way.
  void run(const std::function<bool()>& more);

  const std::optional<std::string>& trouble() const { return trouble_; }   // what could not be written
  const Novelty& novelty() const { return novelty_; }

 private:
  struct Flight {
    Sequence sequence;
    std::optional<SequenceRun> run;
    bool queued = false;
  };

  Sequence next(bool& queued);
  void start(std::size_t slot);
  void go_on(std::size_t slot);
  void end(Flight& flight);

  const JudgeContext* context_;
  Target* target_;
  Pool* pool_;
  EngineOptions options_;
  Random random_;
  Novelty novelty_;
  std::vector<Sequence> queue_;
  std::vector<std::unique_ptr<Flight>> flights_;   // one for each slot
  Agenda agenda_;                                  // of the slots whose sequence waits
  std::optional<std::string> trouble_;
};

}  // namespace conform::fuzz
