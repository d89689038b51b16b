// Testing owns how events are printed when a test of this layer fails.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "fuzz/sequence/notation.h"
#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

inline void PrintTo(const Event& event, std::ostream* out) { *out << to_string(event); }

inline std::string lines(const Sequence& sequence) {
  std::string text;
  for (const Event& event : sequence) text += to_string(event) + "\n";
  return text;
}

}  // namespace conform::fuzz
