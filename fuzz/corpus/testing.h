// Testing owns the suite that the tests of this layer speak of.
#pragma once

#include <gtest/gtest.h>

#include "harness/spec/reader.h"

namespace conform::fuzz {

inline const spec::Suite& suite() {
  static const spec::Suite read = [] {
    auto result = spec::read_suite(TCPCONFORM_SOURCE_DIR "/specs");
    if (!result.ok()) ADD_FAILURE() << to_string(result.diagnostics());
    return result.ok() ? std::move(*result) : spec::Suite{};
  }();
  return read;
}

}  // namespace conform::fuzz
