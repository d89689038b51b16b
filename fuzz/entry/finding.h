// Finding owns how a fuzzer says that something is wrong: one readable line, then the abort that libFuzzer records.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

namespace conform::fuzz {

// Prints "finding: ..." to stderr and aborts.
[[noreturn]] inline void finding(const std::string& line) {
  std::fprintf(stderr, "finding: %s\n", line.c_str());
  std::abort();
}

// Goes on if `holds`; else a finding, in fmt's notation. The line is made only when it is needed.
template <typename... Values>
void require(bool holds, fmt::format_string<Values...> line, Values&&... values) {
  if (!holds) finding(fmt::format(line, std::forward<Values>(values)...));
}

}  // namespace conform::fuzz
