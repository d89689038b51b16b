// What the target tells its user, and the state it is in.
#include "harness/oracle/oracle.h"

#include <algorithm>

#include "harness/oracle/streams.h"

namespace conform::oracle {

using spec::Var;
using wire::SeqNum;
using wire::State;

// RECEIVE gave these octets. If it may not have, nothing changes, and `why` says it, if it is there.
bool Oracle::take_received(World& world, const Reply& reply, std::uint32_t room, Finding* why) {
  const SeqNum read = world.seq(Var::RcvRead);
  const SeqNum end = world.seq(Var::RcvNxt) - (world[Var::FinReceived] ? 1u : 0u);
  const std::int64_t on_hand = std::max(0, end - read);
  const auto got = static_cast<std::int64_t>(reply.text.size());
  const std::uint32_t offset = read.raw() - (world.seq(Var::Irs) + 1).raw();
  const auto refuse = [&](Kind kind, const std::string& how = {}) {
    if (!why) return false;
    *why = blame(world, kind, world.reply_row, std::to_string(got) + " octets delivered" + how);
    why->allowed = std::to_string(on_hand) + " octets on hand, from offset " + std::to_string(offset) + " of the peer's stream";
    return false;
  };
  if (got > on_hand) return refuse(Kind::InventedBytes);
  if (room > 0 && got > room) return refuse(Kind::InventedBytes, " into room for " + std::to_string(room));
  if (!is_peer_text(offset, reply.text)) return refuse(Kind::InventedBytes, " that are not the peer's");
  // A RECEIVE may end where urgent data ends, so that its end can be told (RFC 9293 3.8.5).
  const bool at_mark = read + static_cast<std::uint32_t>(got) == world.seq(Var::RcvUp);
  if ((got < std::min<std::int64_t>(room, on_hand) && !at_mark) || got == 0) return refuse(Kind::LostBytes);
  world.set_seq(Var::RcvRead, read + static_cast<std::uint32_t>(got));
  return true;
}

bool Oracle::check_reply(World& world, const UserCall& call, const Reply& reply, Finding* why) {
  const auto answer = static_cast<std::size_t>(reply.answer);
  if (world.reply && !world.reply->test(answer)) {
    if (why) *why = blame(world, Kind::WrongReply, world.reply_row, "reply: " + std::string(conform::to_string(reply.answer)));
    return false;
  }
  if (call.verb == Verb::Receive && reply.answer == Answer::Ok) return take_received(world, reply, call.length, why);
  if (call.verb == Verb::Status && reply.answer == Answer::Ok && reply.state && *reply.state != world.state) {
    if (why) *why = blame(world, Kind::WrongReply, world.reply_row, "reply: state = " + std::string(to_string(*reply.state)));
    return false;
  }
  return true;
}

// Changes nothing when it cannot.
bool Oracle::explain_signal(World& world, const Signal& signal) {
  const auto kind = static_cast<std::size_t>(signal.kind);
  if (signal.kind == SignalKind::ReceiveDone && signal.reply.answer == Answer::Ok) {
    if (world[Var::Receives] < 1 || !take_received(world, signal.reply, 0, nullptr)) return false;
    world.set(Var::Receives, world[Var::Receives] - 1);
    return true;
  }
  // What must be said is said first: what may be said besides may be left out.
  ExpectedSignal* expected = nullptr;
  for (ExpectedSignal& candidate : world.signals) {
    if (candidate.any_of.test(kind) && (!expected || (candidate.required && !expected->required))) expected = &candidate;
  }
  if (!expected) return false;
  world.explained_by(expected->row);
  if (signal.kind == SignalKind::ReceiveDone && world[Var::Receives] > 0) world.set(Var::Receives, world[Var::Receives] - 1);
  // Every RECEIVE that waited is completed by a signal of its own.
  if (signal.kind == SignalKind::ReceiveDone && expected->receives > 1) {
    --expected->receives;
  } else if (expected->required) {
    world.signals.erase(static_cast<std::size_t>(expected - world.signals.begin()));
  } else {
    expected->any_of.reset(kind);
  }
  return true;
}

void Oracle::signalled(const Signal& signal, Time at) {
  if (refuted() || unspecified()) return;
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    World& world = worlds_[i];
    world.values[Var::Now] = to_ms(at);
    if (explain_signal(world, signal)) {
      update_owed(world);
      continue;
    }
    const std::size_t timed_out = run_out(i, [&](World& later) { return explain_signal(later, signal); });
    if (timed_out == 0) {
      failures_.push_back({i, Kind::UnexpectedSignal, responsible(worlds_[i]), 1});
    } else {
      i += timed_out - 1;
    }
  }
  if (signal.kind == SignalKind::ReceiveDone) received_ += signal.reply.text.size();
  conclude([&](const World& world, const Failure& failure) {
    std::string what = "signal: " + std::string(conform::to_string(signal.kind));
    if (signal.kind == SignalKind::ReceiveDone) {
      what += ", " + std::string(conform::to_string(signal.reply.answer)) + ", " + std::to_string(signal.reply.text.size()) + " octets";
    }
    return blame(world, failure.kind, failure.row, std::move(what));
  });
}

void Oracle::in_state(State state, Time at) {
  if (refuted() || unspecified()) return;
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    worlds_[i].values[Var::Now] = to_ms(at);
    if (worlds_[i].state == state) continue;
    const std::size_t timed_out = run_out(i, [&](const World& later) { return later.state == state; });
    if (timed_out == 0) {
      failures_.push_back({i, Kind::WrongState, led_here(worlds_[i]), 4});
    } else {
      i += timed_out - 1;
    }
  }
  conclude([&](const World& world, const Failure& failure) {
    return blame(world, failure.kind, failure.row, "state " + std::string(to_string(state)));
  });
}

// The last row of the event that may have led to the world's state; or else the one that answers for the event.
RowNumber Oracle::led_here(const World& world) const {
  RowNumber row = responsible(world);
  for (const Fired& fired : world.fired) {
    for (const spec::Behaviour& b : program_->row(fired.row).alternatives) {
      if (b.next == world.state) row = fired.row;
    }
  }
  return row;
}

}  // namespace conform::oracle
