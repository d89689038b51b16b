// Compiler owns the grammar and the types of expressions: text to the instructions of expression.h.
#pragma once

#include <string_view>
#include <variant>

#include "harness/spec/scope.h"

namespace conform::spec {

inline constexpr std::size_t kMaxParentheses = 32;
inline constexpr std::size_t kMaxStack = 60;  // Operations have room for 64
inline constexpr std::size_t kMaxInstructions = 4096;

// Compiles one expression of any type. The code's `source` points into `text`.
std::variant<Code, TextError> compile(std::string_view text, const Scope& scope);

// What a type is called in a message: "a truth value".
std::string_view describe(Type type);

}  // namespace conform::spec
