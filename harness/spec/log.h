// Log owns the diagnostics of one reading: collected in any order, given back in the order of files and lines.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/spec/table.h"

namespace conform::spec {

// What is wrong inside one string, at an offset in octets from its beginning. Without a message: something that has
// been reported elsewhere (a broken definition), so that one mistake is told once.
struct TextError {
  std::size_t offset = 0;
  std::string message;
  std::string hint;
};

class Log {
 public:
  static constexpr std::size_t kMaxPerFile = 200;

  // Files come out in the order in which they were first named here, or in add().
  void begin_file(const std::string& file);
  // Beyond kMaxPerFile the rest of a file's diagnostics is counted, not kept.
  void add(const Mark& mark, std::string message, std::string hint = {});

  bool empty() const { return diagnostics_.empty(); }
  bool has_errors(const std::string& file) const;
  // Every diagnostic, once, by file, line and column.
  Diagnostics sorted() const;

 private:
  std::map<std::string, std::size_t> order_;
  std::map<std::string, std::size_t> count_;
  Diagnostics diagnostics_;
};

}  // namespace conform::spec
