// Sequences of segments, user calls and time against our stack, under the table as judge: what no row explains is a
// finding, as is a stack that dies or breaks its own invariants. The input is the binary form of a sequence.
#include <cstdint>
#include <memory>
#include <string>

#include "fuzz/entry/finding.h"
#include "fuzz/entry/judge_bench.h"
#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/yaml.h"
#include "harness/target/stack/stack_target.h"

namespace conform::fuzz {
namespace {

// What libFuzzer reads besides the coverage of edges, and sets to zero before each input.
__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t counters[kFeatures];

void judge(const Sequence& sequence) {
  static JudgeBench bench;
  static const std::unique_ptr<Target> target = make_stack_target();
  SequenceRun run(bench.context, sequence, *target, JudgeBench::kPeerPort);
  finish(run, *target);
  count(run.features(), counters);
  if (!run.died().empty()) finding("target died: " + run.died(), to_yaml(sequence, "died", ""));
  if (!run.finding()) return;
  const Finding& found = *run.finding();
  const std::string_view kind = conform::to_string(found.kind);
  finding(fmt::format("{} ({})", found.row, kind),
          fmt::format("  allowed: {}\n  came:    {}\n{}", found.allowed, found.observed, to_yaml(sequence, found.row, kind)));
}

// Its room is used again.
Sequence decoded;

}  // namespace
}  // namespace conform::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace conform::fuzz;
  decode_into({data, size}, decoded);
  judge(decoded);
  return 0;
}
