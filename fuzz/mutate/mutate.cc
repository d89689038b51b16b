#include "fuzz/mutate/mutate.h"

#include "fuzz/mutate/operators.h"

namespace conform::fuzz {

namespace {

const Operator& chosen(Random& random) {
  static const int sum = [] {
    int all = 0;
    for (const Operator& one : operators()) all += one.weight;
    return all;
  }();
  int left = random.between(0, sum - 1);
  for (const Operator& one : operators()) {
    if (left < one.weight) return one;
    left -= one.weight;
  }
  return operators().front();
}

// Operators that find nothing to do make room for others. Some can always do something: insert, or, on a full sequence,
// delete.
void mutate_once(Sequence& sequence, Random& random) {
  constexpr int kTries = 100;
  for (int left = kTries; left > 0; --left) {
    if (chosen(random).apply(sequence, random)) return;
  }
}

}  // namespace

void mutate(Sequence& sequence, Random& random) {
  if (sequence.size() > kMaxEvents) sequence.resize(kMaxEvents);
  do {
    mutate_once(sequence, random);
  } while (random.percent(30));
}

}  // namespace conform::fuzz
