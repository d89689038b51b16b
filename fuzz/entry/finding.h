// Finding owns how a fuzzer says that something is wrong: its name, what was seen, then the abort that libFuzzer records.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace conform::fuzz {

// Prints and aborts. Every finding aborts at this one place, by which nobody could tell two apart: ClusterFuzz takes
// what stands in an assertion of glibc's form for the place instead, so `name` stands there and is the same whenever
// the same thing is wrong.
[[noreturn]] inline void finding(std::string_view name, const std::string& details) {
  std::fprintf(stderr, "finding: Assertion `%.*s' failed.\n%s\n", static_cast<int>(name.size()), name.data(),
               details.c_str());
  std::abort();
}

// Goes on if `holds`; else a finding, in fmt's notation: its name is the line as it stands in the source. The line is made
// only when it is needed.
template <typename... Values>
void require(bool holds, fmt::format_string<Values...> line, Values&&... values) {
  if (holds) return;
  const fmt::string_view name = line;
  finding({name.data(), name.size()}, fmt::format(line, std::forward<Values>(values)...));
}

}  // namespace conform::fuzz
