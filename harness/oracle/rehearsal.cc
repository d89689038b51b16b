#include "harness/oracle/rehearsal.h"

#include <algorithm>

#include "harness/oracle/streams.h"

namespace conform::oracle {

using spec::Event;
using spec::Var;
using wire::SeqNum;

namespace {
constexpr std::uint16_t kOfferedWindow = 64000;
constexpr std::uint32_t kIss = 0x3fff0000;

// The window a target with so much room offers: what the user has not read takes its place.
std::uint16_t offered_window(const World& world) {
  const std::int64_t unread = std::max(0, world.seq(Var::RcvNxt) - world.seq(Var::RcvRead));
  return static_cast<std::uint16_t>(std::max<std::int64_t>(0, kOfferedWindow - unread));
}

std::vector<Fired> all_fired(const std::vector<World>& worlds) {
  std::vector<Fired> rows;
  for (const World& world : worlds) {
    if (world.weight() > 0) continue;   // no conforming target goes there
    for (const Fired& fired : world.fired) {
      if (std::ranges::find(rows, fired) == rows.end()) rows.push_back(fired);
    }
  }
  return rows;
}
}  // namespace

Rehearsal::Rehearsal(const Program& program, const Config& config) : oracle_(program, config) {}

void Rehearsal::arrive(const wire::Segment& segment, bool valid, bool secure) {
  oracle_.arrive(segment, valid, secure, now_);
  play();
}

void Rehearsal::call(const UserCall& call) {
  // The first answer that the table allows is the one that is given: try each until one world is left.
  for (Answer answer : kAllAnswers) {
    Oracle tried = oracle_;
    Reply reply;
    reply.answer = answer;
    if (call.verb == Verb::Receive && answer == Answer::Ok) {
      const World& w = tried.world();
      const SeqNum end = w.seq(Var::RcvNxt) - (w[Var::FinReceived] ? 1u : 0u);
      const auto on_hand = static_cast<std::uint32_t>(std::max(0, end - w.seq(Var::RcvRead)));
      reply.text = peer_text(w.seq(Var::RcvRead).raw() - (w.seq(Var::Irs) + 1).raw(), std::min(on_hand, call.length));
    }
    tried.call(call, reply, now_);
    if (tried.refuted()) continue;
    oracle_ = tried;
    break;
  }
  play();
}

void Rehearsal::wait(std::int64_t ms) {
  now_ += std::chrono::milliseconds(ms);
  if (oracle_.refuted()) return;
  for (World& world : oracle_.worlds_) world.values[Var::Now] = to_ms(now_);
  const int weight = oracle_.worlds_.front().weight();
  for (const World& later : oracle_.timeouts(oracle_.worlds_.front())) {
    if (later.weight() > weight) continue;   // only a mistake lets this timer run out
    oracle_.worlds_.assign(1, later);
    break;
  }
  play();
}

// Whether the table lets the target send this now; if so it has been sent.
bool Rehearsal::send(wire::Segment segment) {
  Oracle tried = oracle_;
  tried.emitted(segment, {}, now_);
  if (tried.refuted() || tried.world().weight() > oracle_.world().weight()) return false;
  oracle_ = tried;
  return true;
}

// The lightest world goes on; what it must send, it sends, and then whatever its user's text allows.
void Rehearsal::play() {
  if (oracle_.refuted()) return;
  oracle_.worlds_.resize(1);
  for (int guard = 0; guard < 8; ++guard) {
    const World& w = oracle_.world();
    wire::Segment segment;
    segment.wnd = offered_window(w);
    const ExpectedSegment* wanted = nullptr;
    for (const ExpectedSegment& e : w.segments) {
      if (e.required && !wanted) wanted = &e;
    }
    if (wanted) {
      segment.flags = wanted->pattern->ctl.value_or(wire::Flags{});
      segment.seq = wanted->free_seq ? SeqNum(kIss) : SeqNum(static_cast<std::uint32_t>(wanted->seq));
      segment.ack = SeqNum(static_cast<std::uint32_t>(wanted->ack));
      if (!send(segment)) break;
      continue;
    }
    const SeqNum next = w.seq(Var::SndNxt);
    segment.seq = next;
    segment.ack = w.seq(Var::RcvNxt);
    segment.flags.bits = wire::Flags::kAck;
    const std::int64_t room = std::max<std::int64_t>(0, (w.seq(Var::SndUna) + static_cast<std::uint32_t>(w[Var::SndWnd])) - next);
    const auto octets = static_cast<std::uint32_t>(
        std::min({std::max<std::int64_t>(0, w.seq(Var::SndEnd) - next), room, w[Var::SndMss]}));
    segment.text = user_text(next.raw() - (w.seq(Var::Iss) + 1).raw(), octets);
    if (octets > 0 && send(segment)) continue;
    segment.text.clear();
    segment.flags.bits |= wire::Flags::kFin;
    if (send(segment)) continue;
    segment.flags.bits = wire::Flags::kAck;
    if (w[Var::RcvAcked] != w[Var::RcvNxt] && send(segment)) continue;
    break;
  }
  // What had to be signalled has been.
  for (World& world : oracle_.worlds_) world.signals.clear();
  oracle_.settle(now_);
}

std::vector<Fired> Rehearsal::would_fire(const wire::Segment& segment, bool valid, bool secure) {
  Oracle tried = oracle_;
  tried.arrive(segment, valid, secure, now_);
  return all_fired(tried.worlds());
}

std::vector<Fired> Rehearsal::would_fire(const UserCall& call) {
  Oracle tried = oracle_;
  tried.begin(now_);
  tried.process_call(call);
  return all_fired(tried.worlds());
}

std::vector<Fired> Rehearsal::would_fire(std::int64_t ms_later) {
  Oracle tried = oracle_;
  const Time later = now_ + std::chrono::milliseconds(ms_later);
  tried.begin(later);
  tried.responding_ = false;
  std::vector<World> out;
  for (const World& world : tried.worlds_) {
    for (World& possible : tried.timeouts(world)) out.push_back(std::move(possible));
  }
  return all_fired(out);
}

}  // namespace conform::oracle
