// Expression owns a compiled guard or value: the RFC's comparisons and sums over variables and definitions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/spec/variables.h"

namespace conform::spec {

// One instruction of a stack machine. Comparisons of sequence numbers are modulo 2^32 (RFC 9293 3.4).
enum class Op : std::uint8_t {
  Constant,     // push operand
  Variable,     // push values[operand]
  Add, Subtract, Multiply, Divide,          // plain integers; x / 0 is 0
  SeqAdd, SeqSubtract,                      // Seq +- Num, wrapped into 0 .. 2^32-1
  SeqDistance,                              // Seq - Seq: a signed 32-bit distance
  Min, Max, SeqMin, SeqMax,
  Equal, NotEqual, Less, LessEqual,         // plain
  SeqLess, SeqLessEqual,                    // modulo 2^32
  Not,
  And, Or,                                  // both sides have been evaluated
  JumpIfFalse, JumpIfTrue,                  // short circuit: operand is the target index; the value stays on the stack
  Pop,
};

struct Instruction {
  Op op;
  std::int64_t operand = 0;
};

class Expression {
 public:
  // The expression `true`.
  Expression();
  Expression(std::vector<Instruction> code, Type type, std::string text);

  // The value over these variables: Bool as 0 or 1, Seq in 0 .. 2^32-1. Never fails.
  std::int64_t evaluate(const Values& values) const;
  bool holds(const Values& values) const { return evaluate(values) != 0; }

  Type type() const { return type_; }
  const std::string& text() const { return text_; }   // as written
  bool is_true() const { return always_true_; }       // the constant `true`: no guard at all

 private:
  std::vector<Instruction> code_;
  Type type_ = Type::Bool;
  std::string text_;
  bool always_true_ = false;
};

}  // namespace conform::spec
