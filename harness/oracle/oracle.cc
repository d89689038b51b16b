#include "harness/oracle/oracle.h"

#include <algorithm>
#include <cassert>

#include "harness/oracle/streams.h"

namespace conform::oracle {

using spec::Event;
using spec::has;
using spec::Var;
using wire::SeqNum;
using wire::State;

namespace {
constexpr std::size_t kMaxWorlds = 48;
// Choices in a row within one event; the table has fewer.
constexpr int kMaxDepth = 24;

void load_segment(World& world, const wire::Segment& segment) {
  spec::Values& v = world.values;
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
  world.set_seq(Var::RcvNxt, world.seq(Var::RcvNxt));  // FIN.REACHED follows the segment
}
void load_call(World& world, const UserCall& call) {
  spec::Values& v = world.values;
  v[Var::CallLen] = call.length;
  v[Var::CallActive] = call.active;
  v[Var::CallRemote] = call.remote_specified;
  v[Var::CallUrgent] = call.urgent;
  v[Var::CallPush] = call.push;
  v[Var::CallTimeout] = call.timeout_ms;
}
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
      if (world.segments.empty()) worlds_.push_back(std::move(world));
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
    load_segment(world, segment);
    process(world, Event::Segment, 0, scratch_, 0);
  }
  keep(std::move(scratch_));
}

