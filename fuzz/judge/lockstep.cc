#include "fuzz/judge/lockstep.h"

#include <algorithm>

#include <fmt/format.h>

#include "stack/wire/notation.h"

namespace conform::fuzz {

namespace {

constexpr std::uint8_t kCompared = 0x3f & ~wire::Flags::kPsh;

Step step_of(Conversation& talk) {
  Step step;
  step.state = talk.session().state().value_or(talk.world().state);
  for (const wire::Segment& segment : talk.seen().segments)
    step.segments[!segment.text.empty()] |= std::uint64_t{1} << (segment.flags.bits & kCompared);
  step.delivered = talk.oracle().received();
  for (SignalKind kind : talk.seen().signals) step.signals |= 1u << static_cast<unsigned>(kind);
  return step;
}

std::optional<Aspect> difference(const Step& a, const Step& b) {
  if (a.state != b.state) return Aspect::State;
  if (!std::ranges::equal(a.segments, b.segments)) return Aspect::Segments;
  if (a.delivered != b.delivered) return Aspect::Delivered;
  if (a.signals != b.signals) return Aspect::Signals;
  return std::nullopt;
}

// One side's way through the sequence.
struct Way {
  std::vector<Step> steps;
  Features features;
  std::optional<Finding> finding;
  std::string died;
  bool late = false;

  bool violates() const { return finding || !died.empty(); }
};

Way go(const JudgeContext& context, const Sequence& sequence, const Side& side, std::uint16_t peer_port) {
  Way way;
  way.steps.reserve(sequence.size());
  JudgeContext own = context;
  own.known = side.known;
  own.after_event = [&way](Conversation& talk) { way.steps.push_back(step_of(talk)); };
  SequenceRun run(own, sequence, *side.target, peer_port);
  finish(run, *side.target);
  way.features = run.features();
  way.finding = run.finding();
  way.died = run.died();
  way.late = run.late();
  return way;
}

struct Place {
  std::size_t event;
  Aspect aspect;
};

// Where the two begin to differ. A way ends early when it violates the table: if the other goes on, that is a difference.
std::optional<Place> first_difference(const Way& a, const Way& b) {
  const std::size_t common = std::min(a.steps.size(), b.steps.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (const auto aspect = difference(a.steps[i], b.steps[i])) return Place{i, *aspect};
  }
  const bool same_end = a.steps.size() == b.steps.size() && a.violates() == b.violates();
  if (same_end) return std::nullopt;
  return Place{common == 0 ? 0 : common - 1, Aspect::Verdict};
}

std::string line_of(const Side& side, const Way& way, std::size_t event) {
  return fmt::format("{}: {}", side.name, event < way.steps.size() ? describe(way.steps[event]) : "nothing any more");
}

}  // namespace

std::string_view to_string(Aspect aspect) {
  switch (aspect) {
    case Aspect::State: return "state";
    case Aspect::Segments: return "segments";
    case Aspect::Delivered: return "delivered";
    case Aspect::Signals: return "signals";
    case Aspect::Verdict: return "verdict";
  }
  return "";
}

std::string describe(const Step& step) {
  std::string sent;
  for (const bool text : {false, true}) {
    for (unsigned ctl = 0; ctl < 64; ++ctl) {
      if ((step.segments[text] >> ctl & 1) == 0) continue;
      if (!sent.empty()) sent += " ";
      sent += fmt::format("<CTL={}>{}", wire::to_string(wire::Flags{static_cast<std::uint8_t>(ctl)}), text ? "<DATA>" : "");
    }
  }
  std::string signals;
  for (SignalKind kind : kAllSignals) {
    if (step.signals >> static_cast<unsigned>(kind) & 1) signals += fmt::format("; {}", conform::to_string(kind));
  }
  return fmt::format("{}, sent {}, {} octets delivered{}", wire::to_string(step.state), sent.empty() ? "nothing" : sent,
                     step.delivered, signals);
}

std::string to_string(const LockstepResult& result) {
  std::string text;
  if (result.difference) {
    text += fmt::format("they differ after event {} in {}:\n{}", result.difference->event + 1,
                        to_string(result.difference->aspect), result.difference->what);
  }
  for (const Violation& violation : result.violations) {
    if (!violation.finding) {
      text += fmt::format("{} died at event {}: {}\n", violation.side, violation.event, violation.died);
      continue;
    }
    const Finding& finding = *violation.finding;
    text += fmt::format("{} violates {} at event {} ({})\n  allowed: {}\n  came:    {}\n", violation.side, finding.row,
                        violation.event, conform::to_string(finding.kind), finding.allowed, finding.observed);
  }
  return text;
}

LockstepResult run_lockstep(const JudgeContext& context, const Sequence& sequence, std::span<const Side> sides,
                            std::uint16_t peer_port) {
  using Outcome = LockstepResult::Outcome;
  LockstepResult result;
  std::vector<Way> ways;
  ways.reserve(sides.size());
  for (const Side& side : sides) {
    ways.push_back(go(context, sequence, side, peer_port));
    const Way& way = ways.back();
    if (way.late) return {Outcome::Late, std::nullopt, {}, {}};
    result.features.insert(result.features.end(), way.features.begin(), way.features.end());
    if (way.violates()) result.violations.push_back({side.name, way.steps.size(), way.finding, way.died});
  }
  std::optional<Place> first;
  std::size_t other = 0;
  for (std::size_t i = 1; i < ways.size(); ++i) {
    const auto place = first_difference(ways[0], ways[i]);
    if (place && (!first || place->event < first->event)) first = place, other = i;
  }
  if (!first) return result;
  result.outcome = result.violations.empty() ? Outcome::FreeChoice : Outcome::Violation;
  result.difference = Difference{first->event, first->aspect, {}};
  // Most differences are free choices that nobody reads about.
  if (result.outcome == Outcome::Violation) {
    result.difference->what = fmt::format("  {}\n  {}\n", line_of(sides[0], ways[0], first->event),
                                          line_of(sides[other], ways[other], first->event));
  }
  return result;
}

}  // namespace conform::fuzz
