// A sequence under the judge and its scenario under `replay` are the same conversation: the same verdict, row and kind,
// and the same trace, each time.
#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "fuzz/findings/name.h"
#include "fuzz/findings/testing.h"
#include "fuzz/mutate/mutate.h"
#include "harness/run/runner.h"

namespace conform::fuzz {
namespace {

// Everything of an entry but the row that explains it, on one line.
std::string line_of(const TraceEntry& entry) {
  std::string line = std::to_string(entry.at.count()) + " " + std::to_string(static_cast<int>(entry.what)) + " " + entry.text + " ";
  for (std::uint8_t octet : entry.datagram) line += "0123456789abcdef"[octet >> 4], line += "0123456789abcdef"[octet & 15];
  return line;
}

std::vector<std::string> lines_of(const std::vector<TraceEntry>& trace) {
  std::vector<std::string> lines;
  for (const TraceEntry& entry : trace) lines.push_back(line_of(entry));
  return lines;
}

// What came of a conversation: the name of what was found, or how it ended otherwise; and its trace.
struct Account {
  std::string name;
  std::vector<std::string> trace;
  std::size_t begun = 0;
};

Account judged(const Sequence& sequence, Target& target, std::uint16_t peer_port) {
  const JudgeContext context = judge_context();
  SequenceRun run(context, sequence, target, peer_port);
  finish(run, target);
  const auto violation = violation_of(run);
  // Of what the RFC says nothing about a replay says so.
  const std::string nothing = run.conversation().oracle().unspecified() ? "inapplicable" : "conforms";
  return {violation ? name_of(*violation) : nothing, lines_of(run.conversation().take_trace()), run.begun()};
}

Account replayed(const CaseResult& result) {
  std::string name(to_string(result.verdict));
  if (result.finding) name = name_of(*result.finding);
  if (result.verdict == Verdict::TargetDied) name = name_of_death(result.reason);
  return {name, lines_of(result.trace), 0};
}

// "scenarios:" of the scenarios of them all.
std::string file_of(const std::vector<Sequence>& sequences) {
  std::string text = "scenarios:\n";
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    std::string indent = "- ", line;
    std::istringstream file(to_yaml(sequences[i], "sequence-" + std::to_string(i), ""));
    for (; std::getline(file, line); indent = "  ") text += indent + line + "\n";
  }
  return text;
}

// As `replay` runs them: the n-th from port 20000 + n.
RunResult replay(const std::vector<Sequence>& sequences, Target& target) {
  const auto scenarios = spec::read_scenarios(file_of(sequences), "sequences.yaml", suite());
  if (!scenarios.ok()) ADD_FAILURE() << to_string(scenarios.diagnostics());
  Plan plan;
  if (scenarios.ok()) plan.cases = plan_scenarios(*scenarios, suite(), CaseKind::Replay);
  return run_plan(plan, suite(), program(), target, nullptr, {});
}

std::vector<Sequence> some_sequences(std::size_t count) {
  std::vector<Sequence> sequences;
  for (std::uint64_t seed = 1; sequences.size() < count; ++seed) {
    Random random(seed);
    Sequence sequence = generate(random, 1 + random.below(20));
    for (std::uint32_t more = random.below(4); more > 0; --more) mutate(sequence, random);
    // What a target lacks a fuzzer passes over, and a replay calls inapplicable.
    std::erase_if(sequence, [](const Event& e) { return e.segment.damage == spec::Damage::Security; });
    sequences.push_back(std::move(sequence));
  }
  return sequences;
}

// A sound stack, and ones that deviate, so that there is something to be found.
std::unique_ptr<Target> stack_number(int number) {
  StackTargetOptions options;
  if (number == 1) options.config.msl = std::chrono::seconds(30);
  if (number == 2) options.config.delayed_ack = std::chrono::milliseconds(700);
  if (number == 3) options.config.initial_rto = options.config.min_rto = std::chrono::milliseconds(50);
  return make_stack_target(options);
}

TEST(Replay, AgreesWithTheJudgeOfSequences) {
  std::size_t found = 0;
  for (int number = 0; number < 4; ++number) {
    const auto target = stack_number(number);
    std::vector<Sequence> sequences = some_sequences(250);
    std::vector<Account> accounts;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      const auto port = static_cast<std::uint16_t>(20000 + i);
      accounts.push_back(judged(sequences[i], *target, port));
      // What comes after the event that showed it is not tried by one, and tried by the other.
      sequences[i].resize(accounts.back().begun);
      ASSERT_EQ(judged(sequences[i], *target, port).trace, accounts.back().trace);
      found += accounts.back().name != "conforms" && accounts.back().name != "inapplicable";
    }
    const RunResult run = replay(sequences, *target);
    ASSERT_EQ(run.cases.size(), sequences.size());
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      const Account again = replayed(run.cases[i]);
      ASSERT_EQ(again.name, accounts[i].name) << lines(sequences[i]) << run.cases[i].reason;
      ASSERT_EQ(again.trace, accounts[i].trace) << lines(sequences[i]);
    }
  }
  EXPECT_GT(found, 100u) << "too little to agree about";
}

TEST(Replay, TheSameSequenceGivesTheSameTraceEachTime) {
  const auto target = make_stack_target();
  for (const Sequence& sequence : some_sequences(20)) {
    const Account first = judged(sequence, *target, 20000);
    ASSERT_FALSE(first.trace.empty() && !sequence.empty());
    for (int i = 0; i < 100; ++i) {
      const auto fresh = make_stack_target();
      const Account again = judged(sequence, i % 2 == 0 ? *fresh : *target, 20000);
      ASSERT_EQ(again.name, first.name);
      ASSERT_EQ(again.trace, first.trace);
    }
  }
}

}  // namespace
}  // namespace conform::fuzz
