#include <algorithm>

#include "fuzz/mutate/model.h"
#include "fuzz/mutate/mutate.h"

namespace conform::fuzz {

namespace {

using Events = std::span<const Event>;

// A place in the sequence at which it has probably come to this state; any place if there is none, and now and then.
std::size_t meeting_point(Events sequence, wire::State state, Random& random) {
  std::size_t chosen = random.below(sequence.size() + 1);
  if (random.percent(10)) return chosen;
  std::uint32_t seen = 0;
  Guess guess;
  for (std::size_t at = 0; at <= sequence.size(); ++at) {
    // Each place that fits has the same chance to be the last one kept.
    if (guess.state == state && random.below(++seen) == 0) chosen = at;
    if (at < sequence.size()) guess = after(guess, sequence[at]);
  }
  return chosen;
}

void append(Sequence& to, Events events) {
  const std::size_t count = std::min(events.size(), kMaxEvents - std::min(to.size(), kMaxEvents));
  to.insert(to.end(), events.begin(), events.begin() + static_cast<std::ptrdiff_t>(count));
}

// Both orders are kept; one event after the other comes from either.
void append_interleaved(Sequence& to, Events first, Events second, Random& random) {
  while (to.size() < kMaxEvents && (!first.empty() || !second.empty())) {
    const std::size_t left = first.size() + second.size();
    Events& from = random.below(left) < first.size() ? first : second;
    to.push_back(from.front());
    from = from.subspan(1);
  }
}

}  // namespace

Sequence cross_over(const Sequence& first, const Sequence& second, Random& random) {
  const Events a = first, b = second;
  const std::size_t cut = random.below(a.size() + 1);
  const std::size_t meets = meeting_point(b, guess_at(a, cut).state, random);
  Sequence made;
  made.reserve(std::min(a.size() + b.size(), kMaxEvents));
  append(made, a.first(cut));
  switch (random.below(4)) {
    case 0: append_interleaved(made, a.subspan(cut), b.subspan(meets), random); break;
    case 1:
      append(made, b.subspan(meets, random.below(b.size() - meets + 1)));
      append(made, a.subspan(cut));
      break;
    default: append(made, b.subspan(meets));
  }
  return made;
}

}  // namespace conform::fuzz
