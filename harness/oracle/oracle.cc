// The oracle's frame: stimuli come in, and the set of worlds is kept.
#include "harness/oracle/oracle.h"

#include <algorithm>
#include <span>

namespace conform::oracle {

using spec::Event;
using spec::has;
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

// Every world that the segment may lead to, also those that nothing tells from one another.
void Oracle::process_segment(const wire::Segment& segment, bool valid, bool secure) {
  scratch_.clear();
  for (World& world : worlds_) {
    world.values[Var::SegValid] = valid;
    world.values[Var::SegSecure] = secure;
    world.load(segment);
    scratch_.push_back(world);
    process(scratch_, Event::Segment, 0, 0);
  }
  worlds_.swap(scratch_);
}

void Oracle::arrive(const wire::Segment& segment, bool valid, bool secure, Time now) {
  if (refuted()) return;
  begin(now);
  process_segment(segment, valid, secure);
  tidy();
}

void Oracle::process_call(const UserCall& call) {
  scratch_.clear();
  for (World& world : worlds_) {
    world.load(call);
    scratch_.push_back(world);
    process(scratch_, event_of(call.verb), 0, 0);
  }
  worlds_.swap(scratch_);
}

void Oracle::call(const UserCall& call, const Reply& reply, Time now) {
  if (refuted()) return;
  begin(now);
  process_call(call);
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    if (!check_reply(worlds_[i], call, reply, nullptr)) failures_.push_back({i, Kind::WrongReply, kNoRow, 1});
  }
  if (call.verb == Verb::Receive) received_ += reply.text.size();
  conclude([&](World world, const Failure&) {
    Finding why;
    check_reply(world, call, reply, &why);
    return why;
  });
}

// ---- the set of worlds

void Oracle::drop_failed() {
  if (failures_.empty()) return;
  auto failure = failures_.begin();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    if (failure != failures_.end() && failure->world == i) {
      ++failure;
    } else {
      if (kept != i) worlds_[kept] = worlds_[i];
      ++kept;
    }
  }
  worlds_.resize(kept);
  failures_.clear();
}

// The lightest world first, of those with the same future only one, and not too many.
void Oracle::tidy() {
  if (worlds_.size() < 2) return;
  if (!std::ranges::is_sorted(worlds_, {}, &World::weight)) std::ranges::stable_sort(worlds_, {}, &World::weight);
  std::size_t kept = 0;
  for (const World& world : worlds_) {
    const auto before = std::span(worlds_).first(kept);
    const auto same = std::ranges::find_if(before, [&](const World& other) { return other.same_future(world); });
    if (same != before.end()) {
      same->watched |= world.watched;
      continue;
    }
    if (&worlds_[kept] != &world) worlds_[kept] = world;
    if (++kept == kMaxWorlds) break;
  }
  worlds_.resize(kept);
}

const World& Oracle::world() const { return worlds_.empty() ? last_ : worlds_.front(); }

bool Oracle::watched_fired() const { return std::ranges::any_of(worlds_, &World::watched); }

bool Oracle::due(RowNumber number, Time later) const {
  if (number == kNoRow || program_->event_of(number) != Event::Timeout) return false;
  const spec::Row& row = program_->row(number);
  return std::ranges::any_of(worlds_, [&](World world) {
    world.values[Var::Now] = to_ms(later);
    return has(row.states, world.state) && program_->guard(number).holds(world.values, control_bits(world.values));
  });
}

bool Oracle::unspecified() const { return std::ranges::any_of(worlds_, &World::unspecified); }

void Oracle::forgive() {
  for (World& world : worlds_) world.blemishes.clear();
}

}  // namespace conform::oracle
