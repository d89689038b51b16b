// Lexer owns how an expression falls into tokens: numbers with their units, names with their hyphens, operators.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/spec/log.h"
#include "harness/spec/names.h"

namespace conform::spec {

struct Token {
  enum class Kind : std::uint8_t {
    End,
    Number,   // `number`: in ms if it has a unit
    Name,     // something known, or one of the words of the language: or, and, not, true, false, max, min
    Unknown,  // looks like a name, but nothing is called that
    Sign,     // an operator, a parenthesis or a comma
  };
  Kind kind = Kind::End;
  std::size_t offset = 0;
  std::string_view text;  // as written
  std::int64_t number = 0;
  bool has_unit = false;
};

inline constexpr std::size_t kMaxExpressionLength = 4096;
inline constexpr std::int64_t kMaxNumber = 0xffffffff;  // of octets, of sequence numbers, and of milliseconds

// Words that no definition may take for its name.
bool is_reserved(std::string_view word);

// Cuts an expression into tokens; an End token is the last. `known` is every name that may stand in it: variables,
// states, definitions. A hyphen belongs to a name where one of them has it there, else it is a minus. The tokens point
// into `text`.
std::variant<std::vector<Token>, TextError> tokenize(std::string_view text, const Words& known);

}  // namespace conform::spec
