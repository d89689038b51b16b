// A run for the tests of the reports: one case of every verdict, every field filled in.
#pragma once

#include <string>

#include "harness/check/verdict.h"

namespace conform::report {

// A case that conforms.
CaseResult conforming_case(const std::string& section = "3.10.7.4", const std::string& row = "second/rst-exact",
                           const std::string& path = "ESTABLISHED+passive");
// One that deviates, with a finding and a trace of three entries of which two carry datagrams.
CaseResult deviating_case(const std::string& path = "ESTABLISHED+passive");
// Seven cases, one of each verdict.
RunResult sample_run();

// Control characters, quotes, markup, broken UTF-8, escape sequences of a terminal, CDATA ends.
std::string hostile_text();

}  // namespace conform::report
