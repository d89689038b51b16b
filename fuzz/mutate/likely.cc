#include "fuzz/mutate/likely.h"

#include <algorithm>

#include "fuzz/mutate/options.h"
#include "fuzz/mutate/values.h"

namespace conform::fuzz {

using spec::PeerStep;
using wire::Flags;
using wire::State;

namespace {

constexpr Number kRcvNxt{Base::RcvNxt, 0}, kSndNxt{Base::SndNxt, 0}, kSndUna{Base::SndUna, 0};
constexpr std::uint8_t kAckFlag = Flags::kAck;

SegmentEvent plain(unsigned ctl, Number seq = kRcvNxt, Number ack = kSndNxt) {
  SegmentEvent segment;
  segment.ctl = static_cast<std::uint8_t>(ctl);
  segment.seq = seq;
  if (segment.ctl & kAckFlag) segment.ack = ack;
  return segment;
}

Event call(Verb verb, std::uint16_t length = 0) {
  CallEvent made;
  made.verb = verb;
  made.length = length;
  return call_event(made);
}

Event open(bool active, bool specified) {
  CallEvent made;
  made.verb = Verb::Open;
  made.active = active;
  made.remote_specified = specified;
  return call_event(made);
}

Event send(Random& random) {
  CallEvent made;
  made.verb = Verb::Send;
  made.length = boundary_call_length(random);
  made.push = random.percent(50);
  made.urgent = random.percent(10);
  if (random.percent(10)) made.timeout_ms = boundary_timeout(random);
  return call_event(made);
}

Event receive(Random& random) { return call(Verb::Receive, boundary_call_length(random)); }

// What the peer has of the target's: all, or nothing new.
Number acknowledged(const Guess& guess, Random& random) {
  return guess.in_flight && random.percent(40) ? kSndUna : kSndNxt;
}

Event syn(unsigned more, Random& random) {
  SegmentEvent segment = plain(Flags::kSyn | more, {Base::PeerIss, 0});
  if (random.percent(85)) segment.options = usual_syn_options(random);
  if (random.percent(5)) segment.options = broken_options(random);
  if (random.percent(10)) segment.keeps_window = false, segment.wnd = boundary_window(random);
  if (random.percent(5)) segment.data = boundary_data(random);
  return segment_event(segment);
}

Event acknowledgment(const Guess& guess, Random& random) {
  SegmentEvent segment = plain(Flags::kAck, kRcvNxt, acknowledged(guess, random));
  if (guess.shut || random.percent(20)) segment.keeps_window = false, segment.wnd = boundary_window(random);
  if (random.percent(15)) segment.ack = boundary_ack(random);
  return segment_event(segment);
}

Event text(const Guess& guess, Random& random) {
  SegmentEvent segment =
      plain(Flags::kAck | (random.percent(70) ? Flags::kPsh : 0), kRcvNxt, acknowledged(guess, random));
  segment.data = std::max<std::uint16_t>(boundary_data(random), 1);
  if (random.percent(10)) {
    segment.ctl |= Flags::kUrg;
    segment.up = boundary_urgent(segment.data, random);
  }
  if (random.percent(30)) segment.seq = boundary_seq(segment.data, random);
  return segment_event(segment);
}

// Text further right or further left: the hole is filled later, or what is there comes once more.
Event text_beside(const Guess& guess, Random& random) {
  SegmentEvent segment = plain(Flags::kAck, kRcvNxt, acknowledged(guess, random));
  segment.data = static_cast<std::uint16_t>(10 * random.between(1, 3));
  segment.seq.offset = 10 * (guess.hole ? random.between(-2, 2) : random.between(1, 3));
  if (random.percent(15)) segment.ctl |= Flags::kFin;
  return segment_event(segment);
}

Event fin(const Guess& guess, Random& random) {
  SegmentEvent segment = plain(Flags::kFin | Flags::kAck, kRcvNxt, acknowledged(guess, random));
  if (random.percent(25)) segment.data = boundary_data(random);
  if (random.percent(15)) segment.seq = boundary_seq(segment.data, random);
  return segment_event(segment);
}

Event reset(Random& random) {
  SegmentEvent segment = plain(Flags::kRst | (random.percent(40) ? kAckFlag : 0u));
  if (random.percent(60)) segment.seq = boundary_seq(0, random);
  return segment_event(segment);
}

// A segment that no one waits for, or of another incarnation of the connection.
Event stray(Random& random) {
  SegmentEvent segment = plain(boundary_flags(random), boundary_seq(0, random), boundary_ack(random));
  if (random.percent(30)) segment.data = boundary_data(random);
  return segment_event(segment);
}

Event window(const Guess& guess, Random& random) {
  SegmentEvent segment = plain(Flags::kAck, kRcvNxt, acknowledged(guess, random));
  segment.keeps_window = false;
  segment.wnd = guess.shut && random.percent(60) ? 0xffff : boundary_window(random);
  return segment_event(segment);
}

Event fate(Random& random) {
  constexpr Weighted<PeerStep::What> kWhat[] = {
      {6, PeerStep::What::Takes}, {3, PeerStep::What::Loses}, {2, PeerStep::What::TakesAgain}};
  return peer_event(pick(kWhat, random),
                    static_cast<std::uint8_t>(random.percent(70) ? 0 : random.below(kMaxWhich + 1)));
}

Event in_closed(Random& random) {
  switch (random.below(8)) {
    case 0: return stray(random);
    case 1: return random.percent(50) ? send(random) : receive(random);
    case 2: return random.percent(50) ? call(Verb::Close) : call(Verb::Status);
    case 3:
    case 4: return open(true, true);
    default: return open(false, random.percent(15));
  }
}

Event in_listen(Random& random) {
  switch (random.below(12)) {
    case 0: return stray(random);
    case 1: return send(random);
    case 2: return open(true, true);
    case 3: return random.percent(50) ? receive(random) : call(Verb::Close);
    default: return syn(0, random);
  }
}

Event in_syn_sent(Random& random) {
  switch (random.below(16)) {
    case 0: return stray(random);
    case 1: return segment_event(plain(Flags::kRst | Flags::kAck));
    case 2: return wait_event(boundary_wait(random));
    case 3: return send(random);
    case 4: return receive(random);
    case 5: return random.percent(50) ? call(Verb::Close) : call(Verb::Abort);
    case 6: return fate(random);
    case 7:
    case 8:
    case 9: return syn(0, random);
    default: return syn(kAckFlag, random);
  }
}

Event in_syn_received(const Guess& guess, Random& random) {
  switch (random.below(16)) {
    case 0: return stray(random);
    case 1: return reset(random);
    case 2: return syn(random.percent(30) ? kAckFlag : 0u, random);
    case 3: return fin(guess, random);
    case 4: return text(guess, random);
    case 5: return wait_event(boundary_wait(random));
    case 6: return random.percent(60) ? send(random) : receive(random);
    case 7: return random.percent(70) ? call(Verb::Close) : call(Verb::Abort);
    case 8:
    case 9: return fate(random);
    default: return segment_event(plain(Flags::kAck));
  }
}

// ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT.
Event in_transfer(const Guess& guess, Random& random) {
  switch (random.below(32)) {
    case 0: return stray(random);
    case 1: return reset(random);
    case 2: return syn(random.percent(50) ? kAckFlag : 0u, random);
    case 3: return call(random.percent(60) ? Verb::Status : Verb::Abort);
    case 4:
    case 5:
    case 6: return call(Verb::Close);
    case 7:
    case 8:
    case 9: return fin(guess, random);
    case 10:
    case 11: return window(guess, random);
    case 12:
    case 13:
    case 14: return wait_event(boundary_wait(random));
    case 15:
    case 16: return text_beside(guess, random);
    case 17:
    case 18: return receive(random);
    case 19:
    case 20:
    case 21: return guess.in_flight ? fate(random) : send(random);
    case 22: return fate(random);
    case 23:
    case 24:
    case 25:
    case 26: return guess.unread && random.percent(50) ? receive(random) : send(random);
    case 27:
    case 28:
    case 29: return text(guess, random);
    default: return acknowledgment(guess, random);
  }
}

// CLOSING, LAST-ACK, TIME-WAIT: what comes late, and a new connection (RFC 9293 3.10.7.4, first and fourth; MAY-2).
Event in_last_states(const Guess& guess, Random& random) {
  switch (random.below(12)) {
    case 0: return stray(random);
    case 1: return reset(random);
    case 2: {
      SegmentEvent segment = syn(0, random).segment;
      segment.seq = {Base::RcvNxt, random.percent(60) ? random.between(1, 1000) : random.between(-2, 1)};
      return segment_event(segment);
    }
    case 3: return text(guess, random);
    case 4: return random.percent(50) ? receive(random) : open(random.percent(50), true);
    case 5: return random.percent(50) ? call(Verb::Close) : call(Verb::Abort);
    case 6: return fate(random);
    case 7:
    case 8: return segment_event(plain(Flags::kFin | Flags::kAck, {Base::RcvNxt, -1}));
    case 9: return wait_event(random.percent(50) ? 240'000 : boundary_wait(random));
    default: return acknowledgment(guess, random);
  }
}

}  // namespace

Event segment_event(const SegmentEvent& segment) {
  Event event;
  event.kind = Event::Kind::Segment;
  event.segment = segment;
  return in_range(event);
}
Event call_event(const CallEvent& call) {
  Event event;
  event.kind = Event::Kind::Call;
  event.call = call;
  return in_range(event);
}
Event wait_event(std::uint32_t ms) {
  Event event;
  event.kind = Event::Kind::Wait;
  event.wait.ms = std::min(ms, kMaxWaitMs);
  return event;
}
Event peer_event(PeerStep::What what, std::uint8_t which) {
  Event event;
  event.kind = Event::Kind::Peer;
  event.peer.what = what;
  event.peer.which = which;
  return in_range(event);
}

Event likely_event(const Guess& guess, Random& random) {
  switch (guess.state) {
    case State::Closed: return in_closed(random);
    case State::Listen: return in_listen(random);
    case State::SynSent: return in_syn_sent(random);
    case State::SynReceived: return in_syn_received(guess, random);
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait: return in_transfer(guess, random);
    case State::Closing:
    case State::LastAck:
    case State::TimeWait: return in_last_states(guess, random);
  }
  return any_event(random);
}

Event any_event(Random& random) {
  switch (random.below(8)) {
    case 0: return wait_event(boundary_wait(random));
    case 1: return fate(random);
    case 2:
    case 3: {
      CallEvent made;
      made.verb = static_cast<Verb>(random.below(kVerbs));
      made.active = random.percent(50);
      made.remote_specified = random.percent(50);
      made.push = random.percent(50);
      made.urgent = random.percent(30);
      made.length = boundary_call_length(random);
      if (random.percent(20)) made.timeout_ms = boundary_timeout(random);
      return call_event(made);
    }
    default: break;
  }
  SegmentEvent segment = plain(boundary_flags(random));
  segment.data = boundary_data(random);
  segment.seq = boundary_seq(segment.data, random);
  segment.ack = boundary_ack(random);
  if (random.percent(50)) segment.keeps_window = false, segment.wnd = boundary_window(random);
  if (random.percent(20)) segment.options = well_formed_options(random);
  if (random.percent(10)) segment.options = broken_options(random);
  if (random.percent(20)) segment.up = boundary_urgent(segment.data, random);
  if (random.percent(5)) segment.reserved = static_cast<std::uint8_t>(random.below(16));
  if (random.percent(10)) segment.damage = static_cast<spec::Damage>(random.below(kDamages));
  return segment_event(segment);
}

}  // namespace conform::fuzz
