// How rows are executed: guards choose, behaviours change the shadow TCB and say what is expected.
#include "harness/oracle/oracle.h"

#include <algorithm>

namespace conform::oracle {

using spec::Event;
using spec::has;
using spec::Var;
using wire::SeqNum;
using wire::State;

namespace {
// Choices in a row within one event; the table has fewer.
constexpr int kMaxDepth = 24;
}  // namespace

// The last world of `out` goes through the steps of the event from `step` on. Where the table allows several things,
// the world that goes the first way stays where it is, and the others come after it.
void Oracle::process(std::vector<World>& out, Event event, std::size_t step, int depth, const spec::Section* section) {
  const std::vector<Program::Step>& steps = program_->steps(event);
  const std::uint8_t control = control_bits(out.back().values);
  for (; step < steps.size(); ++step) {
    World& world = out.back();
    // A section is entered in the states it speaks of, or because a row said to go there.
    if (event == Event::Segment && steps[step].section != section && !has(steps[step].section->states, world.before)) continue;
    struct Choice { RowNumber row; std::uint8_t alternative; };
    InlineVector<Choice, 16> choices;
    for (RowNumber number : steps[step].rows[static_cast<std::size_t>(world.state)]) {
      if (!program_->guard(number).holds(world.values, control)) continue;
      const std::size_t alternatives = std::max<std::size_t>(program_->row(number).alternatives.size(), 1);
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
      const World fork = world;
      for (const Choice& choice : choices) {
        if (&choice != choices.begin()) out.push_back(fork);
        act(out.back(), choice.row, choice.alternative, displaced);
        const spec::Row& row = program_->row(choice.row);
        if (row.alternatives.empty() || row.alternatives[choice.alternative].then == spec::Then::Return) continue;
        const spec::Behaviour& behaviour = row.alternatives[choice.alternative];
        const bool gone = behaviour.then == spec::Then::GoTo;
        const std::size_t next = gone ? program_->find_step(event, behaviour.go_to) : step + 1;
        process(out, event, next, depth + 1, gone && next < steps.size() ? steps[next].section : section);
      }
      return;
    }
    act(world, choices[0].row, choices[0].alternative, displaced);
    const spec::Row& row = program_->row(choices[0].row);
    if (row.alternatives.empty()) return;
    const spec::Behaviour& behaviour = row.alternatives[choices[0].alternative];
    if (behaviour.then == spec::Then::Return) return;
    if (behaviour.then != spec::Then::GoTo) continue;
    step = program_->find_step(event, behaviour.go_to);
    section = step < steps.size() ? steps[step].section : nullptr;
    --step;
  }
}

// One behaviour of one row happens to a world: do, emit, signal, next.
void Oracle::act(World& world, RowNumber number, std::size_t alternative, RowNumber displaced) {
  const spec::Row& row = program_->row(number);
  world.fired.push_back({number, world.state, static_cast<std::uint8_t>(alternative)});
  if (number == watched_) world.watched = watched_possible_ = true;
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
    case spec::Action::LeaveUnspecified: world.unspecified = true; return;
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
  const auto receives = static_cast<std::uint8_t>(std::min<std::int64_t>(world[Var::Receives], 255));
  for (const spec::SignalSet& any_of : behaviour.signals) world.signals.push_back({any_of, number, true, receives});
  if (behaviour.may_signal.any()) world.signals.push_back({behaviour.may_signal, number, false, receives});
  if (behaviour.reply) {
    world.reply = behaviour.reply;
    world.reply_row = number;
  }
}

}  // namespace conform::oracle
