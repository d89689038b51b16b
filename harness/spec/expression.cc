#include "harness/spec/expression.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace conform::spec {

namespace {
constexpr std::size_t kMaxDepth = 64;

constexpr std::int64_t wrap(std::int64_t value) { return value & 0xffffffff; }
constexpr std::int64_t distance(std::int64_t a, std::int64_t b) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b));
}

// Two's-complement arithmetic that cannot overflow: a spec's numbers may be absurd, the harness must not be.
constexpr std::int64_t plain(Op op, std::int64_t a, std::int64_t b) {
  const auto x = static_cast<std::uint64_t>(a), y = static_cast<std::uint64_t>(b);
  switch (op) {
    case Op::Add: return static_cast<std::int64_t>(x + y);
    case Op::Subtract: return static_cast<std::int64_t>(x - y);
    case Op::Multiply: return static_cast<std::int64_t>(x * y);
    default: return b == 0 || b == -1 ? static_cast<std::int64_t>(b == 0 ? 0 : 0 - x) : a / b;
  }
}

std::int64_t binary(Op op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide: return plain(op, a, b);
    case Op::SeqAdd: return wrap(plain(Op::Add, a, b));
    case Op::SeqSubtract: return wrap(plain(Op::Subtract, a, b));
    case Op::SeqDistance: return distance(a, b);
    case Op::Min: return std::min(a, b);
    case Op::Max: return std::max(a, b);
    case Op::SeqMin: return distance(a, b) <= 0 ? a : b;
    case Op::SeqMax: return distance(a, b) >= 0 ? a : b;
    case Op::Equal: return a == b;
    case Op::NotEqual: return a != b;
    case Op::Less: return a < b;
    case Op::LessEqual: return a <= b;
    case Op::SeqLess: return distance(a, b) < 0;
    case Op::SeqLessEqual: return distance(a, b) <= 0;
    case Op::And: return a != 0 && b != 0;
    case Op::Or: return a != 0 || b != 0;
    case Op::Constant:
    case Op::Variable:
    case Op::Not:
    case Op::JumpIfFalse:
    case Op::JumpIfTrue:
    case Op::Pop: break;
  }
  assert(false && "not a binary operation");
  return 0;
}
}  // namespace

Expression::Expression() : Expression({{Op::Constant, 1}}, Type::Bool, "true") {}

Expression::Expression(std::vector<Instruction> code, Type type, std::string text)
    : code_(std::move(code)), type_(type), text_(std::move(text)) {
  always_true_ = code_.size() == 1 && code_[0].op == Op::Constant && code_[0].operand == 1 && type_ == Type::Bool;
}

std::int64_t Expression::evaluate(const Values& values) const {
  std::array<std::int64_t, kMaxDepth> stack;
  std::size_t depth = 0;
  const std::size_t size = code_.size();
  for (std::size_t at = 0; at < size; ++at) {
    const Instruction& instruction = code_[at];
    switch (instruction.op) {
      case Op::Constant: stack[depth++] = instruction.operand; break;
      case Op::Variable: stack[depth++] = values[static_cast<Var>(instruction.operand)]; break;
      case Op::Not: stack[depth - 1] = stack[depth - 1] == 0; break;
      case Op::Pop: --depth; break;
      case Op::JumpIfFalse:
        if (stack[depth - 1] == 0) at = static_cast<std::size_t>(instruction.operand) - 1;
        break;
      case Op::JumpIfTrue:
        if (stack[depth - 1] != 0) at = static_cast<std::size_t>(instruction.operand) - 1;
        break;
      default:
        --depth;
        stack[depth - 1] = binary(instruction.op, stack[depth - 1], stack[depth]);
    }
    assert(depth <= kMaxDepth);
  }
  return stack[0];
}

}  // namespace conform::spec
