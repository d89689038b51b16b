// Throughput owns how many sequences a second go through our stack under the judge, and what of that time is whose.
#pragma once

#include <cstdint>
#include <string>

#include "fuzz/bench/measure.h"

namespace conform::fuzz {

struct Throughput {
  std::uint64_t executions = 0;      // of the fuzzing loop
  double events = 0;                 // in a sequence, on average
  double begun = 0;                  // ... of them happened: a sequence may be over before its end
  // Seconds for one sequence, on average.
  double fuzzing = 0;                // made up or mutated, taken through the stack, judged, its features kept
  double judged = 0;                 // a sample of the same, made already
  double alone = 0;                  // the same calls, packets and waits with nobody judging
};

// Each of the three loops runs for a third of `options.time`, in this process, on a stack without a bug.
Throughput measure_throughput(const HuntOptions& options);

std::string to_string(const Throughput& throughput);

}  // namespace conform::fuzz
