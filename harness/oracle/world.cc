#include "harness/oracle/world.h"

#include <algorithm>

namespace conform::oracle {

using spec::Var;

namespace {
// The variables that live in the target's send sequence space.
constexpr Var kSendSpace[] = {Var::Iss, Var::SndUna, Var::SndNxt, Var::SndEnd, Var::SndUp, Var::SndWl2};

bool fin_lies_at(const World& world, wire::SeqNum point) {
  if (world.held.fin() == point) return true;
  if (!world[Var::SegCtlFin]) return false;
  const wire::SeqNum fin = world.seq(Var::SegSeq) + static_cast<std::uint32_t>(world[Var::SegLen] - 1);
  return fin == point;
}

// A FIN is the end of the stream: there is one, and nothing beyond it. A FIN in order by itself is beyond doubt.
bool end_contradicted(const World& world) {
  const wire::SeqNum first = world.seq(Var::SegSeq) + static_cast<std::uint32_t>(world[Var::SegCtlSyn]);
  const wire::SeqNum end = first + static_cast<std::uint32_t>(world[Var::SegText]);
  const bool text = world[Var::SegText] > 0, fin = world[Var::SegCtlFin] != 0;
  const auto held = world.held.fin();
  const wire::SeqNum urgent = world.seq(Var::SegSeq) + static_cast<std::uint32_t>(world[Var::SegUp]);
  if (held && world[Var::SegCtlUrg] && wire::after(urgent, *held)) return true;
  if (fin && !text && end == world.seq(Var::RcvNxt)) return false;
  return (held && text && wire::after(end, *held)) || (fin && ((held && *held != end) || world.held.reaches_beyond(end)));
}
}  // namespace

void World::set(Var var, std::int64_t value) {
  if (spec::info(var).type == spec::Type::Seq) value &= 0xffffffff;
  values[var] = value;
  switch (var) {
    case Var::RcvWnd:
      values[Var::RcvEdge] = (seq(Var::RcvNxt) + static_cast<std::uint32_t>(value)).raw();
      break;
    case Var::RcvNxt:
    case Var::RcvEdge: {
      const auto window = seq(Var::RcvEdge) - seq(Var::RcvNxt);
      values[Var::RcvWnd] = window > 0 ? window : 0;
      break;
    }
    default: break;
  }
  // RFC 9293 3.10.7.4 trims what lies outside the window, a FIN included (ambiguity A24).
  values[Var::FinReached] = fin_lies_at(*this, seq(Var::RcvNxt)) && values[Var::RcvWnd] > 0;
}

void World::set_state(wire::State next) {
  // A RECEIVE that waits in SYN-RECEIVED waits in LISTEN as well: of a reset there the user "need not be informed" (RFC
  // 9293 3.10.7.4, second). What was to be sent goes with the retransmission queue.
  const bool still_waits = state == wire::State::SynReceived && next == wire::State::Listen;
  state = next;
  values[Var::StateNow] = static_cast<std::int64_t>(next);
  if (next != wire::State::Closed && next != wire::State::Listen) return;
  // The TCB is deleted, or nothing but the OPEN's parameters is left in it.
  held.clear();
  for (Var var : {Var::SndWnd, Var::MaxSndWnd, Var::FinQueued, Var::FinSent, Var::FinReceived, Var::Probed, Var::RcvAdv, Var::DupAcks,
                  Var::RtxInterval, Var::RtxLongest, Var::RttLongest, Var::RtxCount}) {
    values[var] = 0;
  }
  for (Var var : {Var::RcvNxt, Var::RcvEdge, Var::RcvAcked, Var::RcvRead, Var::RcvUp, Var::Irs}) {
    values[var] = values[Var::PeerIss];
  }
  set(Var::RcvNxt, values[Var::PeerIss]);
  if (!still_waits) values[Var::Receives] = 0;
  for (Var var : {Var::SndNxt, Var::SndEnd, Var::SndUna}) values[var] = (seq(Var::Iss) + 1).raw();
}

void World::bind_iss(wire::SeqNum iss) {
  const std::uint32_t distance = iss.raw() - seq(Var::Iss).raw();
  for (Var var : kSendSpace) values[var] = (seq(var) + distance).raw();
  iss_unbound = false;
}

int World::weight() const {
  int sum = 0;
  for (const Blemish& blemish : blemishes) {
    switch (blemish.level) {
      case spec::Level::May: sum += 1; break;
      case spec::Level::Should: sum += 10; break;
      case spec::Level::Must: sum += 100; break;
    }
  }
  return sum;
}

void World::explained_by(RowNumber row) {
  const auto before_it = std::ranges::find(fired, row, &Fired::row);
  fired.push_back(before_it == fired.end() ? Fired{row, before} : Fired(*before_it));
}

bool World::same_future(const World& other) const {
  return state == other.state && iss_unbound == other.iss_unbound && values == other.values && held == other.held &&
         segments == other.segments && signals == other.signals && reply == other.reply &&
         owed_since == other.owed_since;
}

void World::load(const wire::Segment& segment) {
  spec::Values& v = values;
  v[Var::SegSeq] = segment.seq.raw();
  v[Var::SegAck] = segment.flags.ack() ? segment.ack.raw() : 0;
  v[Var::SegLen] = segment.length();
  v[Var::SegText] = static_cast<std::int64_t>(segment.text.size());
  v[Var::SegWnd] = segment.wnd;
  v[Var::SegUp] = segment.urgent_pointer;
  v[Var::SegMss] = segment.options.mss().value_or(0);
  v[Var::SegCtlSyn] = segment.flags.syn();
  v[Var::SegCtlFin] = segment.flags.fin();
  v[Var::SegCtlRst] = segment.flags.rst();
  v[Var::SegCtlPsh] = segment.flags.psh();
  v[Var::SegCtlUrg] = segment.flags.urg();
  v[Var::SegCtlAck] = segment.flags.ack();
  v[Var::HeldAny] = !held.empty();
  v[Var::EndContradicted] = !held.empty() && end_contradicted(*this);
  set_seq(Var::RcvNxt, seq(Var::RcvNxt));  // FIN.REACHED follows the segment
}

void World::load(const UserCall& call) {
  spec::Values& v = values;
  v[Var::CallLen] = call.length;
  v[Var::CallActive] = call.active;
  v[Var::CallRemote] = call.remote_specified;
  v[Var::CallUrgent] = call.urgent;
  v[Var::CallPush] = call.push;
  v[Var::CallTimeout] = call.timeout_ms;
}

}  // namespace conform::oracle
