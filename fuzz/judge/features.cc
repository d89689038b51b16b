#include "fuzz/judge/features.h"

namespace conform::fuzz {

using spec::Var;
using wire::SeqNum;

namespace {

// A finalizer of 32 bits (Murmur3's): neighbours end far apart.
constexpr std::uint32_t scattered(std::uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}

Feature feature(std::uint32_t kind, std::uint32_t a, std::uint32_t b) {
  return static_cast<Feature>(scattered(scattered(a + kind * 0x9e3779b9u) ^ b) % kFeatures);
}

// Where `value` lies beside `first` and `last`: before, at, between, at the end, after.
std::uint32_t place(SeqNum value, SeqNum first, SeqNum last) {
  if (wire::before(value, first)) return 0;
  if (value == first) return 1;
  if (wire::before(value, last)) return 2;
  return value == last ? 3 : 4;
}

// Octaves of a length: 0, 1, 2-3, 4-7, ...
std::uint32_t octave(std::uint32_t length) {
  std::uint32_t octave = 0;
  for (; length != 0; length >>= 1) ++octave;
  return octave;
}

}  // namespace

std::uint32_t event_class(const wire::Segment& segment, const oracle::World& world) {
  const SeqNum rcv_nxt = world.seq(Var::RcvNxt), edge = world.seq(Var::RcvEdge);
  const std::uint32_t begins = place(segment.seq, rcv_nxt, edge);
  const std::uint32_t ends = segment.length() == 0 ? 5 : place(segment.seq + segment.length(), rcv_nxt, edge);
  const std::uint32_t acks = segment.flags.ack() ? place(segment.ack, world.seq(Var::SndUna), world.seq(Var::SndNxt)) : 5;
  const std::uint32_t shut = segment.wnd == 0;
  const std::uint32_t ctl = segment.flags.bits & 0x3f;
  return ctl | begins << 6 | ends << 9 | acks << 12 | shut << 15;
}

std::uint32_t event_class(const Event& event, const oracle::World& world) {
  constexpr std::uint32_t kKind = 1u << 20;
  switch (event.kind) {
    case Event::Kind::Segment: return kKind;  // a segment's own class is finer
    case Event::Kind::Call: {
      const std::uint32_t kind = event.call.active | event.call.push << 1 | event.call.urgent << 2;
      return 2 * kKind | static_cast<std::uint32_t>(event.call.verb) << 8 | kind << 5 | octave(event.call.length);
    }
    case Event::Kind::Wait: return 3 * kKind | octave(event.wait.ms);
    case Event::Kind::Peer:
      return 4 * kKind | static_cast<std::uint32_t>(event.peer.what) << 4 |
             (world.seq(Var::SndUna) == world.seq(Var::SndNxt));
  }
  return 0;
}

void add_features(Features& features, const Outcome& outcome, std::span<const oracle::Fired> fired) {
  const auto before = static_cast<std::uint32_t>(outcome.before), after = static_cast<std::uint32_t>(outcome.after);
  const std::uint32_t from_to = before << 4 | after;
  features.push_back(feature(1, outcome.event_class, from_to));
  const std::uint32_t what = outcome.sent | (outcome.sent_text ? 0x100u : 0u);
  for (const oracle::Fired& row : fired) {
    const std::uint32_t where = static_cast<std::uint32_t>(row.row) << 4 | static_cast<std::uint32_t>(row.state);
    features.push_back(feature(2, where, from_to << 9 | what));
  }
}

}  // namespace conform::fuzz
