// What the oracle says in words: what was allowed, what came, which row and which clause.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/oracle/oracle.h"
#include "stack/wire/notation.h"

namespace conform::oracle {

using spec::Var;
using wire::SeqNum;

namespace {
// A sequence number beside the initial one of its space: "ISS+1", "IRS", or the bare number when it is far from it.
std::string relative(std::uint32_t value, SeqNum base, const char* name) {
  const std::int32_t distance = SeqNum(value) - base;
  if (distance > 2'000'000 || distance < -2'000'000) return std::to_string(value);
  return distance == 0 ? name : fmt::format("{}{:+}", name, distance);
}

std::string join(const std::vector<std::string>& parts, const char* separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string words(const spec::SignalSet& set) {
  std::vector<std::string> names;
  for (SignalKind kind : kAllSignals) {
    if (set.test(static_cast<std::size_t>(kind))) names.emplace_back(conform::to_string(kind));
  }
  return join(names, " or ");
}

std::string words(const spec::AnswerSet& set) {
  std::vector<std::string> names;
  for (Answer answer : kAllAnswers) {
    if (set.test(static_cast<std::size_t>(answer))) names.emplace_back(conform::to_string(answer));
  }
  return join(names, " or ");
}
}  // namespace

std::string to_string(const ExpectedSegment& e, const World& world) {
  const spec::SegmentTemplate& p = *e.pattern;
  const SeqNum iss = world.seq(Var::Iss), irs = world.seq(Var::Irs);
  std::string text;
  if (p.seq) text += fmt::format("<SEQ={}>", e.free_seq ? "ISS" : e.seq == 0 ? "0" : relative(static_cast<std::uint32_t>(e.seq), iss, "ISS"));
  if (p.ack) text += fmt::format("<ACK={}>", relative(static_cast<std::uint32_t>(e.ack), irs, "IRS"));
  text += fmt::format("<CTL={}>", p.ctl ? wire::to_string(*p.ctl) : "*");
  if (p.wnd) text += fmt::format("<WND={}>", e.wnd);
  if (p.up) text += fmt::format("<UP={}>", e.up);
  if (p.mss) text += fmt::format("<MSS={}>", e.mss);
  if (p.data) text += fmt::format("<DATA={}>", e.data);
  return text;
}

std::string to_string(const wire::Segment& segment, const World& world, bool from_target) {
  const SeqNum iss = world.seq(Var::Iss), irs = world.seq(Var::Irs);
  std::string text = "<SEQ=";
  text += segment.seq == SeqNum(0) && segment.flags.rst() ? "0"
          : from_target ? (world.iss_unbound && segment.flags.syn() ? "ISS" : relative(segment.seq.raw(), iss, "ISS"))
                        : relative(segment.seq.raw(), irs, "IRS");
  text += ">";
  if (segment.flags.ack()) {
    text += fmt::format("<ACK={}>", from_target ? relative(segment.ack.raw(), irs, "IRS") : relative(segment.ack.raw(), iss, "ISS"));
  }
  text += fmt::format("<CTL={}><WND={}>", wire::to_string(segment.flags), segment.wnd);
  if (segment.flags.urg()) text += fmt::format("<UP={}>", segment.urgent_pointer);
  if (const auto mss = segment.options.mss()) text += fmt::format("<MSS={}>", *mss);
  if (!segment.text.empty()) text += fmt::format("<DATA={}>", segment.text.size());
  return text;
}

// What this world allowed: the emissions, signals and answer of the event, and the state after it.
std::string Oracle::allowed(const World& world) const {
  std::vector<std::string> parts;
  for (const ExpectedSegment& e : world.segments) parts.push_back((e.required ? "emit " : "perhaps ") + to_string(e, world));
  for (const ExpectedSignal& e : world.signals) {
    if (e.required) parts.push_back("signal " + words(e.any_of));
  }
  if (world.reply) parts.push_back("reply " + words(*world.reply));
  if (parts.empty()) parts.emplace_back("nothing to be sent");
  parts.push_back(fmt::format("state {}", to_string(world.state)));
  return join(parts, ", ");
}

Finding Oracle::blame(const World& world, Kind kind, RowNumber number, std::string observed) const {
  Finding finding;
  finding.kind = kind;
  finding.allowed = allowed(world);
  finding.observed = std::move(observed);
  if (number == kNoRow) {
    finding.row = "(no row)";
    finding.note = fmt::format("no row of the table speaks of this in {}", to_string(world.before));
    return finding;
  }
  const spec::Row& row = program_->row(number);
  finding.row = row.full_id;
  finding.level = row.level;
  finding.cite = row.cite;
  return finding;
}

void Oracle::refute(const World& world, Finding finding, int rank) {
  const int weight = world.weight();
  const auto better = [&](const Refutation& old) {
    return weight < old.weight || (weight == old.weight && rank > old.rank);
  };
  if (refutation_ && !better(*refutation_)) {
    // Another way to conform that was not taken either.
    if (refutation_->weight == weight && refutation_->finding.allowed.find(finding.allowed) == std::string::npos) {
      refutation_->finding.allowed += "\nor " + finding.allowed;
    }
    return;
  }
  std::string others;
  if (refutation_ && refutation_->weight == weight && refutation_->finding.allowed != finding.allowed) {
    others = "\nor " + refutation_->finding.allowed;
  }
  finding.allowed += others;
  refutation_ = Refutation{std::move(finding), weight, rank};
  last_ = world;
}

std::optional<Finding> Oracle::finding() const {
  if (refuted()) return refutation_ ? std::optional(refutation_->finding) : std::nullopt;
  const World& best = world();
  const Blemish* worst = nullptr;
  for (const Blemish& blemish : best.blemishes) {
    if (!worst || blemish.level > worst->level) worst = &blemish;
  }
  if (!worst) return std::nullopt;
  const spec::Row& followed = program_->row(worst->row);
  const spec::Row& wanted = program_->row(worst->displaced);
  const spec::Behaviour& behaviour = followed.alternatives[worst->alternative];
  Finding finding;
  finding.row = wanted.full_id;
  finding.level = worst->level;
  finding.cite = wanted.cite;
  finding.allowed = wanted.gloss;
  finding.observed = behaviour.label.empty() ? followed.gloss : behaviour.label;
  finding.note = behaviour.why;
  if (worst->what == Blemish::What::OtherProfile) {
    finding.kind = Kind::OtherProfile;
    finding.follows = has(behaviour.profiles.value_or(followed.profiles), spec::Profile::Rfc793) ? "RFC 793" : "RFC 9293";
  } else {
    finding.kind = worst->level == spec::Level::Must ? Kind::MissedMust : Kind::MissedShould;
  }
  return finding;
}

std::vector<std::string> Oracle::explanation() const {
  std::vector<std::string> rows;
  for (const Fired& fired : world().fired) {
    const std::string& id = program_->row(fired.row).full_id;
    if (std::find(rows.begin(), rows.end(), id) == rows.end()) rows.push_back(id);
  }
  return rows;
}

}  // namespace conform::oracle
