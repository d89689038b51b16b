// The figures of the README: one judged event on our stack, the same without the judge, one judged case on the kernel.
// The peer of each figure is in the same run: the loop without the oracle, the kernel's case without the checker.
#include <benchmark/benchmark.h>

#include <memory>

#include "harness/check/agenda.h"
#include "harness/check/case_run.h"
#include "harness/oracle/resolve.h"
#include "harness/oracle/streams.h"
#include "harness/packet/datagram.h"
#include "harness/run/plan.h"
#include "harness/run/runner.h"
#include "harness/spec/reader.h"
#include "harness/target/linux/linux_target.h"
#include "harness/target/stack/stack_target.h"

namespace conform {
namespace {

struct Specs {
  spec::Suite suite;
  oracle::Program program;
  explicit Specs(spec::Suite read) : suite(std::move(read)), program(suite.table) {}
};

Specs& specs() {
  static Specs loaded([] {
    auto read = spec::read_suite(TCPCONFORM_SOURCE_DIR "/specs");
    if (!read) std::fprintf(stderr, "%s", to_string(read.diagnostics()).c_str());
    return std::move(*read);
  }());
  return loaded;
}

// The case that every figure is about: handshake, text both ways, close: about twelve events. `pause` is a step before
// the close.
std::vector<PlannedCase> conversation(const std::string& pause = {}) {
  const std::string text = R"(
scenario: bench
title: handshake, text both ways, close
start: ESTABLISHED+passive
steps:
- segment: <CTL=PSH,ACK><DATA=100>
- call: RECEIVE 1000
- call: SEND 100
- segment: <CTL=ACK>
- segment: <SEQ=RCV.NXT + 1><CTL=RST>
- segment: <SEQ=RCV.NXT - 1><CTL=ACK>
)" + pause + R"(- call: CLOSE
- segment: <CTL=ACK>
- segment: <CTL=FIN,ACK>
)";
  auto scenarios = spec::read_scenarios(text, "bench", specs().suite);
  if (!scenarios) std::fprintf(stderr, "%s", to_string(scenarios.diagnostics()).c_str());
  return plan_scenarios(*scenarios, specs().suite, CaseKind::Replay);
}

void judge(benchmark::State& state, Target& target) {
  const std::vector<PlannedCase> cases = conversation();
  RunContext context;
  context.program = &specs().program;
  context.paths = &specs().suite.paths;
  context.keep_trace = false;
  std::int64_t events = 0, failures = 0;
  std::uint16_t port = 20000;
  for (auto _ : state) {
    CaseRun run(context, cases.front(), target, port = static_cast<std::uint16_t>(port == 60000 ? 20000 : port + 1));
    for (Time wake = run.resume(); !run.done(); wake = run.resume()) target.wait(wake);
    if (run.take_result().verdict != Verdict::Conforms) ++failures;
    for (const PlannedStep& step : cases.front().steps) events += !std::holds_alternative<spec::ExpectStep>(step.step.what);
  }
  state.SetItemsProcessed(events);
  state.counters["not_conforming"] = static_cast<double>(failures);
}

void judged_events_on_stack(benchmark::State& state) { judge(state, *make_stack_target()); }
BENCHMARK(judged_events_on_stack);

// Every case of the plan, each in turn, no trace kept: what a fuzzer's sequences cost, strange ones among them.
void every_case_on_stack(benchmark::State& state) {
  const Plan plan = make_plan(specs().suite, specs().program, {});
  const auto target = make_stack_target();
  RunOptions options;
  options.keep_trace = false;
  options.at_once = 1;
  std::int64_t cases = 0;
  for (auto _ : state) {
    const RunResult result = run_plan(plan, specs().suite, specs().program, *target, nullptr, options);
    cases += static_cast<std::int64_t>(result.cases.size());
  }
  state.SetItemsProcessed(cases);
}
BENCHMARK(every_case_on_stack)->Unit(benchmark::kMillisecond);

// The steps of the conversation, with nobody judging: what the stack, the packets and the session cost by themselves.
void events_on_stack_alone(benchmark::State& state) {
  const std::vector<PlannedCase> cases = conversation();
  const auto target = make_stack_target();
  std::int64_t events = 0;
  oracle::World world;
  world.values[spec::Var::PeerIss] = 1000;
  for (auto _ : state) {
    SessionConfig config;
    config.peer_port = 20000;
    auto session = target->open(config);
    for (const PlannedStep& step : cases.front().steps) {
      if (const auto* call = std::get_if<spec::CallStep>(&step.step.what)) {
        UserCall made = call->call;
        if (made.verb == Verb::Send) made.text = oracle::user_text(0, made.length);
        benchmark::DoNotOptimize((*session)->call(made));
        ++events;
      } else if (const auto* segment = std::get_if<spec::SegmentStep>(&step.step.what)) {
        wire::Segment resolved = oracle::resolve(segment->segment, world, 65535);
        resolved.source_port = (*session)->sockets().peer_port;
        resolved.destination_port = (*session)->sockets().target_port;
        if (!(*session)->inject(packet::build(resolved, (*session)->sockets()))) state.SkipWithError("the stack died");
        ++events;
      }
      // The conversation goes on from what the stack answered.
      for (const Observation& observation : (*session)->drain()) {
        const auto* datagram = std::get_if<Datagram>(&observation.what);
        const auto parsed = datagram ? packet::parse(*datagram) : std::nullopt;
        if (!parsed) continue;
        const wire::SeqNum next = parsed->segment.seq + parsed->segment.length();
        world.values[spec::Var::SndNxt] = next.raw();
        if (parsed->segment.flags.ack()) world.values[spec::Var::RcvNxt] = parsed->segment.ack.raw();
      }
    }
  }
  state.SetItemsProcessed(events);
}
BENCHMARK(events_on_stack_alone);

void judged_case_on_linux(benchmark::State& state) {
  auto target = make_linux_target({});
  if (!target) {
    state.SkipWithError(to_string(target.diagnostics()).c_str());
    return;
  }
  judge(state, **target);
}
BENCHMARK(judged_case_on_linux)->UseRealTime();

// Many that wait for a while, open at the same time on one event loop. An iteration is a round of all of them.
void judged_cases_on_linux_together(benchmark::State& state) {
  auto target = make_linux_target({});
  if (!target) {
    state.SkipWithError(to_string(target.diagnostics()).c_str());
    return;
  }
  const std::vector<PlannedCase> cases = conversation("- wait: 20 ms\n");
  RunContext context;
  context.program = &specs().program;
  context.paths = &specs().suite.paths;
  context.keep_trace = false;
  const auto together = static_cast<std::size_t>(state.range(0));
  std::int64_t failures = 0;
  for (auto _ : state) {
    Agenda agenda(**target);
    std::vector<std::unique_ptr<CaseRun>> runs(together);
    const auto go_on = [&](std::size_t who) {
      const Time wake = runs[who]->resume();
      if (!runs[who]->done()) return agenda.put(who, runs[who]->session(), wake);
      if (runs[who]->take_result().verdict != Verdict::Conforms) ++failures;
      agenda.remove(who);
      runs[who].reset();
    };
    for (std::size_t who = 0; who < together; ++who) {
      runs[who] = std::make_unique<CaseRun>(context, cases.front(), **target, static_cast<std::uint16_t>(20000 + who));
      go_on(who);
    }
    while (!agenda.empty()) {
      for (const std::size_t who : agenda.next()) go_on(who);
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["not_conforming"] = static_cast<double>(failures);
}
BENCHMARK(judged_cases_on_linux_together)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

void reading_the_specs(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(spec::read_suite(TCPCONFORM_SOURCE_DIR "/specs").ok());
}
BENCHMARK(reading_the_specs)->Unit(benchmark::kMillisecond);

void planning_every_case(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(make_plan(specs().suite, specs().program, {}).cases.size());
}
BENCHMARK(planning_every_case)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace conform

BENCHMARK_MAIN();
