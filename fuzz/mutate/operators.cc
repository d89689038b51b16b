#include "fuzz/mutate/operators.h"

#include <algorithm>

#include "fuzz/mutate/likely.h"
#include "fuzz/mutate/model.h"
#include "fuzz/mutate/tweak.h"
#include "fuzz/mutate/values.h"

namespace conform::fuzz {

namespace {

using Place = Sequence::difference_type;

bool full(const Sequence& sequence) { return sequence.size() >= kMaxEvents; }

std::size_t any_index(const Sequence& sequence, Random& random) { return random.below(sequence.size()); }

void insert_at(Sequence& sequence, std::size_t at, const Event& event) {
  sequence.insert(sequence.begin() + static_cast<Place>(at), event);
}

// Most events are put where the conversation has got to: what comes before the last few has been tried.
std::size_t insertion_point(const Sequence& sequence, Random& random) {
  if (random.percent(35)) return sequence.size();
  return random.below(sequence.size() + 1);
}

bool insert_likely(Sequence& sequence, Random& random) {
  if (full(sequence)) return false;
  const std::size_t at = insertion_point(sequence, random);
  insert_at(sequence, at, likely_event(guess_at(sequence, at), random));
  return true;
}

bool insert_any(Sequence& sequence, Random& random) {
  if (full(sequence)) return false;
  insert_at(sequence, insertion_point(sequence, random), any_event(random));
  return true;
}

bool insert_wait(Sequence& sequence, Random& random) {
  if (full(sequence)) return false;
  insert_at(sequence, insertion_point(sequence, random), wait_event(boundary_wait(random)));
  return true;
}

bool replace(Sequence& sequence, Random& random) {
  if (sequence.empty()) return false;
  const std::size_t at = any_index(sequence, random);
  const Event event = likely_event(guess_at(sequence, at), random);
  if (event == sequence[at]) return false;
  sequence[at] = event;
  return true;
}

bool remove(Sequence& sequence, Random& random) {
  if (sequence.size() < 2) return false;
  sequence.erase(sequence.begin() + static_cast<Place>(any_index(sequence, random)));
  return true;
}

bool remove_run(Sequence& sequence, Random& random) {
  if (sequence.size() < 4) return false;
  const std::size_t length = 2 + random.below(sequence.size() / 2 - 1);
  const auto first = sequence.begin() + static_cast<Place>(random.below(sequence.size() - length + 1));
  sequence.erase(first, first + static_cast<Place>(length));
  return true;
}

bool swap_neighbours(Sequence& sequence, Random& random) {
  if (sequence.size() < 2) return false;
  const std::size_t at = random.below(sequence.size() - 1);
  if (sequence[at] == sequence[at + 1]) return false;
  std::swap(sequence[at], sequence[at + 1]);
  return true;
}

bool repeat(Sequence& sequence, Random& random) {
  if (sequence.empty() || full(sequence)) return false;
  const std::size_t at = any_index(sequence, random);
  const std::size_t most = std::min<std::size_t>(kMaxEvents - sequence.size(), 4);
  const std::size_t times = random.percent(70) ? 1 : 1 + random.below(most);
  const Event event = sequence[at];
  sequence.insert(sequence.begin() + static_cast<Place>(at), times, event);
  return true;
}

// The event comes again later, as a duplicate does that was long on its way.
bool repeat_later(Sequence& sequence, Random& random) {
  if (sequence.empty() || full(sequence)) return false;
  const std::size_t at = any_index(sequence, random);
  const Event event = sequence[at];
  insert_at(sequence, at + 1 + random.below(sequence.size() - at), event);
  return true;
}

bool move(Sequence& sequence, Random& random) {
  if (sequence.size() < 3) return false;
  const std::size_t from = any_index(sequence, random), to = any_index(sequence, random);
  const auto begin = sequence.begin();
  const std::size_t low = std::min(from, to), high = std::max(from, to);
  const bool alike = std::all_of(begin + static_cast<Place>(low), begin + static_cast<Place>(high) + 1,
                                 [&](const Event& event) { return event == sequence[low]; });
  if (alike) return false;
  if (from < to)
    std::rotate(begin + static_cast<Place>(from), begin + static_cast<Place>(from) + 1,
                begin + static_cast<Place>(to) + 1);
  else
    std::rotate(begin + static_cast<Place>(to), begin + static_cast<Place>(from), begin + static_cast<Place>(from) + 1);
  return true;
}

// Changes one event of a kind, chosen at random. False if there is none, or if chance left it as it was.
template <Event::Kind kind, Event (*change)(const Event&, Random&)>
bool tweak(Sequence& sequence, Random& random) {
  const auto is_kind = [](const Event& event) { return event.kind == kind; };
  const auto count = static_cast<std::size_t>(std::count_if(sequence.begin(), sequence.end(), is_kind));
  if (count == 0) return false;
  std::size_t left = random.below(count);
  for (Event& event : sequence) {
    if (!is_kind(event) || left-- > 0) continue;
    const Event changed = in_range(change(event, random));
    if (changed == event) return false;
    event = changed;
    return true;
  }
  return false;
}

constexpr auto kSegment = Event::Kind::Segment;
constexpr Operator kOperators[] = {
    {"insert likely", 14, insert_likely},
    {"insert any", 4, insert_any},
    {"insert wait", 3, insert_wait},
    {"replace", 4, replace},
    {"delete", 7, remove},
    {"delete run", 2, remove_run},
    {"swap neighbours", 4, swap_neighbours},
    {"repeat", 4, repeat},
    {"repeat later", 3, repeat_later},
    {"move", 3, move},
    {"SEQ", 8, tweak<kSegment, tweak_seq>},
    {"ACK", 7, tweak<kSegment, tweak_ack>},
    {"CTL", 6, tweak<kSegment, tweak_flags>},
    {"WND", 5, tweak<kSegment, tweak_window>},
    {"DATA", 6, tweak<kSegment, tweak_data>},
    {"UP", 2, tweak<kSegment, tweak_urgent>},
    {"options", 4, tweak<kSegment, tweak_options>},
    {"damage", 2, tweak<kSegment, tweak_damage>},
    {"reserved bits", 1, tweak<kSegment, tweak_reserved>},
    {"call", 6, tweak<Event::Kind::Call, tweak_call>},
    {"wait", 4, tweak<Event::Kind::Wait, tweak_wait>},
    {"peer", 2, tweak<Event::Kind::Peer, tweak_peer>},
};

}  // namespace

std::span<const Operator> operators() { return kOperators; }

}  // namespace conform::fuzz
