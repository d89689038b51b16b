#include "harness/spec/expression.h"

#include <utility>

namespace conform::spec {

Expression::Expression() : Expression({{Op::Constant, 1}}, Type::Bool, "true") {}

Expression::Expression(const std::vector<Instruction>& code, Type type, std::string text)
    : operations_(code), type_(type), text_(std::move(text)) {
  always_true_ = code.size() == 1 && code[0].op == Op::Constant && code[0].operand == 1 && type_ == Type::Bool;
}

}  // namespace conform::spec
