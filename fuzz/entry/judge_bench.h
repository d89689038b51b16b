// JudgeBench owns what every input of a fuzzer of sequences is judged with: the table. And how the coverage of the model
// is fed back to libFuzzer.
#pragma once

#include <utility>

#include "fuzz/entry/finding.h"
#include "fuzz/entry/specs_folder.h"
#include "fuzz/judge/sequence_run.h"
#include "harness/spec/reader.h"

namespace conform::fuzz {

struct JudgeBench {
  spec::Suite suite;
  oracle::Program program;
  JudgeContext context;

  JudgeBench() : suite(read()), program(suite.table) {
    context.program = &program;
    context.conversation.keep_trace = false;
  }
  JudgeBench(const JudgeBench&) = delete;

  static constexpr std::uint16_t kPeerPort = 20000;

 private:
  static spec::Suite read() {
    auto suite = spec::read_suite(specs_folder());
    if (!suite) finding("the specs cannot be read", conform::to_string(suite.diagnostics()));
    return std::move(*suite);
  }
};

// Counts each feature in what libFuzzer reads as counters.
inline void count(const Features& features, std::uint8_t (&counters)[kFeatures]) {
  for (const Feature feature : features) {
    if (counters[feature] != 255) ++counters[feature];
  }
}

}  // namespace conform::fuzz
