// Hidden owns what is known of the defects that the judge cannot see: why, and what a look inside the stack says of
// them, and of others.
#pragma once

#include <span>
#include <string_view>

#include "stack/tcp/defects.h"

namespace conform::defects {

// Why a defect shows in nothing that a stack sends, signals or says of its state.
struct Hidden {
  tcp::Defect defect = tcp::Defect::None;
  std::string_view why;  // goes on after "not visible from outside, because"
};

// An entry for each defect of the catalogue that does not show outside, in its order.
std::span<const Hidden> hidden();

// A defect that breaks an invariant of the stack, and what tcp::Stack::check_invariants() then says.
struct Violation {
  tcp::Defect defect = tcp::Defect::None;
  std::string_view words;
};

// All that show by an invariant alone, and some that the judge sees as well.
std::span<const Violation> violations();

}  // namespace conform::defects
