#include "fuzz/bench/throughput.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/bench/deeds.h"
#include "fuzz/campaign/engine.h"
#include "fuzz/campaign/worker.h"
#include "harness/run/known.h"
#include "harness/target/stack/stack_target.h"

namespace conform::fuzz {

namespace {

constexpr std::uint16_t kPort = 20000;

// Events of a sequence that is made up: see engine.cc.
constexpr std::size_t kFewest = 4, kMost = 20;

// Evenly spread over a run of unknown length: when it is full, every other one goes and every other one is left out.
class Sample {
 public:
  void offer(const Sequence& sequence) {
    if (++offered_ % stride_ != 0) return;
    sequences_.push_back(sequence);
    if (sequences_.size() < kSize) return;
    for (std::size_t i = 0; i < kSize / 2; ++i) sequences_[i] = std::move(sequences_[2 * i + 1]);
    sequences_.resize(kSize / 2);
    stride_ *= 2;
  }
  const std::vector<Sequence>& sequences() const { return sequences_; }

 private:
  static constexpr std::size_t kSize = 2048;
  std::vector<Sequence> sequences_;
  std::uint64_t offered_ = 0, stride_ = 1;
};

// The mean seconds of one, doing all of them in turn until the time is up.
double seconds_each(std::size_t count, Duration time, const std::function<void(std::size_t)>& what) {
  if (count == 0) return 0;
  const Time began = steady_now();
  std::uint64_t done = 0;
  do {
    for (std::size_t i = 0; i < count; ++i) what(i);
    done += count;
  } while (steady_now() - began < time);
  return to_seconds(steady_now() - began) / static_cast<double>(done);
}

// Sequences that are tried again and again.
Costs costs_of(const std::vector<Sequence>& sequences, const JudgeContext& context, Target& target, Duration time) {
  Costs costs;
  const auto count = static_cast<double>(sequences.size());
  costs.judged = seconds_each(sequences.size(), time, [&](std::size_t i) {
    SequenceRun run(context, sequences[i], target, kPort);
    finish(run, target);
  });
  std::vector<Deeds> recorded;
  RecordingTarget recorder(target);
  for (const Sequence& sequence : sequences) {
    SequenceRun run(context, sequence, recorder, kPort);
    finish(run, recorder);
    costs.events += static_cast<double>(sequence.size()) / count;
    costs.begun += static_cast<double>(run.begun()) / count;
    recorded.push_back(recorder.take());
  }
  costs.alone = seconds_each(recorded.size(), time, [&](std::size_t i) { repeat(recorded[i], target); });
  return costs;
}

std::string line(std::string_view what, double seconds, double whole) {
  return fmt::format("  {:<38} {:>8.0f} /s {:>7.1f} us {:>4.0f} %\n", what, 1 / seconds, 1e6 * seconds, 100 * seconds / whole);
}

}  // namespace

Throughput measure_throughput(const HuntOptions& options) {
  Throughput result;
  const Duration fifth = options.time / 5;
  const auto target = make_stack_target();
  JudgeContext context;
  context.program = options.program;
  context.conversation.keep_trace = false;
  if (options.file) context.known = [file = options.file](const Finding& finding) { return is_known(finding, *file); };

  Sample all, usual;
  Pool pool{std::string()};
  Engine engine(context, *target, pool, {.seed = options.seed});
  engine.queue(options.seeds);
  engine.on_end = [&](const Judged& judged) {
    ++result.executions;
    all.offer(*judged.sequence);
    if (judged.sequence->size() >= kFewest && judged.sequence->size() <= kMost) usual.offer(*judged.sequence);
  };
  const Time began = steady_now();
  engine.run([&] { return steady_now() - began < fifth; });
  result.fuzzing = to_seconds(steady_now() - began) / static_cast<double>(result.executions);
  result.all = costs_of(all.sequences(), context, *target, fifth);
  result.usual = costs_of(usual.sequences(), context, *target, fifth);
  return result;
}

std::string to_string(const Throughput& throughput) {
  const auto& [executions, fuzzing, all, usual] = throughput;
  std::string text = fmt::format("{} sequences, of {:.1f} events on average ({:.1f} of them until it is over)\n", executions, all.events, all.begun);
  text += line("fuzzing: made, tried, judged, scored", fuzzing, fuzzing);
  text += line("made already: tried and judged", all.judged, fuzzing);
  text += line("the stack and its packets alone", all.alone, fuzzing);
  text += line("so making and scoring takes", fuzzing - all.judged, fuzzing);
  text += line("and the judge takes", all.judged - all.alone, fuzzing);
  text += fmt::format("those of {} to {} events, {:.1f} on average ({:.1f} until it is over)\n", kFewest, kMost, usual.events, usual.begun);
  text += line("made already: tried and judged", usual.judged, usual.judged);
  text += line("the stack and its packets alone", usual.alone, usual.judged);
  text += line("so the judge takes", usual.judged - usual.alone, usual.judged);
  return text;
}

}  // namespace conform::fuzz
