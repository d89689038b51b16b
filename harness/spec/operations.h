// Operations own the form in which an expression is executed: the instructions of the stack machine with their operands
// named, so that few are left and the first that settles a guard ends it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/spec/instruction.h"
#include "harness/spec/variables.h"

namespace conform::spec {

// Where an operand is found. A slot is a place of the stack machine's stack, which is known before anything is executed.
struct Place {
  enum class Space : std::uint8_t { Variable, Slot, Literal };
  Space space = Space::Literal;
  std::uint16_t index = 0;
};

// slots[slot] <- left op right; then on with `target` if the result is what the jump asks for, else with the next one.
struct Operation {
  enum class Jump : std::uint8_t { Never, IfFalse, IfTrue };
  Op op = Op::Copy;
  Jump jump = Jump::Never;
  std::uint8_t slot = 0;
  std::uint16_t target = 0;
  Place left, right;
};

inline constexpr std::size_t kMaxSlots = 64;

class Operations {
 public:
  // The code leaves one value on the stack, and never has more than kMaxSlots there.
  explicit Operations(const std::vector<Instruction>& code);

  std::int64_t evaluate(const Values& values) const;

  // What this truth must be for the whole to be true, if it is one of the conditions that stand before any `or`.
  std::optional<bool> demanded(Var truth) const;

 private:
  std::vector<Operation> operations_;
  std::vector<std::int64_t> literals_;
};

}  // namespace conform::spec
