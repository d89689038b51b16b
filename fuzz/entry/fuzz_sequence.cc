// Sequences of segments, user calls and time against our stack, under the table as judge: what no row explains is a
// finding, as is a stack that dies or breaks its own invariants. The input is the binary form of a sequence.
#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string>

#include "fuzz/entry/finding.h"
#include "fuzz/entry/specs_folder.h"
#include "fuzz/judge/sequence_run.h"
#include "fuzz/mutate/mutate.h"
#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/yaml.h"
#include "harness/spec/reader.h"
#include "harness/target/stack/stack_target.h"

namespace conform::fuzz {
namespace {

// What libFuzzer reads besides the coverage of edges, and sets to zero before each input.
__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t counters[kFeatures];

constexpr std::uint16_t kPeerPort = 20000;

// What all inputs share.
struct Bench {
  spec::Suite suite;
  oracle::Program program;
  std::unique_ptr<Target> target = make_stack_target();
  JudgeContext context;

  explicit Bench(spec::Suite read) : suite(std::move(read)), program(suite.table) {
    context.program = &program;
    context.conversation.keep_trace = false;
  }
};

Bench& bench() {
  static Bench bench([] {
    auto suite = spec::read_suite(specs_folder());
    if (!suite) finding(conform::to_string(suite.diagnostics()));
    return std::move(*suite);
  }());
  return bench;
}

void judge(const Sequence& sequence) {
  SequenceRun run(bench().context, sequence, *bench().target, kPeerPort);
  finish(run, *bench().target);
  for (const Feature feature : run.features()) {
    if (counters[feature] != 255) ++counters[feature];
  }
  if (!run.died().empty()) finding(fmt::format("target died: {}\n{}", run.died(), to_yaml(sequence, "died", "")));
  if (!run.finding()) return;
  const Finding& found = *run.finding();
  finding(fmt::format("{} ({})\n  allowed: {}\n  came:    {}\n{}", found.row, conform::to_string(found.kind), found.allowed,
                      found.observed, to_yaml(sequence, found.row, conform::to_string(found.kind))));
}

// libFuzzer's two hooks hand over octets and want octets back. It has one thread, so these are used again.
Sequence first, second;

}  // namespace
}  // namespace conform::fuzz

using namespace conform::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode_into({data, size}, first);
  judge(first);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  decode_into({data, size}, first);
  Random random(seed);
  mutate(first, random);
  return encode_into(first, {data, max_size});
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1, const std::uint8_t* data2,
                                                 std::size_t size2, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  decode_into({data1, size1}, first);
  decode_into({data2, size2}, second);
  Random random(seed);
  return encode_into(cross_over(first, second, random), {out, max_size});
}
