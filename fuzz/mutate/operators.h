// Operators own the ways in which one mutation changes a sequence.
#pragma once

#include <span>
#include <string_view>

#include "fuzz/mutate/random.h"
#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

struct Operator {
  std::string_view name;  // "swap neighbours"
  int weight;             // how often it is chosen, against the others
  // Changes the sequence, which stays in range. False, and nothing is changed, where there is nothing to do it to.
  bool (*apply)(Sequence& sequence, Random& random);
};

std::span<const Operator> operators();

}  // namespace conform::fuzz
