// Result owns the outcome of what can fail by input: a value, or the diagnostics that say why there is none.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace conform {

// One thing that is wrong with an input, and where. Lines and columns count from 1; 0 means "unknown".
struct Diagnostic {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;  // without "error:", without a full stop
  std::string hint;     // "did you mean 'SYN-SENT'?"; may be empty

  // "specs/x.yaml:12:7: error: unknown state 'SYN_SENT'; did you mean 'SYN-SENT'?"
  std::string to_string() const;
  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

// An error that has no place in a file.
inline Diagnostics error(std::string message, std::string hint = {}) {
  return {Diagnostic{{}, 0, 0, std::move(message), std::move(hint)}};
}

// Every diagnostic on a line of its own.
std::string to_string(const Diagnostics& diagnostics);

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Diagnostics why) : content_(std::move(why)) {}

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }
  T& value() { assert(ok()); return std::get<T>(content_); }
  const T& value() const { assert(ok()); return std::get<T>(content_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Diagnostics& diagnostics() const { assert(!ok()); return std::get<Diagnostics>(content_); }

 private:
  std::variant<T, Diagnostics> content_;
};

// For what gives nothing back but can fail.
struct Done {};
using Status = Result<Done>;

}  // namespace conform
