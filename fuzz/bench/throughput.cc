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

// Evenly spread over a run of unknown length: when it is full, every other one goes and every other one is left out.
class Sample {
 public:
  void offer(const Sequence& sequence) {
    if (++offered_ % stride_ != 0) return;
    sequences_.push_back(sequence);
    if (sequences_.size() < kMost) return;
    for (std::size_t i = 0; i < kMost / 2; ++i) sequences_[i] = std::move(sequences_[2 * i + 1]);
    sequences_.resize(kMost / 2);
    stride_ *= 2;
  }
  const std::vector<Sequence>& sequences() const { return sequences_; }

 private:
  static constexpr std::size_t kMost = 2048;
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

}  // namespace

Throughput measure_throughput(const HuntOptions& options) {
  Throughput result;
  const Duration third = options.time / 3;
  const auto target = make_stack_target();
  JudgeContext context;
  context.program = options.program;
  context.conversation.keep_trace = false;
  if (options.file) context.known = [file = options.file](const Finding& finding) { return is_known(finding, *file); };

  Sample sample;
  Pool pool{std::string()};
  Engine engine(context, *target, pool, {.seed = options.seed});
  engine.queue(options.seeds);
  std::uint64_t events = 0;
  engine.on_end = [&](const Judged& judged) {
    ++result.executions;
    events += judged.sequence->size();
    sample.offer(*judged.sequence);
  };
  const Time began = steady_now();
  engine.run([&] { return steady_now() - began < third; });
  result.fuzzing = to_seconds(steady_now() - began) / static_cast<double>(result.executions);
  result.events = static_cast<double>(events) / static_cast<double>(result.executions);

  const std::vector<Sequence>& sequences = sample.sequences();
  result.judged = seconds_each(sequences.size(), third, [&](std::size_t i) {
    SequenceRun run(context, sequences[i], *target, kPort);
    finish(run, *target);
  });

  std::vector<Deeds> recorded;
  std::uint64_t begun = 0;
  RecordingTarget recorder(*target);
  for (const Sequence& sequence : sequences) {
    SequenceRun run(context, sequence, recorder, kPort);
    finish(run, recorder);
    begun += run.begun();
    recorded.push_back(recorder.take());
  }
  result.begun = static_cast<double>(begun) / static_cast<double>(sequences.size());
  result.alone = seconds_each(recorded.size(), third, [&](std::size_t i) { repeat(recorded[i], *target); });
  return result;
}

std::string to_string(const Throughput& throughput) {
  const auto [executions, events, begun, fuzzing, judged, alone] = throughput;
  const auto line = [whole = fuzzing](std::string_view what, double seconds) {
    return fmt::format("{:<42} {:>8.0f} /s  {:>6.1f} us  {:>4.0f} %\n", what, 1 / seconds, 1e6 * seconds, 100 * seconds / whole);
  };
  const auto share = [whole = fuzzing](std::string_view what, double seconds) {
    return fmt::format("  {:<40} {:>11}  {:>6.1f} us  {:>4.0f} %\n", what, "", 1e6 * seconds, 100 * seconds / whole);
  };
  return fmt::format("{} sequences of {:.1f} events on average ({:.1f} of them happen)\n", executions, events, begun) +
         line("fuzzing: made, tried, judged", fuzzing) + line("judged: the same, made already", judged) +
         line("the stack and its packets alone", alone) + "of which\n" + share("making sequences and keeping score", fuzzing - judged) +
         share("the judge", judged - alone) + share("the stack and its packets", alone);
}

}  // namespace conform::fuzz
