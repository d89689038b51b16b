// What the target tells its user, and the state it is in.
#include "harness/oracle/oracle.h"

#include <algorithm>

#include "harness/oracle/streams.h"

namespace conform::oracle {

using spec::Var;
using wire::SeqNum;
using wire::State;

bool Oracle::take_received(World& world, const Reply& reply, std::uint32_t room, Finding& why) {
  const SeqNum read = world.seq(Var::RcvRead);
  const SeqNum end = world.seq(Var::RcvNxt) - (world[Var::FinReceived] ? 1u : 0u);
  const std::int64_t on_hand = std::max(0, end - read);
  const auto got = static_cast<std::int64_t>(reply.text.size());
  const std::uint32_t offset = read.raw() - (world.seq(Var::Irs) + 1).raw();
  const auto say = [&](Kind kind, const std::string& what) {
    why = blame(world, kind, world.reply_row, what);
    why.allowed = std::to_string(on_hand) + " octets on hand, from offset " + std::to_string(offset) + " of the peer's stream";
  };
  if (got > on_hand) {
    say(Kind::InventedBytes, std::to_string(got) + " octets delivered");
    return false;
  }
  if (room > 0 && got > room) {
    say(Kind::InventedBytes, std::to_string(got) + " octets delivered into room for " + std::to_string(room));
    return false;
  }
  if (!is_peer_text(offset, reply.text)) {
    say(Kind::InventedBytes, std::to_string(got) + " octets delivered that are not the peer's");
    return false;
  }
  // A RECEIVE may end where urgent data ends, so that its end can be told (RFC 9293 3.8.5).
  const bool at_mark = read + static_cast<std::uint32_t>(got) == world.seq(Var::RcvUp);
  if ((got < std::min<std::int64_t>(room, on_hand) && !at_mark) || got == 0) {
    say(Kind::LostBytes, std::to_string(got) + " octets delivered");
    return false;
  }
  world.set_seq(Var::RcvRead, read + static_cast<std::uint32_t>(got));
  return true;
}

bool Oracle::check_reply(World& world, const UserCall& call, const Reply& reply, Finding& why) {
  const auto answer = static_cast<std::size_t>(reply.answer);
  if (world.reply && !world.reply->test(answer)) {
    why = blame(world, Kind::WrongReply, world.reply_row, "reply: " + std::string(conform::to_string(reply.answer)));
    return false;
  }
  if (call.verb == Verb::Receive && reply.answer == Answer::Ok) return take_received(world, reply, call.length, why);
  if (call.verb == Verb::Status && reply.answer == Answer::Ok && reply.state && *reply.state != world.state) {
    why = blame(world, Kind::WrongReply, world.reply_row, "reply: state = " + std::string(to_string(*reply.state)));
    return false;
  }
  return true;
}

bool Oracle::explain_signal(World& world, const Signal& signal) {
  const auto kind = static_cast<std::size_t>(signal.kind);
  if (signal.kind == SignalKind::ReceiveDone && signal.reply.answer == Answer::Ok) {
    Finding ignored;
    if (world[Var::Receives] < 1 || !take_received(world, signal.reply, 0, ignored)) return false;
    world.set(Var::Receives, world[Var::Receives] - 1);
    return true;
  }
  for (std::size_t i = 0; i < world.signals.size(); ++i) {
    if (!world.signals[i].any_of.test(kind)) continue;
    world.fired.push_back({world.signals[i].row, world.before});
    if (world.signals[i].required) {
      world.signals.erase(i);
    } else {
      world.signals[i].any_of.reset(kind);
    }
    if (signal.kind == SignalKind::ReceiveDone && world[Var::Receives] > 0) world.set(Var::Receives, world[Var::Receives] - 1);
    return true;
  }
  return false;
}

void Oracle::signalled(const Signal& signal, Time at) {
  if (refuted()) return;
  std::vector<World> kept;
  for (World& world : worlds_) {
    world.values[Var::Now] = to_ms(at);
    World tried = world;
    if (explain_signal(tried, signal)) {
      update_owed(tried);
      kept.push_back(std::move(tried));
      continue;
    }
    bool explained = false;
    for (World& later : timeouts(world)) {
      if (!explain_signal(later, signal)) continue;
      update_owed(later);
      kept.push_back(std::move(later));
      explained = true;
    }
    if (explained) continue;
    std::string what = "signal: " + std::string(conform::to_string(signal.kind));
    if (signal.kind == SignalKind::ReceiveDone) {
      what += ", " + std::string(conform::to_string(signal.reply.answer)) + ", " + std::to_string(signal.reply.text.size()) + " octets";
    }
    refute(world, blame(world, Kind::UnexpectedSignal, responsible(world), what), 1);
  }
  if (signal.kind == SignalKind::ReceiveDone) received_ += signal.reply.text.size();
  keep(std::move(kept));
}

void Oracle::in_state(State state, Time at) {
  if (refuted()) return;
  std::vector<World> kept;
  for (World& world : worlds_) {
    world.values[Var::Now] = to_ms(at);
    if (world.state == state) {
      kept.push_back(std::move(world));
      continue;
    }
    bool explained = false;
    for (World& later : timeouts(world)) {
      if (later.state != state) continue;
      update_owed(later);
      kept.push_back(std::move(later));
      explained = true;
    }
    if (explained) continue;
    RowNumber row = responsible(world);
    for (const Fired& fired : world.fired) {
      for (const spec::Behaviour& b : program_->row(fired.row).alternatives) {
        if (b.next == world.state) row = fired.row;
      }
    }
    refute(world, blame(world, Kind::WrongState, row, "state " + std::string(to_string(state))), 4);
  }
  keep(std::move(kept));
}

}  // namespace conform::oracle
