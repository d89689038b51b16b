// One sequence against several targets in lockstep. Where they differ the table judges each, and only what violates it is
// a finding; where it allows each, the RFC leaves a choice, which is counted. The input is the binary form of a sequence.
#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/entry/finding.h"
#include "fuzz/entry/judge_bench.h"
#include "fuzz/judge/lockstep.h"
#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/yaml.h"
#include "harness/target/stack/stack_target.h"

namespace conform::fuzz {
namespace {

// What libFuzzer reads besides the coverage of edges, and sets to zero before each input: what the model reached, and
// after which events the targets differ in what.
__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t counters[kFeatures];
constexpr std::size_t kControls = 0x40;   // control bits that an event may have
__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t differences[kAllAspects.size()][4][kControls];

// Our stack once more, with other choices wherever the RFC leaves one.
StackTargetOptions other_choices() {
  using namespace std::chrono_literals;
  StackTargetOptions options;
  tcp::Config& config = options.config;
  config.mtu = 1280;               // the least that IPv6 lets a link have: another MSS (RFC 9293 3.7.1)
  config.receive_buffer = 8192;    // windows that close (3.8.6)
  config.delayed_ack = 0ms;        // 3.8.6.3, SHLD-18
  config.sws_override = 990ms;     // 3.8.6.2.1: 0.1 to 1.0 s
  config.initial_rto = 3s;         // RFC 6298 5.7
  config.max_rto = 120s;           // RFC 6298 2.5: at least 60 s
  config.r1 = 8;                   // 3.8.3, SHLD-10: at least 3
  config.challenge_acks = 0;       // RFC 5961 7: no limit
  return options;
}

// The targets: a line each, the first is what the others are compared with.
struct Contest {
  JudgeBench bench;
  const std::unique_ptr<Target> usual = make_stack_target(), other = make_stack_target(other_choices());
  const std::vector<Side> sides = {
      {"stack", usual.get(), nullptr},
      {"stack with other choices", other.get(), nullptr},
  };
  std::uint64_t alike = 0;
  std::array<std::uint64_t, kAllAspects.size()> free_choices{};

  ~Contest() {
    std::fprintf(stderr, "%llu sequences alike; free choices first seen in:", static_cast<unsigned long long>(alike));
    for (Aspect aspect : kAllAspects) {
      std::fprintf(stderr, " %s %llu", std::string(to_string(aspect)).c_str(),
                   static_cast<unsigned long long>(free_choices[static_cast<std::size_t>(aspect)]));
    }
    std::fprintf(stderr, "\n");
  }
};

// "3.10.7.4/second/rst-exact (wrong state) by stack": what is wrong and of whom.
std::string name_of(const LockstepResult& result) {
  std::string name;
  for (const Violation& violation : result.violations) {
    if (!name.empty()) name += ", ";
    name += violation.finding ? fmt::format("{} ({})", violation.finding->row, conform::to_string(violation.finding->kind))
                              : "target died";
    name += " by " + violation.side;
  }
  return name;
}

// Control bits for a segment, the verb for a call.
std::size_t detail(const Event& event) {
  if (event.kind == Event::Kind::Segment) return event.segment.ctl % kControls;
  return event.kind == Event::Kind::Call ? static_cast<std::size_t>(event.call.verb) : 0;
}

void compare(const Sequence& sequence) {
  static Contest contest;
  const LockstepResult result = run_lockstep(contest.bench.context, sequence, contest.sides, JudgeBench::kPeerPort);
  count(result.features, counters);
  if (result.difference && result.difference->event < sequence.size()) {
    const Event& event = sequence[result.difference->event];
    differences[static_cast<std::size_t>(result.difference->aspect)][static_cast<std::size_t>(event.kind)][detail(event)] = 1;
  }
  switch (result.outcome) {
    case LockstepResult::Outcome::Alike: ++contest.alike; return;
    case LockstepResult::Outcome::FreeChoice:
      ++contest.free_choices[static_cast<std::size_t>(result.difference->aspect)];
      return;
    case LockstepResult::Outcome::Violation: {
      const std::string name = name_of(result);
      finding(name, to_string(result) + to_yaml(sequence, "differs", name));
    }
    case LockstepResult::Outcome::Late: return;
  }
}

// Its room is used again.
Sequence decoded;

}  // namespace
}  // namespace conform::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace conform::fuzz;
  decode_into({data, size}, decoded);
  compare(decoded);
  return 0;
}
