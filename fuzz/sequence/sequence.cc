#include "fuzz/sequence/sequence.h"

#include <algorithm>

namespace conform::fuzz {

namespace {

Number in_range(Number number) {
  return {static_cast<Base>(static_cast<std::size_t>(number.base) % kBases), number.offset};
}

SegmentEvent in_range(const SegmentEvent& segment) {
  const SegmentEvent usual;
  SegmentEvent made = segment;
  made.seq = in_range(segment.seq);
  made.ack = wire::Flags{segment.ctl}.ack() ? in_range(segment.ack) : usual.ack;
  if (segment.keeps_window) made.wnd = 0;
  made.data = static_cast<std::uint16_t>(segment.data % (kMaxData + 1));
  made.reserved = segment.reserved & 0x0f;
  made.damage = static_cast<spec::Damage>(static_cast<std::size_t>(segment.damage) % kDamages);
  return made;
}

CallEvent in_range(const CallEvent& call) {
  CallEvent made;
  made.verb = static_cast<Verb>(static_cast<std::size_t>(call.verb) % kVerbs);
  if (made.verb == Verb::Open) {
    made.active = call.active;
    made.remote_specified = call.remote_specified;
  }
  if (made.verb == Verb::Send) {
    made.push = call.push;
    made.urgent = call.urgent;
  }
  if (made.verb == Verb::Send || made.verb == Verb::Receive) made.length = call.length;
  // A SEND of nothing and a RECEIVE with room for nothing ask for nothing.
  if ((made.verb == Verb::Send || made.verb == Verb::Receive) && made.length == 0) made.length = 1;
  if (made.verb == Verb::Open || made.verb == Verb::Send) made.timeout_ms = call.timeout_ms % (kMaxTimeoutMs + 1);
  return made;
}

spec::PeerStep in_range(const spec::PeerStep& peer) {
  return {static_cast<spec::PeerStep::What>(static_cast<std::size_t>(peer.what) % kPeerSteps),
          static_cast<std::uint8_t>(peer.which % (kMaxWhich + 1))};
}

}  // namespace

bool operator==(const Event& a, const Event& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Event::Kind::Segment: return a.segment == b.segment;
    case Event::Kind::Call: return a.call == b.call;
    case Event::Kind::Wait: return a.wait == b.wait;
    case Event::Kind::Peer: return a.peer == b.peer;
  }
  return false;
}

Event in_range(const Event& event) {
  Event made;
  made.kind = static_cast<Event::Kind>(static_cast<std::size_t>(event.kind) % 4);
  switch (made.kind) {
    case Event::Kind::Segment: made.segment = in_range(event.segment); break;
    case Event::Kind::Call: made.call = in_range(event.call); break;
    case Event::Kind::Wait: made.wait.ms = event.wait.ms % (kMaxWaitMs + 1); break;
    case Event::Kind::Peer: made.peer = in_range(event.peer); break;
  }
  return made;
}

bool is_in_range(const std::vector<Event>& events) {
  return events.size() <= kMaxEvents &&
         std::all_of(events.begin(), events.end(), [](const Event& event) { return event == in_range(event); });
}

}  // namespace conform::fuzz
