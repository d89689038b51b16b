// What the target sends is held against what the rows expect, and against the rows of emission.
#include "harness/oracle/oracle.h"

#include "harness/oracle/streams.h"

namespace conform::oracle {

using spec::Event;
using spec::Var;
using wire::SeqNum;

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
  world.explained_by(e.row);
  world.segments.erase(i);
  return true;
}

// A row of `emission` that justifies the segment: the first whose guard holds.
bool Oracle::match_emission(World& world) {
  const std::uint8_t control = control_bits(world.values);
  for (const Program::Step& step : program_->steps(Event::Emission)) {
    for (RowNumber number : step.rows[static_cast<std::size_t>(world.state)]) {
      if (!program_->guard(number).holds(world.values, control)) continue;
      act(world, number, 0);
      return true;
    }
  }
  return false;
}

void Oracle::account(World& world) {
  const std::uint8_t control = control_bits(world.values);
  for (const Program::Step& step : program_->steps(Event::EmissionAccount)) {
    for (RowNumber number : step.rows[static_cast<std::size_t>(world.state)]) {
      if (program_->guard(number).holds(world.values, control)) act(world, number, 0);
    }
  }
}

// The row whose violation of form this is; kNoRow if there is none. A segment that a row asks for as it is (`expected`)
// has the fields it should have.
RowNumber Oracle::broken_form(World& world, const std::string& malformed, bool expected) {
  const std::uint8_t control = control_bits(world.values);
  for (const Program::Step& step : program_->steps(Event::EmissionForm)) {
    for (RowNumber number : step.rows[static_cast<std::size_t>(world.state)]) {
      if (!program_->guard(number).holds(world.values, control)) continue;
      act(world, number, 0);
      const spec::Row& row = program_->row(number);
      if (row.alternatives.empty() || row.alternatives[0].violation.empty()) continue;
      if (expected && malformed.empty() && world[Var::SegTextOk]) continue;
      return number;
    }
  }
  return kNoRow;
}

Finding Oracle::form_finding(const World& world, RowNumber number, const std::string& malformed) const {
  const spec::Row& row = program_->row(number);
  const Kind kind = !malformed.empty() ? Kind::Malformed : world[Var::SegTextOk] ? Kind::WrongField : Kind::InventedBytes;
  Finding finding = blame(world, kind, number, {});
  finding.allowed = row.gloss;
  finding.observed = row.alternatives[0].violation + (malformed.empty() ? "" : ": " + malformed);
  return finding;
}

// An acknowledgment that a row asks for may be piggybacked on whatever else is sent (RFC 9293 3.10.7.4, seventh).
void Oracle::take_piggybacked(World& world, const wire::Segment& segment) {
  if (!segment.flags.ack() || segment.flags.rst() || segment.flags.syn()) return;
  for (std::size_t i = 0; i < world.segments.size(); ++i) {
    const ExpectedSegment& e = world.segments[i];
    const bool bare_ack = e.pattern->ctl && e.pattern->ctl->bits == wire::Flags::kAck && !e.pattern->data;
    if (!bare_ack || e.seq != segment.seq.raw() || e.ack != segment.ack.raw()) continue;
    world.explained_by(e.row);
    world.segments.erase(i);
    return;
  }
}

// Changes nothing when it cannot.
bool Oracle::explain_segment(World& world, const wire::Segment& segment) {
  if (!match_expected(world, segment)) {
    if (!match_emission(world)) return false;
    take_piggybacked(world, segment);
  }
  account(world);
  return true;
}

// Nothing allows the segment: the row that wanted one like it is violated, or else the one that answers for the event.
Oracle::Failure Oracle::unexplained(std::size_t number, const wire::Segment& segment) const {
  const ExpectedSegment* nearest = nullptr;
  for (const ExpectedSegment& e : worlds_[number].segments) {
    if (e.required && e.pattern->ctl && (e.pattern->ctl->bits & 0x17) == (segment.flags.bits & 0x17)) nearest = &e;
  }
  if (nearest) return {number, Kind::WrongField, nearest->row, 3};
  return {number, Kind::UnexpectedSegment, responsible(worlds_[number]), 1};
}

void Oracle::emitted(const wire::Segment& segment, const std::string& malformed, Time at) {
  if (refuted() || unspecified()) return;
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    World& world = worlds_[i];
    world.values[Var::Now] = to_ms(at);
    world.values[Var::SegValid] = malformed.empty();
    world.load(segment);
    // Text on the first SYN begins the stream, whatever ISS it tells.
    const SeqNum stream = world.iss_unbound && segment.flags.syn() ? segment.seq : world.seq(Var::Iss);
    const std::uint32_t offset = segment.seq.raw() + (segment.flags.syn() ? 1 : 0) - (stream.raw() + 1);
    world.values[Var::SegTextOk] = segment.text.empty() || is_user_text(offset, segment.text);
    const RowNumber broken = broken_form(world, malformed, find_expected(world, segment) < world.segments.size());
    if (broken != kNoRow) {
      failures_.push_back({i, Kind::Malformed, broken, 2});
      continue;
    }
    if (explain_segment(world, segment)) {
      update_owed(world);
      continue;
    }
    // Perhaps one of the target's own timers ran out first.
    const std::size_t timed_out = run_out(i, [&](World& later) {
      later.load(segment);
      return explain_segment(later, segment);
    });
    if (timed_out == 0) {
      failures_.push_back(unexplained(i, segment));
    } else {
      i += timed_out - 1;
    }
  }
  conclude([&](const World& world, const Failure& failure) {
    if (failure.kind == Kind::Malformed) return form_finding(world, failure.row, malformed);
    return blame(world, failure.kind, failure.row, to_string(segment, world, true));
  });
}

}  // namespace conform::oracle
