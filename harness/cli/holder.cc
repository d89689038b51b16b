#include "harness/cli/holder.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/command.h"
#include "harness/oracle/oracle.h"
#include "harness/packet/datagram.h"
#include "harness/run/ways.h"

namespace conform {

namespace {
// How long a wait may last before someone looks whether the user has had enough.
constexpr Duration kPatience = std::chrono::milliseconds(200);
// Well within the shortest 2 MSL that is usual: 60 seconds (Linux), of the RFC's 240.
constexpr Duration kRenewTimeWait = std::chrono::seconds(20);

std::string_view word(TraceEntry::What what) {
  switch (what) {
    case TraceEntry::What::Call: return "call";
    case TraceEntry::What::Reply: return "reply";
    case TraceEntry::What::Injected: return "to target";
    case TraceEntry::What::Emitted: return "from target";
    case TraceEntry::What::Signal: return "signal";
    case TraceEntry::What::State: return "state";
    case TraceEntry::What::Wait: return "wait";
    case TraceEntry::What::Note: return "note";
  }
  return "?";
}

}  // namespace

Holder::Holder(const spec::Suite& suite, const oracle::Program& program, LentTarget& target)
    : suite_(suite), target_(target) {
  context_.program = &program;
  context_.paths = &suite.paths;
}

Holder::~Holder() = default;

Status Holder::bring(const spec::Way& way) {
  run_.reset();
  story_.clear();
  last_fin_.clear();
  frame_ = {};
  wanted_ = way.state;
  planned_ = PlannedCase{};
  planned_.about.id = "hold/" + way.name;
  planned_.epilogue = false;
  for (const spec::ScenarioStep& step : steps_of(suite_.paths, way.name)) planned_.steps.push_back({Phase::Way, step});
  run_ = std::make_unique<CaseRun>(context_, planned_, target_, next_port_);
  next_port_ = next_port_ == 59999 ? 20000 : static_cast<std::uint16_t>(next_port_ + 1);
  while (true) {
    const Time wake = run_->resume();
    if (run_->done()) break;
    if (interrupted()) return error("interrupted");
    target_.wait(target_.capabilities().virtual_time ? wake : std::min(wake, target_.now() + kPatience));
  }
  const CaseResult result = run_->take_result();
  remember(result);
  // Whether the target conformed on the way is not asked here, only where it is.
  if (target_.last_session() != nullptr && state() == wanted_ && result.verdict != Verdict::TargetDied) return Done{};
  const std::string there = target_.last_session() == nullptr ? "nowhere" : std::string(to_string(state()));
  return error(fmt::format("way '{}' led to {}, not to {}{}{}", way.name, there, to_string(wanted_),
                           result.reason.empty() ? "" : ": ", result.reason));
}

void Holder::remember(const CaseResult& result) {
  fin_sent_ = target_.now();
  for (const TraceEntry& entry : result.trace) {
    story_.push_back(fmt::format("{:<12} {}", word(entry.what), entry.text));
    const bool by_peer = entry.what == TraceEntry::What::Injected;
    if (!by_peer && entry.what != TraceEntry::What::Emitted) continue;
    const auto parsed = packet::parse(entry.datagram);
    if (!parsed) continue;
    if (parsed->segment.flags.syn()) frame_.set_seq(by_peer ? spec::Var::Irs : spec::Var::Iss, parsed->segment.seq);
    if (by_peer && parsed->segment.flags.fin()) last_fin_ = entry.datagram;
  }
}

wire::State Holder::state() const {
  Session* session = target_.last_session();
  const auto seen = session != nullptr ? session->state() : std::nullopt;
  return seen.value_or(wanted_);
}

std::vector<std::string> Holder::pass(Duration time) {
  std::vector<std::string> lines = drain();
  const Time end = target_.now() + time;
  while (target_.now() < end && !interrupted()) {
    target_.wait(std::min(end, target_.now() + kPatience));
    for (std::string& line : drain()) lines.push_back(std::move(line));
  }
  if (wanted_ == wire::State::TimeWait) keep_time_wait(lines);
  return lines;
}

std::vector<std::string> Holder::drain() {
  std::vector<std::string> lines;
  for (const Observation& observation : session().drain()) {
    if (const auto* signal = std::get_if<Signal>(&observation.what)) {
      lines.push_back(fmt::format("signal       {}", to_string(signal->kind)));
      continue;
    }
    const auto parsed = packet::parse(std::get<Datagram>(observation.what));
    lines.push_back("from target  " + (parsed ? oracle::to_string(parsed->segment, frame_, true)
                                              : std::string("a datagram that is not TCP")));
  }
  return lines;
}

void Holder::keep_time_wait(std::vector<std::string>& lines) {
  if (last_fin_.empty() || target_.now() - fin_sent_ < kRenewTimeWait || state() != wanted_) return;
  fin_sent_ = target_.now();
  if (!session().inject(last_fin_)) return;
  const auto parsed = packet::parse(last_fin_);
  lines.push_back(fmt::format("to target    {} again: the 2 MSL timer starts anew",
                              oracle::to_string(parsed->segment, frame_, false)));
  for (std::string& line : drain()) lines.push_back(std::move(line));
}

}  // namespace conform
