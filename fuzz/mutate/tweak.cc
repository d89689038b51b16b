#include "fuzz/mutate/tweak.h"

#include <algorithm>

#include "fuzz/mutate/options.h"
#include "fuzz/mutate/values.h"
#include "stack/wire/segment.h"

namespace conform::fuzz {

using wire::Flags;

namespace {

// One further, one back, or another end of the scale.
std::uint32_t stepped(std::uint32_t value, std::uint32_t most, Random& random) {
  const std::int64_t step = random.percent(50) ? 1 : random.percent(50) ? 10 : static_cast<std::int64_t>(value / 2) + 1;
  const std::int64_t made = static_cast<std::int64_t>(value) + (random.percent(50) ? step : -step);
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(made, 0, most));
}

std::int32_t moved(std::int32_t offset, Random& random) {
  constexpr std::uint32_t kSteps[] = {1, 1, 1, 2, 10, 536, 1460, 65'535, 0x80000000u};
  const std::uint32_t step = random.pick(kSteps);
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(offset) + (random.percent(50) ? step : 0u - step));
}

// A boundary value, the same base at another offset, or the same offset from another base.
Number changed(const Number& number, const Number& boundary, Random& random) {
  switch (random.below(6)) {
    case 0:
    case 1: return {number.base, moved(number.offset, random)};
    case 2: return {boundary.base, number.offset};
    default: return boundary;
  }
}

}  // namespace

Event tweak_seq(const Event& event, Random& random) {
  Event made = event;
  SegmentEvent& segment = made.segment;
  const std::uint32_t length =
      segment.data + (segment.ctl & Flags::kFin ? 1u : 0u) + (segment.ctl & Flags::kSyn ? 1u : 0u);
  segment.seq = changed(segment.seq, boundary_seq(length, random), random);
  return made;
}

Event tweak_ack(const Event& event, Random& random) {
  Event made = event;
  made.segment.ctl |= Flags::kAck;
  made.segment.ack = changed(made.segment.ack, boundary_ack(random), random);
  return made;
}

Event tweak_flags(const Event& event, Random& random) {
  Event made = event;
  if (random.percent(50))
    made.segment.ctl ^= static_cast<std::uint8_t>(1u << random.below(random.percent(90) ? 6 : 8));
  else
    made.segment.ctl = boundary_flags(random);
  return made;
}

Event tweak_window(const Event& event, Random& random) {
  Event made = event;
  SegmentEvent& segment = made.segment;
  if (!segment.keeps_window && random.percent(20)) {
    segment.keeps_window = true;
    return made;
  }
  const bool stepping = !segment.keeps_window && random.percent(30);
  segment.wnd = static_cast<std::uint16_t>(stepping ? stepped(segment.wnd, 0xffff, random) : boundary_window(random));
  segment.keeps_window = false;
  return made;
}

Event tweak_data(const Event& event, Random& random) {
  Event made = event;
  const bool stepping = random.percent(40);
  made.segment.data =
      static_cast<std::uint16_t>(stepping ? stepped(made.segment.data, kMaxData, random) : boundary_data(random));
  return made;
}

Event tweak_urgent(const Event& event, Random& random) {
  Event made = event;
  made.segment.up = boundary_urgent(made.segment.data, random);
  if (random.percent(85)) made.segment.ctl |= Flags::kUrg;  // without it the pointer means nothing
  return made;
}

Event tweak_options(const Event& event, Random& random) {
  Event made = event;
  OptionList& options = made.segment.options;
  if (!options.empty() && random.percent(10))
    options.clear();
  else if (random.percent(40))
    options = altered_options(options, random);
  else
    options = random.percent(60) ? well_formed_options(random) : broken_options(random);
  return made;
}

Event tweak_damage(const Event& event, Random& random) {
  Event made = event;
  const bool mends = made.segment.damage != spec::Damage::None && random.percent(60);
  made.segment.damage = mends ? spec::Damage::None : static_cast<spec::Damage>(1 + random.below(kDamages - 1));
  return made;
}

Event tweak_reserved(const Event& event, Random& random) {
  Event made = event;
  made.segment.reserved ^= static_cast<std::uint8_t>(1u << random.below(4));
  return made;
}

Event tweak_call(const Event& event, Random& random) {
  Event made = event;
  CallEvent& call = made.call;
  if (random.percent(15)) {
    call.verb = static_cast<Verb>(random.below(kVerbs));
    return made;
  }
  switch (call.verb) {
    case Verb::Open:
      if (random.percent(25))
        call.timeout_ms = call.timeout_ms == 0 ? boundary_timeout(random) : 0;
      else if (random.percent(50))
        call.active = !call.active;
      else
        call.remote_specified = !call.remote_specified;
      break;
    case Verb::Send:
      if (random.percent(10)) {
        call.timeout_ms = call.timeout_ms == 0 ? boundary_timeout(random) : 0;
        break;
      }
      if (random.percent(20)) {
        call.push = !call.push;
        break;
      }
      if (random.percent(20)) {
        call.urgent = !call.urgent;
        break;
      }
      [[fallthrough]];
    case Verb::Receive:
      call.length = static_cast<std::uint16_t>(random.percent(40) ? stepped(call.length, 0xffff, random)
                                                                  : boundary_call_length(random));
      break;
    case Verb::Close: call.verb = Verb::Abort; break;
    case Verb::Abort: call.verb = Verb::Close; break;
    case Verb::Status: call.verb = static_cast<Verb>(random.below(kVerbs)); break;
  }
  return made;
}

Event tweak_wait(const Event& event, Random& random) {
  Event made = event;
  made.wait.ms = random.percent(40) ? stepped(made.wait.ms, kMaxWaitMs, random) : boundary_wait(random);
  return made;
}

Event tweak_peer(const Event& event, Random& random) {
  Event made = event;
  if (random.percent(50))
    made.peer.what = static_cast<spec::PeerStep::What>(random.below(kPeerSteps));
  else
    made.peer.which =
        static_cast<std::uint8_t>(random.percent(50) ? made.peer.which + 1u : random.below(kMaxWhich + 1));
  return made;
}

}  // namespace conform::fuzz
