#include "harness/oracle/rehearsal.h"

#include <algorithm>

#include "harness/oracle/streams.h"

namespace conform::oracle {

using spec::Event;
using spec::Var;
using wire::SeqNum;

namespace {
constexpr std::uint32_t kIss = 0x3fff0000;
// A target's pace: the first retransmission, the longest it waits between two, and how long before its end a silence is
// left alone, so that the last time-out is one that has backed off.
constexpr Duration kFirstInterval = std::chrono::seconds(1), kLongestInterval = std::chrono::seconds(60);

std::vector<Fired> all_fired(const std::vector<World>& worlds) {
  std::vector<Fired> rows;
  for (const World& world : worlds) {
    if (world.weight() > 0) continue;   // no conforming target goes there
    for (const Fired& fired : world.fired) {
      const bool known = std::ranges::any_of(rows, [&](const Fired& f) { return f.row == fired.row && f.state == fired.state; });
      if (!known) rows.push_back(fired);
    }
  }
  return rows;
}
}  // namespace

Rehearsal::Rehearsal(const Program& program, const Config& config, std::uint16_t window)
    : oracle_(program, config), window_(window) {}

// What the user has not read takes its place.
std::uint16_t Rehearsal::offered_window() const {
  const World& world = oracle_.world();
  const std::int64_t unread = std::max(0, world.seq(Var::RcvNxt) - world.seq(Var::RcvRead));
  return static_cast<std::uint16_t>(std::max<std::int64_t>(0, window_ - unread));
}

void Rehearsal::arrive(const wire::Segment& segment, bool valid, bool secure) {
  oracle_.arrive(segment, valid, secure, now_);
  play();
}

Reply Rehearsal::first_reply(const World& w, const UserCall& call, Answer answer) const {
  Reply reply;
  reply.answer = answer;
  if (call.verb != Verb::Receive || answer != Answer::Ok) return reply;
  const SeqNum end = w.seq(Var::RcvNxt) - (w[Var::FinReceived] ? 1u : 0u);
  const auto on_hand = static_cast<std::uint32_t>(std::max(0, end - w.seq(Var::RcvRead)));
  reply.text = peer_text(w.seq(Var::RcvRead).raw() - (w.seq(Var::Irs) + 1).raw(), std::min(on_hand, call.length));
  return reply;
}

void Rehearsal::call(const UserCall& call) {
  // The first answer that the table allows is the one that is given: try each until one world is left.
  for (Answer answer : kAllAnswers) {
    Oracle tried = oracle_;
    tried.call(call, first_reply(tried.world(), call, answer), now_);
    if (tried.refuted()) continue;
    oracle_ = tried;
    break;
  }
  play();
}

// Goes on with each world that the stimulus has led to. `usual` is the one that comes first.
void Rehearsal::branch(const Oracle& tried, const World& usual, std::vector<Rehearsal>& out) const {
  for (const World& world : tried.worlds()) {
    if (world.weight() > oracle_.world().weight()) continue;   // no conforming target goes there
    Rehearsal there = *this;
    there.oracle_ = tried;
    there.oracle_.worlds_.assign(1, world);
    const auto parting = std::ranges::mismatch(world.fired, usual.fired);
    if (parting.in1 != world.fired.end()) there.choices_.push_back(*parting.in1);
    there.play();
    if (!there.refuted()) out.push_back(std::move(there));
  }
}

std::vector<Rehearsal> Rehearsal::arrive_each(const wire::Segment& segment, bool valid, bool secure) const {
  std::vector<Rehearsal> out;
  Oracle tried = oracle_;
  tried.arrive(segment, valid, secure, now_);
  if (!tried.refuted()) branch(tried, tried.world(), out);
  return out;
}

std::vector<Rehearsal> Rehearsal::call_each(const UserCall& call) const {
  std::vector<Rehearsal> out;
  std::optional<World> usual;
  for (Answer answer : kAllAnswers) {
    Oracle tried = oracle_;
    tried.call(call, first_reply(tried.world(), call, answer), now_);
    if (tried.refuted()) continue;
    if (!usual) usual = tried.world();
    branch(tried, *usual, out);
  }
  return out;
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
    segment.wnd = offered_window();
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

// What stands at the front of the retransmission queue, as it was sent.
wire::Segment Rehearsal::front_of_queue() const {
  const World& w = oracle_.world();
  wire::Segment segment;
  segment.wnd = offered_window();
  segment.seq = w.seq(Var::SndUna);
  segment.ack = w.seq(Var::RcvNxt);
  const bool syn = w.seq(Var::SndUna) == w.seq(Var::Iss);
  if (syn) segment.flags.bits |= wire::Flags::kSyn;
  if (w.state != wire::State::SynSent) segment.flags.bits |= wire::Flags::kAck;
  if (syn) return segment;
  const std::int64_t outstanding = w.seq(Var::SndNxt) - w.seq(Var::SndUna);
  const std::int64_t text = std::min(outstanding - (w[Var::FinSent] ? 1 : 0), w[Var::SndMss]);
  segment.text = user_text(segment.seq.raw() - (w.seq(Var::Iss) + 1).raw(), static_cast<std::uint32_t>(text));
  if (text == 0) segment.flags.bits |= wire::Flags::kFin;
  return segment;
}

// Time passes while the peer is silent, and the target sends what is outstanding again and again, ever later.
void Rehearsal::retransmit_until(Time end) {
  Time at = now_;
  Duration interval = kFirstInterval;
  while (oracle_.world()[Var::SndUna] != oracle_.world()[Var::SndNxt]) {
    at += interval;
    if (at > end || (end - now_ > kLongestInterval && at > end - kLongestInterval)) break;
    now_ = at;
    oracle_.pass(at);
    if (refuted() || !send(front_of_queue())) break;
    interval = std::min(2 * interval, kLongestInterval);
  }
  now_ = end;
  oracle_.pass(end);
}

std::vector<Fired> Rehearsal::would_fire(const wire::Segment& segment, bool valid, bool secure) {
  Oracle tried = oracle_;
  tried.begin(now_);
  tried.process_segment(segment, valid, secure);
  return all_fired(tried.worlds());
}

std::vector<Fired> Rehearsal::would_fire(const UserCall& call) {
  Oracle tried = oracle_;
  tried.begin(now_);
  tried.process_call(call);
  return all_fired(tried.worlds());
}

std::vector<Fired> Rehearsal::would_fire(std::int64_t ms_later) {
  Rehearsal later = *this;
  later.retransmit_until(now_ + std::chrono::milliseconds(ms_later));
  std::vector<World> out;
  if (later.refuted()) return {};
  later.oracle_.begin(later.now_);
  later.oracle_.responding_ = false;
  for (const World& world : later.oracle_.worlds_) {
    for (World& possible : later.oracle_.timeouts(world)) out.push_back(std::move(possible));
  }
  return all_fired(out);
}

}  // namespace conform::oracle
