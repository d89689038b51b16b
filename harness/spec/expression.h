// Expression owns a compiled guard or value: the RFC's comparisons and sums over variables and definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/instruction.h"
#include "harness/spec/operations.h"
#include "harness/spec/variables.h"

namespace conform::spec {

class Expression {
 public:
  // The expression `true`.
  Expression();
  Expression(const std::vector<Instruction>& code, Type type, std::string text);

  // The value over these variables: Bool as 0 or 1, Seq in 0 .. 2^32-1. Never fails.
  std::int64_t evaluate(const Values& values) const { return operations_.evaluate(values); }
  bool holds(const Values& values) const { return evaluate(values) != 0; }

  // What this truth must be for the expression to hold, as far as a glance tells.
  std::optional<bool> demanded(Var truth) const { return operations_.demanded(truth); }

  Type type() const { return type_; }
  const std::string& text() const { return text_; }   // as written
  bool is_true() const { return always_true_; }       // the constant `true`: no guard at all

 private:
  Operations operations_;
  Type type_ = Type::Bool;
  std::string text_;
  bool always_true_ = false;
};

}  // namespace conform::spec
