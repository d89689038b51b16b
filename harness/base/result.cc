#include "harness/base/result.h"

#include <fmt/format.h>

namespace conform {

std::string Diagnostic::to_string() const {
  std::string text;
  if (!file.empty()) text = line > 0 ? fmt::format("{}:{}:{}: ", file, line, column) : fmt::format("{}: ", file);
  text += "error: " + message;
  if (!hint.empty()) text += "; " + hint;
  return text;
}

std::string to_string(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += diagnostic.to_string() + "\n";
  return text;
}

}  // namespace conform
