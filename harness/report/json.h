// Json owns the JSON form of a run's results: complete, stable, and read back into what it was made of.
// The fields are described in harness/report/README.md.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/check/verdict.h"

namespace conform::report {

// The number in the field `format`. It changes when a reader of an older file would misunderstand a newer one; fields
// that are merely new do not change it.
inline constexpr int kJsonFormat = 1;

// The whole run as JSON, UTF-8, one field a line, ending with a line feed. Octets that are not UTF-8 become U+FFFD.
std::string to_json(const RunResult& run);

// The run that was written like that. Unknown fields are skipped. Diagnostics point to the line and column of what is
// not JSON, or name the field ("cases[3].verdict") that is missing or has the wrong type or an unknown word. `file` is
// the name that they carry.
Result<RunResult> from_json(std::string_view text, const std::string& file = {});

}  // namespace conform::report
