// Throughput owns how many sequences a second go through our stack under the judge, and what of that time is whose.
#pragma once

#include <cstdint>
#include <string>

#include "fuzz/bench/measure.h"

namespace conform::fuzz {

// One sequence of a sample, on average.
struct Costs {
  double events = 0;   // in it
  double begun = 0;    // ... of them, until it was over
  double judged = 0;   // seconds, made already: taken through the stack and judged
  double alone = 0;    // seconds: the same calls, packets and waits with nobody judging
};

struct Throughput {
  std::uint64_t executions = 0;   // of the fuzzing loop
  double fuzzing = 0;             // seconds for one: made up or mutated, taken through the stack, judged, its features kept
  Costs all;                      // of what the loop has tried
  Costs usual;                    // of those alone that have as many events as those that are made up: about 12
};

// The fuzzing loop and each of the four others run for a fifth of `options.time`, in this process, on a stack without a
// bug.
Throughput measure_throughput(const HuntOptions& options);

std::string to_string(const Throughput& throughput);

}  // namespace conform::fuzz