std::vector<World> Oracle::process_call(const UserCall& call) {
  std::vector<World> out;
  for (World& world : worlds_) {
    load_call(world, call);
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

// ---- executing rows

bool Oracle::enabled(const World& world, const spec::Row& row) const {
  return row.when.is_true() || row.when.holds(world.values);
}

void Oracle::process(World world, Event event, std::size_t step, std::vector<World>& out, int depth,
                     const spec::Section* section) {
  const std::vector<Program::Step>& steps = program_->steps(event);
  for (; step < steps.size(); ++step) {
    // A section is entered in the states it speaks of, or because a row said to go there.
    if (event == Event::Segment && steps[step].section != section && !has(steps[step].section->states, world.before)) continue;
    struct Choice { RowNumber row; std::uint8_t alternative; };
    InlineVector<Choice, 16> choices;
    for (RowNumber number : steps[step].rows[static_cast<std::size_t>(world.state)]) {
      const spec::Row& row = program_->row(number);
      if (!enabled(world, row)) continue;
      const std::size_t alternatives = std::max<std::size_t>(row.alternatives.size(), 1);
      for (std::size_t i = 0; i < alternatives; ++i) choices.push_back({number, static_cast<std::uint8_t>(i)});
    }
    if (choices.empty()) continue;
    // The row that the profile in force wants, should another be followed.
    RowNumber displaced = kNoRow;
    for (const Choice& choice : choices) {
      if (displaced == kNoRow && has(program_->row(choice.row).profiles, config_.profile)) displaced = choice.row;
    }
    // Several possibilities: each goes its own way, the first one first.
    if (choices.size() > 1 && depth < kMaxDepth) {
      for (const Choice& choice : choices) {
        World branch = world;
        act(branch, choice.row, choice.alternative, displaced);
        const spec::Row& row = program_->row(choice.row);
        if (row.alternatives.empty() || row.alternatives[choice.alternative].then == spec::Then::Return) {
          out.push_back(std::move(branch));
          continue;
        }
        const spec::Behaviour& behaviour = row.alternatives[choice.alternative];
        const bool gone = behaviour.then == spec::Then::GoTo;
        const std::size_t next = gone ? program_->find_step(event, behaviour.go_to) : step + 1;
        process(std::move(branch), event, next, out, depth + 1, gone && next < steps.size() ? steps[next].section : section);
      }
      return;
    }
    act(world, choices[0].row, choices[0].alternative, displaced);
    const spec::Row& row = program_->row(choices[0].row);
    if (row.alternatives.empty()) break;
    const spec::Behaviour& behaviour = row.alternatives[choices[0].alternative];
    if (behaviour.then == spec::Then::Return) break;
    if (behaviour.then != spec::Then::GoTo) continue;
    step = program_->find_step(event, behaviour.go_to);
    section = step < steps.size() ? steps[step].section : nullptr;
    --step;
  }
  out.push_back(std::move(world));
}

// One behaviour of one row happens to a world: do, emit, signal, next.
void Oracle::act(World& world, RowNumber number, std::size_t alternative, RowNumber displaced) {
  const spec::Row& row = program_->row(number);
  world.fired.push_back({number, world.state});
  if (row.alternatives.empty()) return;  // cannot happen: the table's own tests see to it
  const spec::Behaviour& behaviour = row.alternatives[alternative];

  const spec::ProfileSet profiles = behaviour.profiles.value_or(row.profiles);
  if (!has(profiles, config_.profile)) {
    const RowNumber wanted = displaced == kNoRow ? number : displaced;
    world.blemishes.push_back({Blemish::What::OtherProfile, program_->row(wanted).level, number, wanted,
                               static_cast<std::uint8_t>(alternative)});
  }
  if (behaviour.misses) {
    world.blemishes.push_back({Blemish::What::Misses, *behaviour.misses, number, number,
                               static_cast<std::uint8_t>(alternative)});
  }
  for (const spec::Effect& effect : behaviour.effects) {
    if (const auto* assignment = std::get_if<spec::Assignment>(&effect)) {
      world.set(assignment->target, assignment->value.evaluate(world.values));
    } else {
      perform(world, std::get<spec::Action>(effect));
    }
  }
  expect(world, number, behaviour);
  if (behaviour.next) world.set_state(*behaviour.next);
}

void Oracle::perform(World& world, spec::Action action) {
  switch (action) {
    case spec::Action::SelectIss:
      world.iss_unbound = true;
      for (Var var : {Var::SndUna, Var::SndUp, Var::SndWl2}) world.values[var] = world[Var::Iss];
      for (Var var : {Var::SndNxt, Var::SndEnd}) world.values[var] = (world.seq(Var::Iss) + 1).raw();
      return;
    case spec::Action::TakeText: {
      const SeqNum next = world.seq(Var::RcvNxt), edge = world.seq(Var::RcvEdge);
      const SeqNum first = world.seq(Var::SegSeq) + (world[Var::SegCtlSyn] ? 1u : 0u);
      SeqNum last = first + static_cast<std::uint32_t>(world[Var::SegText]);
      if (wire::after(last, edge)) last = edge;
      SeqNum reached = next;
      if (wire::at_or_before(first, next) && wire::before(next, last)) reached = last;
      world.set_seq(Var::RcvNxt, world.held.join(reached));
      return;
    }
    case spec::Action::HoldText: {
      const SeqNum edge = world.seq(Var::RcvEdge);
      const SeqNum first = world.seq(Var::SegSeq) + (world[Var::SegCtlSyn] ? 1u : 0u);
      const SeqNum end = first + static_cast<std::uint32_t>(world[Var::SegText]);
      world.held.add(first, wire::after(end, edge) ? edge : end);
      if (world[Var::SegCtlFin] && wire::before(end, edge)) world.held.add_fin(end);
      world.set_seq(Var::RcvNxt, world.seq(Var::RcvNxt));
      return;
    }
  }
}

void Oracle::expect(World& world, RowNumber number, const spec::Behaviour& behaviour) {
  const auto value = [&](const std::optional<spec::Expression>& e) { return e ? e->evaluate(world.values) : 0; };
  const auto add = [&](const spec::SegmentTemplate& pattern, bool required) {
    ExpectedSegment expected{&pattern,           value(pattern.seq), value(pattern.ack), value(pattern.wnd),
                             value(pattern.up),  value(pattern.mss), value(pattern.data), number, required,
                             world.iss_unbound && pattern.ctl && pattern.ctl->syn()};
    world.segments.push_back(expected);
  };
  for (const spec::SegmentTemplate& pattern : behaviour.emit) add(pattern, true);
  for (const spec::SegmentTemplate& pattern : behaviour.may_emit) add(pattern, false);
  for (const spec::SignalSet& any_of : behaviour.signals) world.signals.push_back({any_of, number, true});
  if (behaviour.may_signal.any()) world.signals.push_back({behaviour.may_signal, number, false});
  if (behaviour.reply) {
    world.reply = behaviour.reply;
    world.reply_row = number;
  }
}

// ---- what the target did

// The row that answers for what did not fit: the last that fired of those about the event itself.
RowNumber Oracle::responsible(const World& world) const {
  for (std::size_t i = world.fired.size(); i > 0; --i) {
    const RowNumber row = world.fired[i - 1].row;
    switch (program_->event_of(row)) {
      case Event::EmissionForm:
      case Event::Emission:
      case Event::EmissionAccount: break;
      case Event::CallOpen:
      case Event::CallSend:
      case Event::CallReceive:
      case Event::CallClose:
      case Event::CallAbort:
      case Event::CallStatus:
      case Event::Segment:
      case Event::Timeout: return row;
    }
  }
  return kNoRow;
}

// The place of the first expectation that the segment meets; their number if none.
std::size_t Oracle::find_expected(const World& world, const wire::Segment& segment) const {
  constexpr std::uint8_t kCompared =
      wire::Flags::kSyn | wire::Flags::kFin | wire::Flags::kRst | wire::Flags::kAck | wire::Flags::kUrg;
  for (std::size_t i = 0; i < world.segments.size(); ++i) {
    const ExpectedSegment& e = world.segments[i];
    const spec::SegmentTemplate& p = *e.pattern;
    if (p.ctl && (p.ctl->bits & kCompared) != (segment.flags.bits & kCompared)) continue;
    if (p.seq && !e.free_seq && e.seq != segment.seq.raw()) continue;
    if (p.ack && (!segment.flags.ack() || e.ack != segment.ack.raw())) continue;
    if (p.wnd && e.wnd != segment.wnd) continue;
    if (p.up && e.up != segment.urgent_pointer) continue;
    if (p.mss && e.mss != segment.options.mss().value_or(0)) continue;
    if (!p.any_data && e.data != static_cast<std::int64_t>(segment.text.size())) continue;
    return i;
  }
  return world.segments.size();
}

bool Oracle::match_expected(World& world, const wire::Segment& segment) {
  const std::size_t i = find_expected(world, segment);
  if (i == world.segments.size()) return false;
  const ExpectedSegment e = world.segments[i];
  if (e.free_seq) world.bind_iss(segment.seq);
  world.fired.push_back({e.row, world.before});
  world.segments.erase(i);
  return true;
}

// A row of `emission` that justifies the segment: the first whose guard holds.
bool Oracle::match_emission(World& world) {
  for (const Program::Step& step : program_->steps(Event::Emission)) {
    for (RowNumber number : step.rows[static_cast<std::size_t>(world.state)]) {
      if (!enabled(world, program_->row(number))) continue;
      act(world, number, 0);
      return true;
    }
  }
  return false;
}

void Oracle::account(World& world) {
  for (const Program::Step& step : program_->steps(Event::EmissionAccount)) {
    for (RowNumber number : step.rows[static_cast<std::size_t>(world.state)]) {
      if (enabled(world, program_->row(number))) act(world, number, 0);
    }
  }
}

// Violations of form. A segment that a row asks for as it is (`expected`) has the fields it should have.
std::optional<Finding> Oracle::check_form(World& world, const std::string& malformed, bool expected) {
  for (const Program::Step& step : program_->steps(Event::EmissionForm)) {
    for (RowNumber number : step.rows[static_cast<std::size_t>(world.state)]) {
      const spec::Row& row = program_->row(number);
      if (!enabled(world, row)) continue;
      act(world, number, 0);
      if (row.alternatives.empty() || row.alternatives[0].violation.empty()) continue;
      if (expected && malformed.empty() && world[Var::SegTextOk]) continue;
      Finding finding = blame(world, !malformed.empty() ? Kind::Malformed : world[Var::SegTextOk] ? Kind::WrongField : Kind::InventedBytes, number, {});
      finding.allowed = row.gloss;
      finding.observed = row.alternatives[0].violation + (malformed.empty() ? "" : ": " + malformed);
      return finding;
    }
  }
  return std::nullopt;
}

// An acknowledgment that a row asks for may be piggybacked on whatever else is sent (RFC 9293 3.10.7.4, seventh).
void Oracle::take_piggybacked(World& world, const wire::Segment& segment) {
  if (!segment.flags.ack() || segment.flags.rst() || segment.flags.syn()) return;
  for (std::size_t i = 0; i < world.segments.size(); ++i) {
    const ExpectedSegment& e = world.segments[i];
    const bool bare_ack = e.pattern->ctl && e.pattern->ctl->bits == wire::Flags::kAck && !e.pattern->data;
    if (!bare_ack || e.seq != segment.seq.raw() || e.ack != segment.ack.raw()) continue;
    world.fired.push_back({e.row, world.before});
    world.segments.erase(i);
    return;
  }
}

bool Oracle::explain_segment(World& world, const wire::Segment& segment) {
  if (!match_expected(world, segment)) {
    if (!match_emission(world)) return false;
    take_piggybacked(world, segment);
  }
  account(world);
  return true;
}

void Oracle::emitted(const wire::Segment& segment, const std::string& malformed, Time at) {
  if (refuted()) return;
  std::vector<World> kept;
  for (World& world : worlds_) {
    world.values[Var::Now] = to_ms(at);
    world.values[Var::SegValid] = malformed.empty();
    load_segment(world, segment);
    const std::uint32_t offset = segment.seq.raw() - (world.seq(Var::Iss).raw() + (segment.flags.syn() ? 0 : 1));
    world.values[Var::SegTextOk] = segment.text.empty() || is_user_text(offset, segment.text);
    if (auto finding = check_form(world, malformed, find_expected(world, segment) < world.segments.size())) {
      refute(world, std::move(*finding), 2);
      continue;
    }
    World tried = world;
    if (explain_segment(tried, segment)) {
      update_owed(tried);
      kept.push_back(std::move(tried));
      continue;
    }
    // Perhaps one of the target's own timers ran out first.
    bool explained = false;
    for (World& later : timeouts(world)) {
      load_segment(later, segment);
      if (!explain_segment(later, segment)) continue;
      update_owed(later);
      kept.push_back(std::move(later));
      explained = true;
    }
    if (explained) continue;
    const ExpectedSegment* nearest = nullptr;
    for (const ExpectedSegment& e : world.segments) {
      if (e.required && e.pattern->ctl && (e.pattern->ctl->bits & 0x17) == (segment.flags.bits & 0x17)) nearest = &e;
    }
    const RowNumber row = nearest ? nearest->row : responsible(world);
    refute(world, blame(world, nearest ? Kind::WrongField : Kind::UnexpectedSegment, row, to_string(segment, world, true)),
           nearest ? 3 : 1);
  }
  keep(std::move(kept));
}

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

void Oracle::settle(Time now) {
  responding_ = false;
  if (refuted()) return;
  std::vector<World> kept;
  for (World& world : worlds_) {
    world.values[Var::Now] = to_ms(now);
    const ExpectedSegment* missing = nullptr;
    for (const ExpectedSegment& e : world.segments) {
      if (e.required && !missing) missing = &e;
    }
    const ExpectedSignal* unsaid = nullptr;
    for (const ExpectedSignal& e : world.signals) {
      if (e.required && !unsaid) unsaid = &e;
    }
    if (missing) {
      refute(world, blame(world, Kind::MissingSegment, missing->row, "no such segment"), 2);
    } else if (unsaid) {
      refute(world, blame(world, Kind::MissingSignal, unsaid->row, "no such signal"), 3);
    } else {
      update_owed(world);
      kept.push_back(std::move(world));
    }
  }
  keep(std::move(kept));
}

// ---- time

// The worlds in which one of the target's own timers has just run out.
std::vector<World> Oracle::timeouts(const World& world) {
  std::vector<World> out;
  if (responding_) return out;
  for (const Program::Step& step : program_->steps(Event::Timeout)) {
    for (RowNumber number : step.rows[static_cast<std::size_t>(world.state)]) {
      const spec::Row& row = program_->row(number);
      if (!enabled(world, row)) continue;
      for (std::size_t i = 0; i < row.alternatives.size(); ++i) {
        out.push_back(world);
        act(out.back(), number, i);
      }
    }
  }
  return out;
}

std::int64_t Oracle::deadline_ms(const World& world, std::size_t i) const {
  const spec::Obligation& obligation = program_->table().obligations[i];
  const std::int64_t since = obligation.since ? obligation.since->evaluate(world.values) : world.owed_since[i];
  return since + obligation.within.evaluate(world.values) + to_ms(config_.slack);
}

void Oracle::update_owed(World& world) {
  const std::vector<spec::Obligation>& obligations = program_->table().obligations;
  for (std::size_t i = 0; i < obligations.size(); ++i) {
    const spec::Obligation& obligation = obligations[i];
    const bool owed = has(obligation.states, world.state) && has(obligation.profiles, config_.profile) &&
                      obligation.when.holds(world.values);
    if (!owed) {
      world.owed_since[i] = kNotOwed;
    } else if (world.owed_since[i] == kNotOwed) {
      world.owed_since[i] = world[Var::Now];
    }
  }
}

void Oracle::pass(Time now) {
  if (refuted()) return;
  now_ = now;
  const std::vector<spec::Obligation>& obligations = program_->table().obligations;
  std::vector<World> kept;
  for (World& world : worlds_) {
    world.values[Var::Now] = to_ms(now);
    std::size_t overdue = obligations.size();
    for (std::size_t i = 0; i < obligations.size() && overdue == obligations.size(); ++i) {
      if (world.owed_since[i] != kNotOwed && to_ms(now) > deadline_ms(world, i)) overdue = i;
    }
    if (overdue == obligations.size()) {
      kept.push_back(std::move(world));
      continue;
    }
    const spec::Obligation& obligation = obligations[overdue];
    Finding finding;
    finding.kind = Kind::Overdue;
    finding.row = obligation.full_id;
    finding.level = obligation.level;
    finding.cite = obligation.cite;
    finding.allowed = obligation.gloss + " (within " + obligation.within.text() + ")";
    finding.observed = "still owed after " + std::to_string(to_ms(now) - deadline_ms(world, overdue) +
                                                           obligation.within.evaluate(world.values)) + " ms";
    refute(world, std::move(finding), 5);
  }
  keep(std::move(kept));
}

Time Oracle::next_deadline(Time now, Duration horizon) const {
  Time earliest = kNever;
  for (const World& world : worlds_) {
    if (world.weight() > worlds_.front().weight()) continue;   // what only a deviating target would owe is not waited for
    for (std::size_t i = 0; i < program_->table().obligations.size(); ++i) {
      if (world.owed_since[i] == kNotOwed) continue;
      const Time at = std::chrono::milliseconds(deadline_ms(world, i) + 1);
      if (at - now <= horizon) earliest = std::min(earliest, at);
    }
  }
  return earliest;
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
