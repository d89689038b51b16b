#include "harness/oracle/resolve.h"

#include <algorithm>

#include "harness/oracle/streams.h"

namespace conform::oracle {

using spec::Var;
using wire::SeqNum;

wire::Segment resolve(const spec::SegmentTemplate& pattern, const World& world, std::uint16_t peer_window) {
  const auto value = [&](const std::optional<spec::Expression>& e, std::int64_t usual) {
    return e ? e->evaluate(world.values) : usual;
  };
  wire::Segment segment;
  segment.flags = pattern.ctl.value_or(wire::Flags{});
  segment.seq = SeqNum(static_cast<std::uint32_t>(value(pattern.seq, world[Var::RcvNxt])));
  if (segment.flags.ack()) segment.ack = SeqNum(static_cast<std::uint32_t>(value(pattern.ack, world[Var::SndNxt])));
  segment.wnd = static_cast<std::uint16_t>(value(pattern.wnd, peer_window));
  segment.urgent_pointer = static_cast<std::uint16_t>(value(pattern.up, 0));
  segment.reserved = pattern.reserved;
  if (pattern.mss) segment.options.append_mss(static_cast<std::uint16_t>(value(pattern.mss, 0)));
  segment.options.append(pattern.options);
  segment.options.pad();
  const auto octets = static_cast<std::uint32_t>(std::clamp<std::int64_t>(value(pattern.data, 0), 0, 65000));
  // A SYN that may open a connection begins a stream of its own; anything else lies in the stream there is.
  const bool opens = segment.flags.syn() && (!wire::is_synchronized(world.state) || world.state == wire::State::TimeWait);
  const SeqNum first = segment.seq + (segment.flags.syn() ? 1u : 0u);
  const std::uint32_t offset = opens && world.state != wire::State::SynReceived ? 0 : first.raw() - (world.seq(Var::Irs) + 1).raw();
  if (octets > 0) segment.text = peer_text(offset, octets);
  return segment;
}

bool matches(const spec::SegmentTemplate& p, const wire::Segment& segment, const World& world) {
  constexpr std::uint8_t kCompared =
      wire::Flags::kSyn | wire::Flags::kFin | wire::Flags::kRst | wire::Flags::kAck | wire::Flags::kUrg;
  const auto differs = [&](const std::optional<spec::Expression>& e, std::int64_t actual) {
    return e && e->evaluate(world.values) != actual;
  };
  if (p.ctl && (p.ctl->bits & kCompared) != (segment.flags.bits & kCompared)) return false;
  if (p.ack && !segment.flags.ack()) return false;
  if (differs(p.seq, segment.seq.raw()) || differs(p.ack, segment.ack.raw()) || differs(p.wnd, segment.wnd)) return false;
  if (differs(p.up, segment.urgent_pointer) || differs(p.mss, segment.options.mss().value_or(0))) return false;
  if (p.any_data) return true;
  return p.data ? !differs(p.data, static_cast<std::int64_t>(segment.text.size())) : segment.text.empty();
}

}  // namespace conform::oracle
