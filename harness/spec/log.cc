#include "harness/spec/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace conform::spec {

namespace {
// A file may quote megabytes at us; a diagnostic is one line. Cuts between UTF-8 characters.
std::string one_line(std::string message) {
  constexpr std::size_t kLongest = 240;
  std::replace_if(
      message.begin(), message.end(), [](char c) { return c == '\n' || c == '\r' || c == '\0'; }, ' ');
  if (message.size() <= kLongest) return message;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80) --end;
  return message.substr(0, end) + "...";
}
}  // namespace

void Log::begin_file(const std::string& file) { order_.try_emplace(file, order_.size()); }

void Log::add(const Mark& mark, std::string message, std::string hint) {
  begin_file(mark.file);
  if (++count_[mark.file] > kMaxPerFile) return;
  diagnostics_.push_back({mark.file, mark.line, mark.column, one_line(std::move(message)), one_line(std::move(hint))});
}

bool Log::has_errors(const std::string& file) const { return count_.contains(file); }

Diagnostics Log::sorted() const {
  Diagnostics sorted = diagnostics_;
  std::stable_sort(sorted.begin(), sorted.end(), [this](const Diagnostic& a, const Diagnostic& b) {
    return std::tuple(order_.at(a.file), a.line, a.column) < std::tuple(order_.at(b.file), b.line, b.column);
  });
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (const auto& [file, count] : count_) {
    if (count <= kMaxPerFile) continue;
    auto last = std::find_if(sorted.rbegin(), sorted.rend(), [&name = file](const Diagnostic& d) { return d.file == name; });
    sorted.insert(last.base(), {file, 0, 0, fmt::format("{} more errors are not shown", count - kMaxPerFile), {}});
  }
  return sorted;
}

}  // namespace conform::spec
