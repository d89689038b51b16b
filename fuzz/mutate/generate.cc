#include <algorithm>
#include <array>

#include "fuzz/mutate/likely.h"
#include "fuzz/mutate/model.h"
#include "fuzz/mutate/mutate.h"
#include "fuzz/mutate/options.h"
#include "fuzz/mutate/tweak.h"
#include "stack/wire/segment.h"

namespace conform::fuzz {

namespace {

using wire::Flags;

Event open_call(bool active, bool specified) {
  CallEvent call;
  call.verb = Verb::Open;
  call.active = active;
  call.remote_specified = specified;
  return call_event(call);
}

Event syn(std::uint8_t ctl, Random& random) {
  SegmentEvent segment;
  segment.ctl = ctl;
  segment.seq = {Base::PeerIss, 0};
  segment.options = usual_syn_options(random);
  return segment_event(segment);
}

Event ack() {
  SegmentEvent segment;
  segment.ctl = Flags::kAck;
  return segment_event(segment);
}

// RFC 9293 3.5, figures 6 to 8: the ways to open a connection.
void open(Sequence& sequence, Random& random) {
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2: sequence = {open_call(false, random.percent(20)), syn(Flags::kSyn, random), ack()}; break;
    case 3:
    case 4:
    case 5: sequence = {open_call(true, true), syn(Flags::kSyn | Flags::kAck, random)}; break;
    case 6: sequence = {open_call(true, true), syn(Flags::kSyn, random), ack()}; break;
    default: sequence = {open_call(false, true), open_call(true, true), syn(Flags::kSyn | Flags::kAck, random)};
  }
}

// Something likely with one field beside it.
Event beside(const Event& event, Random& random) {
  if (event.kind != Event::Kind::Segment) return event;
  constexpr Event (*kTweaks[])(const Event&, Random&) = {tweak_seq,  tweak_ack,    tweak_flags,   tweak_window,
                                                         tweak_data, tweak_urgent, tweak_options, tweak_damage};
  return in_range(random.pick(kTweaks)(event, random));
}

}  // namespace

Sequence generate(Random& random, std::size_t events) {
  events = std::min(events, kMaxEvents);
  Sequence sequence;
  sequence.reserve(std::max<std::size_t>(events, 3));
  // A few begin without a connection at all.
  if (random.percent(90)) open(sequence, random);
  if (sequence.size() > events) sequence.resize(events);
  Guess guess = guess_at(sequence, sequence.size());
  while (sequence.size() < events) {
    const std::uint32_t dose = random.below(100);
    Event event = dose < 5 ? any_event(random) : likely_event(guess, random);
    if (dose >= 5 && dose < 15) event = beside(event, random);
    guess = after(guess, event);
    sequence.push_back(event);
  }
  return sequence;
}

}  // namespace conform::fuzz
