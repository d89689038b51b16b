// Measure owns what is found out of our stack with a seeded bug in it, or with another of the RFC's free choices: whether
// the specs show that something is wrong, and how soon fuzzing does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/sequence/sequence.h"
#include "harness/base/time.h"
#include "harness/defects/trial.h"
#include "harness/oracle/program.h"
#include "harness/spec/scenario.h"

namespace conform::fuzz {

// Something that was wrong, and when it was seen.
struct Shown {
  std::string what;               // "3.10.7.4/second/rst-exact: wrong state", "target died: signal Aborted"
  std::string row;                // the row alone; empty if the target died
  std::uint64_t executions = 0;   // sequences up to this one, itself counted
  Duration elapsed{};
};

struct HuntOptions {
  const oracle::Program* program = nullptr;
  const spec::TargetFile* file = nullptr;   // what the target is known for; may be null
  std::uint64_t seed = 1;                   // of the fuzzer
  Duration time{};                          // how long at most
  std::vector<Sequence> seeds;              // tried first; otherwise everything is made up, as in a new campaign
};

struct Hunt {
  std::uint64_t executions = 0;
  Duration elapsed{};
  std::vector<Shown> shown;         // each finding's name once
  std::uint64_t passed_over = 0;    // findings that the bug-free stack shows as well, by the same sequence
};

// Fuzzes a stack as one worker of a campaign does, in a process of its own, which may die of it. With a seeded bug it
// stops at the first finding; one that the same sequence shows without the bug as well is none. `subject` is the stack;
// the cases that it leaves out mean nothing here.
Hunt hunt(const defects::TrialOptions& subject, const HuntOptions& options);

// What the suite of directed specs says of a bug.
struct BySpecs {
  std::size_t cases = 0;      // that were tried; 0: not tried
  std::size_t first = 0;      // the number of the first case that deviates; 0: none does
  std::string what;           // as Shown::what
  std::size_t rightly = 0;    // the number of the first case that names a row which this bug breaks; 0: none does
};
BySpecs try_specs(const tcp::defects::Entry& bug);

// Under which a bug is tried, by specs and by fuzzing: only what shows by a broken invariant alone is looked for inside.
defects::TrialOptions subject_of(const tcp::defects::Entry& bug);

}  // namespace conform::fuzz
