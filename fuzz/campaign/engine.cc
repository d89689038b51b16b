#include "fuzz/campaign/engine.h"

#include <algorithm>

#include "fuzz/mutate/mutate.h"

namespace conform::fuzz {

namespace {

constexpr std::uint16_t kFirstPort = 20000;

// Events of a sequence that is made up: about a dozen.
constexpr std::int32_t kFewest = 4, kMost = 20;

}  // namespace

Engine::Engine(const JudgeContext& context, Target& target, Pool& pool, const EngineOptions& options)
    : context_(&context), target_(&target), pool_(&pool), options_(options), random_(options.seed), agenda_(target) {
  if (!target.capabilities().concurrent) options_.at_once = 1;
  for (std::size_t slot = 0; slot < options_.at_once; ++slot) flights_.push_back(std::make_unique<Flight>());
}

void Engine::queue(std::vector<Sequence> sequences) {
  std::ranges::move(sequences, std::back_inserter(queue_));
}

// Mostly a change of what was interesting; sometimes two of them joined, or one that is new altogether.
Sequence Engine::next(bool& queued) {
  queued = !queue_.empty();
  Sequence sequence;
  if (queued) {
    sequence = std::move(queue_.back());
    queue_.pop_back();
  } else if (pool_->empty() || random_.percent(5)) {
    sequence = generate(random_, static_cast<std::size_t>(random_.between(kFewest, kMost)));
  } else if (random_.percent(15)) {
    sequence = cross_over(pool_->pick(random_), pool_->pick(random_), random_);
  } else {
    sequence = pool_->pick(random_);
    mutate(sequence, random_);
  }
  for (Event& event : sequence) event.wait.ms = std::min(event.wait.ms, options_.longest_wait_ms);
  return sequence;
}

void Engine::run(const std::function<bool()>& more) {
  while (true) {
    bool go = more();
    for (std::size_t slot = 0; go && slot < flights_.size(); ++slot) {
      if (flights_[slot]->run) continue;
      start(slot);
      go = more();
    }
    if (!agenda_.empty()) {
      for (std::size_t slot : agenda_.next()) go_on(slot);
    } else if (!go) {
      return;
    }
  }
}

void Engine::start(std::size_t slot) {
  Flight& flight = *flights_[slot];
  flight.sequence = next(flight.queued);
  if (on_begin) on_begin(slot, flight.sequence);
  flight.run.emplace(*context_, flight.sequence, *target_, static_cast<std::uint16_t>(kFirstPort + slot));
  go_on(slot);
}

// On a virtual clock it goes on to its end: nobody else is there to be waited with.
void Engine::go_on(std::size_t slot) {
  Flight& flight = *flights_[slot];
  const Time wake = flight.run->resume();
  if (!flight.run->done() && target_->capabilities().virtual_time) finish(*flight.run, *target_);
  if (!flight.run->done()) return agenda_.put(slot, flight.run->conversation().session(), wake);
  agenda_.remove(slot);
  end(flight);
}

void Engine::end(Flight& flight) {
  SequenceRun& run = *flight.run;
  if (!run.late()) {
    Judged judged;
    judged.sequence = &flight.sequence;
    judged.finding = run.finding() ? &*run.finding() : nullptr;
    judged.known = run.known() ? &*run.known() : nullptr;
    judged.died = run.died();
    judged.fresh = novelty_.take(run.features());
    if (judged.fresh > 0) {
      if (Status kept = pool_->add(flight.sequence, !flight.queued); !kept) trouble_ = to_string(kept.diagnostics());
    }
    if (on_end) on_end(judged);
  }
  flight.run.reset();
}

}  // namespace conform::fuzz
