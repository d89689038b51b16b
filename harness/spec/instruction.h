// Instruction owns what the compiler makes of an expression: the code of a stack machine.
#pragma once

#include <cstdint>

namespace conform::spec {

// Comparisons of sequence numbers are modulo 2^32 (RFC 9293 3.4).
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
  JumpIfFalse, JumpIfTrue,                  // short circuit: operand is the target index; the value stays on the stack
  Pop,
  Copy,                                     // of operations only: the operand itself
};

struct Instruction {
  Op op;
  std::int64_t operand = 0;
};

}  // namespace conform::spec
