// Controls owns the choices that the RFC leaves to a stack: with each of them our stack must conform as it does with
// the usual ones. A judge that complains of one takes a habit for a rule.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "stack/tcp/config.h"

namespace conform::defects {

struct Control {
  std::string_view name;   // a word
  std::string_view gloss;  // the choice, and where the RFC leaves it open
  tcp::Config config;
  // Globs of the cases that are not for such a stack: they want what it has no room for, or are about this very choice.
  std::vector<std::string_view> without;
  std::uint64_t seed = 1;
};

std::vector<Control> controls();

}  // namespace conform::defects
