// Scope owns the names that expressions may use: variables, states and definitions, these compiled and ready to be
// inlined.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "harness/spec/expression.h"
#include "harness/spec/log.h"
#include "harness/spec/names.h"
#include "harness/spec/table.h"

namespace conform::spec {

// A piece of compiled code that leaves one value on the stack.
struct Code {
  std::vector<Instruction> instructions;
  Type type = Type::Bool;
  std::size_t depth = 1;             // of the stack that it needs
  bool constant = false;             // made of literals only
  bool is_state = false;             // STATE itself
  std::optional<wire::State> state;  // the name of a state
  std::string_view source;           // as written, for messages
};

class Scope {
 public:
  struct Source {
    std::string name;
    std::string value;  // as written
  };
  struct Failure {
    std::size_t index;  // of the source
    TextError error;    // in its value
  };

  // Compiles the definitions, in whatever order they need each other. Names must be unique.
  explicit Scope(std::vector<Source> sources = {});
  static Scope of(const std::vector<Definition>& definitions);

  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  Scope(Scope&&) = default;
  Scope& operator=(Scope&&) = default;

  const std::vector<Failure>& failures() const { return failures_; }

  bool defines(std::string_view name) const { return definitions_.contains(name); }
  // The definition's code; null if it is broken, which has been reported.
  const Code* definition(std::string_view name) const;

  const Words& words() const { return words_; }  // everything that has a name

 private:
  void compile_in_order();
  void report_cycles(const std::vector<std::vector<std::size_t>>& needs, const std::vector<bool>& done);
  void compile_one(std::size_t index);

  std::vector<Source> sources_;  // the map's and the words' strings live here
  std::map<std::string_view, std::optional<Code>, std::less<>> definitions_;
  Words words_;
  std::vector<Failure> failures_;
};

}  // namespace conform::spec
