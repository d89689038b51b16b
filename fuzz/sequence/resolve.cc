#include "fuzz/sequence/resolve.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include "harness/oracle/streams.h"

namespace conform::fuzz {

using oracle::World;
using spec::Var;
using wire::SeqNum;

namespace {

constexpr std::array kSeqBases = {Base::RcvNxt, Base::RcvEdge, Base::PeerIss, Base::RcvRead};
constexpr std::array kAckBases = {Base::SndNxt, Base::SndUna, Base::SndEdge, Base::Iss, Base::SndEnd};
// Farther than this from everything live, a number has nothing to do with it: more than any window without scaling.
constexpr std::int64_t kNear = 1 << 20;

std::int64_t distance(const Number& number) { return std::abs(static_cast<std::int64_t>(number.offset)); }

Number counted_from(Base base, SeqNum value, const World& world) { return {base, value - value_of({base, 0}, world)}; }

// The first two bases are those that the nearest is chosen from.
Number relative(SeqNum value, std::span<const Base> bases, const World& world) {
  for (Base base : bases) {
    if (const Number number = counted_from(base, value, world); number.offset == 0) return number;
  }
  const Number first = counted_from(bases[0], value, world), second = counted_from(bases[1], value, world);
  const Number nearest = distance(second) < distance(first) ? second : first;
  const Number absolute = counted_from(Base::Zero, value, world);
  return distance(nearest) > kNear && distance(absolute) <= kNear ? absolute : nearest;
}

}  // namespace

SeqNum value_of(const Number& number, const World& world) {
  const auto offset = static_cast<std::uint32_t>(number.offset);
  switch (number.base) {
    case Base::Zero: return SeqNum(offset);
    case Base::RcvNxt: return world.seq(Var::RcvNxt) + offset;
    case Base::RcvEdge: return world.seq(Var::RcvEdge) + offset;
    case Base::RcvRead: return world.seq(Var::RcvRead) + offset;
    case Base::PeerIss: return world.seq(Var::PeerIss) + offset;
    case Base::SndNxt: return world.seq(Var::SndNxt) + offset;
    case Base::SndUna: return world.seq(Var::SndUna) + offset;
    case Base::SndEnd: return world.seq(Var::SndEnd) + offset;
    case Base::SndEdge: return world.seq(Var::SndUna) + static_cast<std::uint32_t>(world[Var::SndWnd]) + offset;
    case Base::Iss: return world.seq(Var::Iss) + offset;
  }
  return SeqNum(offset);
}

wire::Segment resolve(const SegmentEvent& event, const World& world, std::uint16_t peer_window) {
  wire::Segment segment;
  segment.flags = wire::Flags{event.ctl};
  segment.seq = value_of(event.seq, world);
  if (segment.flags.ack()) segment.ack = value_of(event.ack, world);
  segment.wnd = event.keeps_window ? peer_window : event.wnd;
  segment.urgent_pointer = event.up;
  segment.reserved = event.reserved;
  segment.options.append({event.options.begin(), event.options.end()});
  segment.options.pad();
  if (event.data == 0) return segment;
  // As in oracle::resolve: a SYN that may open a connection begins a stream of its own.
  const bool opens = segment.flags.syn() &&
                     (!wire::is_synchronized(world.state) || world.state == wire::State::TimeWait) &&
                     world.state != wire::State::SynReceived;
  const SeqNum first = segment.seq + (segment.flags.syn() ? 1u : 0u);
  const std::uint32_t offset = opens ? 0 : first.raw() - (world.seq(Var::Irs) + 1).raw();
  segment.text = oracle::peer_text(offset, event.data);
  return segment;
}

SegmentEvent relative(const wire::Segment& segment, spec::Damage damage, const World& world,
                      std::optional<std::uint16_t> peer_window) {
  SegmentEvent event;
  event.ctl = segment.flags.bits;
  event.seq = relative(segment.seq, kSeqBases, world);
  if (segment.flags.ack()) event.ack = relative(segment.ack, kAckBases, world);
  event.keeps_window = peer_window == segment.wnd;
  if (!event.keeps_window) event.wnd = segment.wnd;
  event.up = segment.urgent_pointer;
  event.data = static_cast<std::uint16_t>(std::min<std::size_t>(segment.text.size(), kMaxData));
  event.reserved = segment.reserved & 0x0f;
  event.damage = damage;
  for (std::uint8_t octet : segment.options.bytes()) event.options.push_back(octet);
  return event;
}

UserCall to_call(const CallEvent& event) {
  UserCall call;
  call.verb = event.verb;
  call.active = event.active;
  call.remote_specified = event.remote_specified;
  call.length = event.length;
  call.push = event.push;
  call.urgent = event.urgent;
  call.timeout_ms = event.timeout_ms;
  return call;
}

CallEvent to_event(const UserCall& call) {
  CallEvent event;
  event.verb = call.verb;
  event.active = call.active;
  event.remote_specified = call.remote_specified;
  event.length = static_cast<std::uint16_t>(std::min<std::uint32_t>(call.length, 0xffff));
  event.push = call.push;
  event.urgent = call.urgent;
  event.timeout_ms = std::min(call.timeout_ms, kMaxTimeoutMs);
  Event whole;
  whole.kind = Event::Kind::Call;
  whole.call = event;
  return in_range(whole).call;
}

}  // namespace conform::fuzz
