// Testing owns what the tests of findings share: the suite, and our stack under its judge, sound or told to deviate.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "fuzz/judge/sequence_run.h"
#include "fuzz/sequence/notation.h"
#include "fuzz/sequence/yaml.h"
#include "harness/oracle/program.h"
#include "harness/spec/reader.h"
#include "harness/target/stack/stack_target.h"

namespace conform::fuzz {

inline const spec::Suite& suite() {
  static const spec::Suite read = [] {
    auto result = spec::read_suite(TCPCONFORM_SOURCE_DIR "/specs");
    if (!result.ok()) ADD_FAILURE() << to_string(result.diagnostics());
    return result.ok() ? std::move(*result) : spec::Suite{};
  }();
  return read;
}

inline const oracle::Program& program() {
  static const oracle::Program made(suite().table);
  return made;
}

inline JudgeContext judge_context() {
  JudgeContext context;
  context.program = &program();
  return context;
}

inline std::string lines(const Sequence& sequence) {
  std::string text;
  for (const Event& event : sequence) text += to_string(event) + "\n";
  return text;
}

// The sequence of a scenario of these steps.
inline Sequence sequence_of(const std::string& steps) {
  auto read = from_yaml("scenario: sequence\nstart: CLOSED+fresh\nsteps:\n" + steps, "test.yaml", suite());
  if (!read.ok()) ADD_FAILURE() << to_string(read.diagnostics());
  return read.ok() ? std::move(*read) : Sequence{};
}

}  // namespace conform::fuzz
