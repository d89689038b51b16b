#include "harness/check/case_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/oracle/resolve.h"
#include "harness/oracle/streams.h"
#include "harness/packet/datagram.h"

namespace conform {

using oracle::to_string;

namespace {
// How far ahead something owed is waited for after a stimulus. Longer timers have cases of their own.
constexpr Duration kSettleHorizon = std::chrono::milliseconds(1500);
// How often a state is looked at that no one announces.
constexpr Duration kStatePoll = std::chrono::milliseconds(100);
// A wait that took so much longer than asked for shows what the machine was busy with, not what the target does.
constexpr Duration kLate = std::chrono::milliseconds(300);
// A target that answers one stimulus with more than this is babbling.
constexpr std::size_t kStorm = 2000;

// The peer's initial sequence number: close below the wrap, so that every connection crosses it.
wire::SeqNum peer_iss(std::uint64_t seed) {
  return wire::SeqNum(0xffffffe0u - static_cast<std::uint32_t>(seed * 7 % 16));
}

oracle::Config oracle_config(const RunContext& context, const PlannedCase& planned, const Target& target) {
  oracle::Config config;
  config.profile = context.profile;
  config.peer_iss = peer_iss(context.seed);
  config.default_mss = planned.family == Family::Ipv6 ? 1220 : 536;
  config.slack = target.capabilities().reaction;
  config.sees_state = target.capabilities().sees_state;
  return config;
}
}  // namespace

CaseRun::CaseRun(const RunContext& context, const PlannedCase& planned, Target& target, std::uint16_t peer_port)
    : context_(&context), planned_(&planned), target_(&target), oracle_(*context.program, oracle_config(context, planned, target)),
      result_(planned.about) {
  started_ = target.now();
  for (const std::string& need : planned.needs) {
    if (target.capabilities().lacks.contains(need)) {
      give_up(Verdict::Inapplicable, "the target lacks: " + need);
      return;
    }
  }
  if (planned.family == Family::Ipv6 && !target.capabilities().ipv6) {
    give_up(Verdict::Inapplicable, std::string(to_string(Lack::NoFamily)));
    return;
  }
  SessionConfig config;
  config.peer_port = peer_port;
  config.family = planned.family.value_or(Family::Ipv4);
  config.seed = context.seed;
  auto session = target.open(config);
  if (!session) {
    give_up(Verdict::TargetDied, conform::to_string(session.diagnostics()));
    return;
  }
  session_ = std::move(*session);
  started_ = target.now();
  result_.sockets = session_->sockets();
}

Time CaseRun::resume() {
  while (!done_) {
    if (waiting_ != Waiting::No) {
      const Time now = target_->now();
      // Woken by another's packet: without news of its own there is nothing to do before its time.
      if (!see_observations() && now < wake_) return wake_;
      observe();
      if (!done_ && !oracle_.refuted()) oracle_.pass(now);
      if (!done_ && oracle_.refuted()) finish();
      if (done_) break;
      if (!wait_is_over(now)) return wake_ = next_wake(now);
      if (!done_ && waiting_ == Waiting::Step) oracle_.settle(now);
      if (!done_ && oracle_.refuted()) finish();
      waiting_ = Waiting::No;
      wait_ = nullptr;
      continue;
    }
    const std::size_t planned = planned_->steps.size();
    if (at_ == planned && !epilogue_appended_) append_epilogue();
    if (at_ == planned + epilogue_.size()) {
      finish();
      break;
    }
    const PlannedStep& step = at_ < planned ? planned_->steps[at_] : epilogue_[at_ - planned];
    ++at_;
    if (step.phase == Phase::Stimulus && phase_ < Phase::Stimulus) {
      way_finding_ = oracle_.finding();
      oracle_.forgive();
    }
    phase_ = step.phase;
    perform(step);
  }
  return kNever;
}

void CaseRun::perform(const PlannedStep& planned) {
  // What a real clock has let the target do since is no answer to what is done now.
  if (!target_->capabilities().virtual_time && !std::holds_alternative<spec::ExpectStep>(planned.step.what)) {
    observe();
    if (done_) return;
  }
  if (const auto* call = std::get_if<spec::CallStep>(&planned.step.what)) {
    make_call(call->call);
  } else if (const auto* segment = std::get_if<spec::SegmentStep>(&planned.step.what)) {
    send_segment(segment->segment);
  } else if (const auto* wait = std::get_if<spec::WaitStep>(&planned.step.what)) {
    start_wait(*wait);
  } else {
    check_expectations(std::get<spec::ExpectStep>(planned.step.what));
  }
}

// ---- stimuli

void CaseRun::make_call(const UserCall& asked) {
  UserCall call = asked;
  if (call.verb == Verb::Send) {
    const oracle::World& world = oracle_.world();
    call.text = oracle::user_text(world.seq(spec::Var::SndEnd).raw() - (world.seq(spec::Var::Iss) + 1).raw(), call.length);
  }
  if (!target_->capabilities().calls.contains(call.verb)) {
    give_up(Verdict::Inapplicable, fmt::format("{}: the target has no {} call", to_string(Lack::NoSuchCall), conform::to_string(call.verb)));
    return;
  }
  record(TraceEntry::What::Call, conform::to_string(call));
  const Reply reply = session_->call(call);
  if (reply.answer == Answer::Unsupported) {
    // What is tried after the stimulus may be left out; what leads to it may not.
    if (phase_ == Phase::Epilogue) {
      record(TraceEntry::What::Reply, "unsupported: " + reply.why);
      return;
    }
    give_up(Verdict::Inapplicable, fmt::format("{}: {}", to_string(Lack::NoSuchCall), reply.why));
    return;
  }
  std::string text(conform::to_string(reply.answer));
  if (!reply.text.empty()) text += fmt::format(", {} octets", reply.text.size());
  if (reply.state) text += fmt::format(", state = {}", to_string(*reply.state));
  record(TraceEntry::What::Reply, text);
  answer_ = reply.answer;
  oracle_.call(call, reply, target_->now());
  after_stimulus();
}

void CaseRun::send_segment(const spec::SegmentTemplate& pattern) {
  const oracle::World& world = oracle_.world();
  wire::Segment segment = oracle::resolve(pattern, world, peer_window_);
  if (pattern.wnd) peer_window_ = segment.wnd;
  const SocketPair& sockets = session_->sockets();
  segment.source_port = sockets.peer_port;
  segment.destination_port = sockets.target_port;
  Datagram datagram = packet::build(segment, sockets, pattern.damage);
  std::string text = to_string(segment, world, false);
  const bool secure = pattern.damage != spec::Damage::Security;
  // An option list that is wrong does not make the header wrong (MUST-7): such a segment is processed as if without it.
  const bool valid = secure ? pattern.damage == spec::Damage::None || pattern.damage == spec::Damage::OptionLength ||
                                  pattern.damage == spec::Damage::OptionOverrun
                            : true;
  if (pattern.damage != spec::Damage::None) text += " damaged on purpose: " + pattern.text;
  record(TraceEntry::What::Injected, text, datagram);
  if (Status injected = session_->inject(datagram); !injected) {
    give_up(Verdict::TargetDied, conform::to_string(injected.diagnostics()));
    return;
  }
  oracle_.arrive(segment, valid, secure, target_->now());
  after_stimulus();
}

// The target has been given something: what it does at once is seen and judged now.
void CaseRun::after_stimulus() {
  if (phase_ == Phase::Stimulus && planned_->row != oracle::kNoRow) row_possible_ |= oracle_.fired(planned_->row);
  if (Status alive = session_->barrier(); !alive) {
    give_up(Verdict::TargetDied, conform::to_string(alive.diagnostics()));
    return;
  }
  observe();
  if (done_) return;
  oracle_.settle(target_->now());
  if (oracle_.refuted()) {
    finish();
    return;
  }
  explain_last();
  waiting_ = Waiting::Settling;
  wake_ = {};
}

void CaseRun::start_wait(const spec::WaitStep& wait) {
  const std::int64_t ms = wait.at_most.evaluate(oracle_.world().values);
  const Duration length = std::chrono::milliseconds(std::max<std::int64_t>(0, ms));
  const bool open_ended = wait.until_state || wait.until_segment;
  if (length > context_->longest_wait && !open_ended) {
    give_up(Verdict::Inapplicable, fmt::format("{}: {} s", to_string(Lack::FixedTimer), ms / 1000));
    return;
  }
  record(TraceEntry::What::Wait, wait.until_state ? fmt::format("until {}", to_string(*wait.until_state))
                                 : wait.until_segment ? "until " + wait.until_segment->text : wait.at_most.text());
  wait_ = &wait;
  wait_deadline_ = target_->now() + std::min(length, context_->longest_wait);
  waiting_ = Waiting::Step;
  wake_ = {};
}

bool CaseRun::until_met() const {
  if (wait_->until_state) return oracle_.world().state == *wait_->until_state;
  if (!wait_->until_segment) return false;
  return std::ranges::any_of(sent_, [&](const wire::Segment& segment) {
    return oracle::matches(*wait_->until_segment, segment, oracle_.world());
  });
}

bool CaseRun::wait_is_over(Time now) {
  if (waiting_ == Waiting::Settling) return oracle_.next_deadline(now, kSettleHorizon) == kNever;
  if (until_met()) return true;
  if (now < wait_deadline_) return false;
  if (!target_->capabilities().virtual_time && now - wait_deadline_ > kLate) late_ = true;
  if (!wait_->until_state && !wait_->until_segment) return true;
  const Duration asked = std::chrono::milliseconds(wait_->at_most.evaluate(oracle_.world().values));
  if (asked > context_->longest_wait) {
    give_up(Verdict::Inapplicable, std::string(to_string(Lack::FixedTimer)));
  } else if (wait_->until_state) {
    expectation_failed(Kind::WrongState, fmt::format("state {}", to_string(*wait_->until_state)),
                       fmt::format("state {}", to_string(oracle_.world().state)));
  } else {
    expectation_failed(Kind::MissingSegment, wait_->until_segment->text, "no such segment");
  }
  return true;
}

Time CaseRun::next_wake(Time now) const {
  const Duration horizon = waiting_ == Waiting::Settling ? kSettleHorizon : wait_deadline_ - now;
  Time wake = oracle_.next_deadline(now, horizon);
  if (waiting_ == Waiting::Step) wake = std::min(wake, wait_deadline_);
  if (!target_->capabilities().virtual_time) {
    wake = std::min(wake, now + kStatePoll);
  } else if (waiting_ == Waiting::Step && wait_->until_state) {
    wake = std::min(wake, now + std::chrono::seconds(1));
  }
  return wake;
}

// ---- what the target did

void CaseRun::observe() {
  see_observations();
  const wire::State before = last_state_;
  see_state();
  // What a timer did between the two looks belongs to the new state.
  if (last_state_ != before) see_observations();
  note_fired();
}

bool CaseRun::see_observations() {
  const std::vector<Observation> observations = session_->drain();
  for (const Observation& observation : observations) {
    if (oracle_.refuted() && !context_->keep_trace) break;
    if (const auto* datagram = std::get_if<Datagram>(&observation.what)) {
      see_datagram(observation, *datagram);
      continue;
    }
    const auto& signal = std::get<Signal>(observation.what);
    std::string text(conform::to_string(signal.kind));
    if (signal.kind == SignalKind::ReceiveDone) {
      text += fmt::format(", {}, {} octets", conform::to_string(signal.reply.answer), signal.reply.text.size());
    }
    record(TraceEntry::What::Signal, text, {}, observation.at);
    signals_.push_back(signal.kind);
    oracle_.signalled(signal, observation.at);
  }
  return !observations.empty();
}

void CaseRun::see_datagram(const Observation& observation, const Datagram& datagram) {
  const auto parsed = packet::parse(datagram);
  if (!parsed) {
    record(TraceEntry::What::Note, "a datagram that is not TCP", datagram, observation.at);
    return;
  }
  std::string malformed = parsed->malformed;
  if (malformed.empty() && !parsed->checksum_ok) malformed = "wrong checksum";
  if (malformed.empty() && parsed->segment.reserved != 0) malformed = "reserved bits are set";
  record(TraceEntry::What::Emitted, to_string(parsed->segment, oracle_.world(), true), datagram, observation.at);
  sent_.push_back(parsed->segment);
  oracle_.emitted(parsed->segment, malformed, observation.at);
  explain_last();
  if (sent_.size() > kStorm && !oracle_.refuted()) {
    Finding storm;
    storm.kind = Kind::UnexpectedSegment;
    storm.row = "(storm)";
    storm.allowed = "a bounded number of segments";
    storm.observed = fmt::format("more than {} segments", kStorm);
    fail(std::move(storm));
  }
}

void CaseRun::see_state() {
  if (!target_->capabilities().sees_state || done_) return;
  const auto state = session_->state();
  if (!state) return;
  if (*state != last_state_) {
    record(TraceEntry::What::State, std::string(to_string(*state)));
    transitions_.emplace_back(last_state_, *state);
    last_state_ = *state;
  }
  oracle_.in_state(*state, target_->now());
}

void CaseRun::note_fired() {
  for (const oracle::Fired& fired : oracle_.world().fired) {
    if (std::ranges::find(fired_, fired) == fired_.end()) fired_.push_back(fired);
  }
  if (phase_ == Phase::Stimulus && planned_->row != oracle::kNoRow) row_fired_ |= oracle_.fired(planned_->row);
}

// ---- expectations

void CaseRun::expectation_failed(Kind kind, const std::string& wanted, const std::string& got) {
  Finding finding;
  finding.kind = kind;
  finding.row = result_.id;
  finding.level = result_.level;
  finding.cite = result_.cites;
  finding.allowed = wanted;
  finding.observed = got;
  fail(std::move(finding));
}

void CaseRun::check_expectations(const spec::ExpectStep& expected) {
  const oracle::World& world = oracle_.world();
  std::string seen;
  for (const wire::Segment& segment : sent_) seen += (seen.empty() ? "" : " ") + to_string(segment, world, true);
  if (seen.empty()) seen = "nothing was sent";
  auto from = sent_.begin();
  for (const spec::SegmentTemplate& pattern : expected.emit) {
    from = std::find_if(from, sent_.end(), [&](const wire::Segment& s) { return oracle::matches(pattern, s, world); });
    if (from == sent_.end()) return expectation_failed(Kind::MissingSegment, "emit " + pattern.text, seen);
    ++from;
  }
  for (const spec::SegmentTemplate& pattern : expected.no_emit) {
    if (std::ranges::any_of(sent_, [&](const wire::Segment& s) { return oracle::matches(pattern, s, world); })) {
      return expectation_failed(Kind::UnexpectedSegment, "not " + pattern.text, seen);
    }
  }
  if (expected.silence && !sent_.empty()) return expectation_failed(Kind::UnexpectedSegment, "silence", seen);
  if (expected.state && *expected.state != world.state) {
    return expectation_failed(Kind::WrongState, fmt::format("state {}", to_string(*expected.state)),
                              fmt::format("state {}", to_string(world.state)));
  }
  for (const spec::SignalSet& any_of : expected.signals) {
    const bool came = std::ranges::any_of(signals_, [&](SignalKind kind) { return any_of.test(static_cast<std::size_t>(kind)); });
    if (!came) {
      std::string wanted;
      for (SignalKind kind : kAllSignals) {
        if (any_of.test(static_cast<std::size_t>(kind))) wanted += (wanted.empty() ? "" : " or ") + std::string(conform::to_string(kind));
      }
      return expectation_failed(Kind::MissingSignal, "signal " + wanted, "no such signal");
    }
  }
  if (expected.reply && (!answer_ || !expected.reply->test(static_cast<std::size_t>(*answer_)))) {
    return expectation_failed(Kind::WrongReply, "another reply", answer_ ? std::string(conform::to_string(*answer_)) : "none");
  }
  if (expected.received) {
    const std::int64_t wanted = expected.received->evaluate(world.values);
    const auto got = static_cast<std::int64_t>(oracle_.received());
    if (got != wanted) {
      return expectation_failed(got < wanted ? Kind::LostBytes : Kind::InventedBytes, fmt::format("{} octets received", wanted),
                                fmt::format("{} octets", got));
    }
  }
  sent_.clear();
  signals_.clear();
  answer_.reset();
}

// ---- the end

void CaseRun::append_epilogue() {
  epilogue_appended_ = true;
  if (!planned_->epilogue) return;
  for (const spec::Epilogue& epilogue : context_->paths->epilogues) {
    if (!spec::has(epilogue.states, oracle_.world().state)) continue;
    for (const spec::ScenarioStep& step : epilogue.steps) epilogue_.push_back({Phase::Epilogue, step});
  }
}

void CaseRun::fail(Finding finding) {
  if (done_) return;
  static constexpr const char* kWhere[] = {"on the way there", "while preparing", "", "in what was tried afterwards"};
  const std::string where = kWhere[static_cast<std::size_t>(phase_)];
  result_.verdict = late_ ? Verdict::Inconclusive : Verdict::Deviates;
  result_.reason = fmt::format("{}: {}{}", conform::to_string(finding.kind), finding.observed, where.empty() ? "" : ", " + where);
  if (late_) result_.reason = "the harness was late: " + result_.reason;
  result_.finding = std::move(finding);
  done_ = true;
}

void CaseRun::finish() {
  if (done_) return;
  if (auto finding = oracle_.finding()) {
    explain_last();
    fail(std::move(*finding));
    return;
  }
  if (planned_->row != oracle::kNoRow && !row_tried() && way_finding_) {
    phase_ = Phase::Situation;
    fail(std::move(*way_finding_));
    return;
  }
  if (planned_->row != oracle::kNoRow && !row_tried()) {
    give_up(Verdict::Inconclusive, "the row could not fire: the target's variables were not as planned");
    return;
  }
  result_.verdict = Verdict::Conforms;
  done_ = true;
}

void CaseRun::give_up(Verdict verdict, std::string reason) {
  if (done_) return;
  while (!reason.empty() && reason.back() == '\n') reason.pop_back();
  result_.verdict = verdict;
  result_.reason = std::move(reason);
  done_ = true;
}

CaseResult CaseRun::take_result() {
  result_.duration = target_->now() - started_;
  for (const oracle::Fired& fired : fired_) {
    const std::string& id = context_->program->row(fired.row).full_id;
    if (std::ranges::find(result_.rows_fired, id) == result_.rows_fired.end()) result_.rows_fired.push_back(id);
  }
  return std::move(result_);
}

void CaseRun::record(TraceEntry::What what, std::string text, Datagram datagram, Time at) {
  if (!context_->keep_trace) return;
  TraceEntry entry;
  entry.at = (at == Time{} ? target_->now() : at) - started_;
  entry.what = what;
  entry.text = std::move(text);
  entry.datagram = std::move(datagram);
  result_.trace.push_back(std::move(entry));
}

// The newest row that fired explains the newest entry of the trace.
void CaseRun::explain_last() {
  if (!context_->keep_trace || result_.trace.empty() || oracle_.refuted()) return;
  const oracle::World& world = oracle_.world();
  if (world.fired.empty() || !result_.trace.back().verdict.empty()) return;
  result_.trace.back().verdict = context_->program->row(world.fired.back().row).full_id;
}

}  // namespace conform
