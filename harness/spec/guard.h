// Guard owns what is refused of a file before yaml-cpp sees it, so that no input can exhaust the parser.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/spec/log.h"

namespace conform::spec {

inline constexpr std::size_t kMaxFileSize = 4u << 20;
inline constexpr std::size_t kMaxNesting = 64;

// Stands for a comma inside <...> within [...] or {...}, where YAML would end the text. It cannot be in any file,
// since control characters are refused.
inline constexpr char kProtectedComma = '\x01';

// The text as yaml-cpp may have it: UTF-8 without byte order mark, tabs and control characters, not nested too deep,
// with the commas of segments in flow collections protected; of the same length, so that places stay what they were.
// Nothing, and diagnostics in `log`, when it must not be parsed at all.
std::optional<std::string> guarded(std::string_view text, const std::string& file, Log& log);

}  // namespace conform::spec
