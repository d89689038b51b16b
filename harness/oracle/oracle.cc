// The oracle's frame: stimuli come in, and the set of worlds is kept.
#include "harness/oracle/oracle.h"

#include <algorithm>

namespace conform::oracle {

using spec::Event;
using spec::Var;
using wire::State;

namespace {
constexpr std::size_t kMaxWorlds = 48;
}  // namespace

Oracle::Oracle(const Program& program, const Config& config) : program_(&program), config_(config) {
  World world;
  world.values[Var::PeerIss] = config.peer_iss.raw();
  world.values[Var::DefaultMss] = config.default_mss;
  world.set_state(State::Closed);
  worlds_.push_back(world);
  last_ = world;
}

Event Oracle::event_of(Verb verb) {
  switch (verb) {
    case Verb::Open: return Event::CallOpen;
    case Verb::Send: return Event::CallSend;
    case Verb::Receive: return Event::CallReceive;
    case Verb::Close: return Event::CallClose;
    case Verb::Abort: return Event::CallAbort;
    case Verb::Status: return Event::CallStatus;
  }
  return Event::CallStatus;
}

// ---- stimuli

void Oracle::begin(Time now) {
  now_ = now;
  for (World& world : worlds_) {
    world.values[Var::Now] = to_ms(now);
    world.before = world.state;
    world.segments.clear();
    world.signals.clear();
    world.fired.clear();
    world.reply.reset();
    world.reply_row = kNoRow;
  }
  if (!config_.sees_state) guess_timeouts();
  responding_ = true;
}

// A timer whose effects cannot be seen may have run out by now, or not yet.
void Oracle::guess_timeouts() {
  const std::size_t count = worlds_.size();
  for (std::size_t i = 0; i < count; ++i) {
    for (World& world : timeouts(worlds_[i])) {
      if (!world.segments.empty()) continue;
      world.before = world.state;
      worlds_.push_back(std::move(world));
    }
  }
}

void Oracle::arrive(const wire::Segment& segment, bool valid, bool secure, Time now) {
  if (refuted()) return;
  begin(now);
  scratch_.clear();
  for (World& world : worlds_) {
    world.values[Var::SegValid] = valid;
    world.values[Var::SegSecure] = secure;
    world.load(segment);
    process(world, Event::Segment, 0, scratch_, 0);
  }
  keep(std::move(scratch_));
}

std::vector<World> Oracle::process_call(const UserCall& call) {
  std::vector<World> out;
  for (World& world : worlds_) {
    world.load(call);
    process(world, event_of(call.verb), 0, out, 0);
  }
  return out;
}

void Oracle::call(const UserCall& call, const Reply& reply, Time now) {
  if (refuted()) return;
  begin(now);
  std::vector<World> called = process_call(call);
  std::vector<World> kept;
  for (World& world : called) {
    Finding why;
    if (check_reply(world, call, reply, why)) {
      kept.push_back(std::move(world));
    } else {
      refute(world, std::move(why), 1);
    }
  }
  if (call.verb == Verb::Receive) received_ += reply.text.size();
  keep(std::move(kept));
}

// ---- the set of worlds

void Oracle::keep(std::vector<World> worlds) {
  if (worlds.empty()) {
    worlds_.clear();
    return;
  }
  std::stable_sort(worlds.begin(), worlds.end(), [](const World& a, const World& b) { return a.weight() < b.weight(); });
  if (worlds.size() > 1) {
    std::vector<World> distinct;
    for (World& world : worlds) {
      const bool known = std::ranges::any_of(distinct, [&](const World& other) { return other.same_future(world); });
      if (!known && distinct.size() < kMaxWorlds) distinct.push_back(std::move(world));
    }
    worlds = std::move(distinct);
  }
  worlds_ = std::move(worlds);
  last_ = worlds_.front();
  refutation_.reset();
}

const World& Oracle::world() const { return worlds_.empty() ? last_ : worlds_.front(); }

bool Oracle::fired(RowNumber row) const {
  return std::ranges::any_of(worlds_, [&](const World& world) {
    return std::ranges::find(world.fired, row, &Fired::row) != world.fired.end();
  });
}

void Oracle::forgive() {
  for (World& world : worlds_) world.blemishes.clear();
  if (!worlds_.empty()) last_ = worlds_.front();
}

}  // namespace conform::oracle
