#include "harness/check/conversation.h"

#include <algorithm>

#include <fmt/format.h>

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
// A target that answers one stimulus with more segments than this that bring neither new text nor a SYN or FIN is
// babbling.
constexpr std::size_t kStorm = 500;

// The peer's initial sequence number: close below the wrap, so that every connection crosses it.
wire::SeqNum peer_iss(std::uint64_t seed) { return wire::SeqNum(0xffffffe0u - static_cast<std::uint32_t>(seed * 7 % 16)); }

oracle::Config oracle_config(const ConversationConfig& config, const Target& target) {
  oracle::Config result;
  result.profile = config.profile;
  result.peer_iss = peer_iss(config.seed);
  result.default_mss = config.family == Family::Ipv6 ? 1220 : 536;
  result.slack = target.capabilities().reaction;
  result.sees_state = target.capabilities().sees_state;
  return result;
}

Reply unsupported(std::string why) {
  Reply reply;
  reply.answer = Answer::Unsupported;
  reply.why = std::move(why);
  return reply;
}
}  // namespace

Conversation::Conversation(const oracle::Program& program, Target& target, const ConversationConfig& config)
    : program_(&program), target_(&target), keep_trace_(config.keep_trace), oracle_(program, oracle_config(config, target)) {
  started_ = target.now();
  SessionConfig session;
  session.peer_port = config.peer_port;
  session.family = config.family;
  session.seed = config.seed;
  auto opened = target.open(session);
  if (!opened) {
    died_ = conform::to_string(opened.diagnostics());
    return;
  }
  session_ = std::move(*opened);
  started_ = target.now();
}

// ---- stimuli

// What a real clock has let the target do since is no answer to what is done now.
void Conversation::begin_stimulus() {
  if (!target_->capabilities().virtual_time) observe();
  without_news_ = 0;
}

// The target has been given something: what it does at once is seen and judged now.
void Conversation::end_stimulus() {
  if (Status alive = session_->barrier(); !alive) {
    died_ = conform::to_string(alive.diagnostics());
    return;
  }
  observe();
  if (over()) return;
  oracle_.settle(target_->now());
  if (over()) return;
  explain_last();
  waiting_ = Waiting::Settling;
  wake_ = {};
}

Reply Conversation::call(UserCall call) {
  if (!target_->capabilities().calls.contains(call.verb)) {
    return unsupported(fmt::format("the target has no {} call", conform::to_string(call)));
  }
  begin_stimulus();
  if (over()) return {};
  if (call.verb == Verb::Send) {
    const oracle::World& world = oracle_.world();
    call.text = oracle::user_text(world.seq(spec::Var::SndEnd).raw() - (world.seq(spec::Var::Iss) + 1).raw(), call.length);
  }
  if (keep_trace_) record(TraceEntry::What::Call, conform::to_string(call));
  Reply reply = session_->call(call);
  if (reply.answer == Answer::Unsupported) {
    if (keep_trace_) record(TraceEntry::What::Reply, "unsupported: " + reply.why);
    return reply;
  }
  if (keep_trace_) {
    std::string text(conform::to_string(reply.answer));
    if (!reply.text.empty()) text += fmt::format(", {} octets", reply.text.size());
    if (reply.state) text += fmt::format(", state = {}", to_string(*reply.state));
    record(TraceEntry::What::Reply, std::move(text));
  }
  seen_.answer = reply.answer;
  oracle_.call(call, reply, target_->now());
  end_stimulus();
  return reply;
}

void Conversation::send(wire::Segment segment, spec::Damage damage, const std::string& written) {
  begin_stimulus();
  if (over()) return;
  const SocketPair& sockets = session_->sockets();
  segment.source_port = sockets.peer_port;
  segment.destination_port = sockets.target_port;
  peer_.says(segment);
  const Datagram datagram = packet::build(segment, sockets, damage);
  if (keep_trace_) {
    std::string text = to_string(segment, oracle_.world(), false);
    if (damage != spec::Damage::None) text += " damaged on purpose: " + written;
    record(TraceEntry::What::Injected, std::move(text), datagram);
  }
  if (Status injected = session_->inject(datagram); !injected) {
    died_ = conform::to_string(injected.diagnostics());
    return;
  }
  oracle_.arrive(segment, !spec::spoils_header(damage), damage != spec::Damage::Security, target_->now());
  end_stimulus();
}

void Conversation::peer_does(const spec::PeerStep& step) {
  begin_stimulus();
  if (over()) return;
  if (auto answer = peer_.does(step, oracle_.world())) send(std::move(*answer));
}

void Conversation::wait(Time deadline, const std::string& written, std::function<bool()> until) {
  begin_stimulus();
  if (over()) return;
  record(TraceEntry::What::Wait, written);
  until_ = std::move(until);
  until_held_ = false;
  deadline_ = deadline;
  waiting_ = Waiting::Step;
  wake_ = {};
}

// ---- time

Time Conversation::resume() {
  if (waiting_ == Waiting::No || over()) {
    waiting_ = Waiting::No;
    return kNever;
  }
  const Time now = target_->now();
  // Woken by another's packet: without news of its own there is nothing to do before its time.
  if (!see_observations() && now < wake_) return wake_;
  observe();
  if (!over()) oracle_.pass(now);
  if (!over() && !wait_is_over(now)) return wake_ = next_wake(now);
  if (!over() && waiting_ == Waiting::Step) oracle_.settle(now);
  waiting_ = Waiting::No;
  until_ = nullptr;
  return kNever;
}

bool Conversation::wait_is_over(Time now) {
  if (waiting_ == Waiting::Settling) return oracle_.next_deadline(now, kSettleHorizon) == kNever;
  until_held_ = until_ && until_();
  if (until_held_) return true;
  if (now < deadline_) return false;
  if (!target_->capabilities().virtual_time && now - deadline_ > kLate) late_ = true;
  return true;
}

Time Conversation::next_wake(Time now) const {
  const Duration horizon = waiting_ == Waiting::Settling ? kSettleHorizon : deadline_ - now;
  Time wake = oracle_.next_deadline(now, horizon);
  if (waiting_ == Waiting::Step) wake = std::min(wake, deadline_);
  if (!target_->capabilities().virtual_time) {
    wake = std::min(wake, now + kStatePoll);
  } else if (waiting_ == Waiting::Step && until_) {
    wake = std::min(wake, now + std::chrono::seconds(1));
  }
  return wake;
}

// ---- what the target did

void Conversation::observe() {
  see_observations();
  const wire::State before = last_state_;
  see_state();
  // What a timer did between the two looks belongs to the new state.
  if (last_state_ != before) see_observations();
}

bool Conversation::see_observations() {
  const std::vector<Observation> observations = session_->drain();
  for (const Observation& observation : observations) {
    if (oracle_.refuted() && !keep_trace_) break;
    if (const auto* datagram = std::get_if<Datagram>(&observation.what)) {
      see_datagram(observation, *datagram);
    } else {
      see_signal(observation, std::get<Signal>(observation.what));
    }
  }
  return !observations.empty();
}

void Conversation::see_datagram(const Observation& observation, const Datagram& datagram) {
  const auto parsed = packet::parse(datagram);
  if (!parsed) {
    record(TraceEntry::What::Note, "a datagram that is not TCP", datagram, observation.at);
    return;
  }
  std::string malformed = parsed->malformed;
  if (malformed.empty() && !parsed->checksum_ok) malformed = "wrong checksum";
  if (malformed.empty() && parsed->segment.reserved != 0) malformed = "reserved bits are set";
  if (keep_trace_) record(TraceEntry::What::Emitted, to_string(parsed->segment, oracle_.world(), true), datagram, observation.at);
  if (!peer_.sees(parsed->segment)) ++without_news_;
  oracle_.emitted(parsed->segment, malformed, observation.at);
  seen_.segments.push_back(parsed->segment);
  explain_last();
  if (without_news_ > kStorm && !over()) {
    storm_ = Finding{};
    storm_->kind = Kind::UnexpectedSegment;
    storm_->row = "(storm)";
    storm_->allowed = "a bounded number of segments";
    storm_->observed = fmt::format("more than {} segments after one stimulus that say nothing new", kStorm);
  }
}

void Conversation::see_signal(const Observation& observation, const Signal& signal) {
  if (keep_trace_) {
    std::string text(conform::to_string(signal.kind));
    if (signal.kind == SignalKind::ReceiveDone) {
      text += fmt::format(", {}, {} octets", conform::to_string(signal.reply.answer), signal.reply.text.size());
    }
    record(TraceEntry::What::Signal, std::move(text), {}, observation.at);
  }
  seen_.signals.push_back(signal.kind);
  oracle_.signalled(signal, observation.at);
}

void Conversation::see_state() {
  if (!target_->capabilities().sees_state || over()) return;
  const auto state = session_->state();
  if (!state) return;
  if (*state != last_state_) {
    if (keep_trace_) record(TraceEntry::What::State, std::string(to_string(*state)));
    transitions_.emplace_back(last_state_, *state);
    last_state_ = *state;
  }
  oracle_.in_state(*state, target_->now());
}

void Conversation::forget() {
  seen_.segments.clear();
  seen_.signals.clear();
  seen_.answer.reset();
}

// ---- the trace

void Conversation::record(TraceEntry::What what, std::string text, Datagram datagram, Time at) {
  if (!keep_trace_) return;
  TraceEntry entry;
  entry.at = (at == Time{} ? target_->now() : at) - started_;
  entry.what = what;
  entry.text = std::move(text);
  entry.datagram = std::move(datagram);
  trace_.push_back(std::move(entry));
}

// The newest row that fired explains the newest entry of the trace.
void Conversation::explain_last() {
  if (!keep_trace_ || trace_.empty() || oracle_.refuted()) return;
  const oracle::World& world = oracle_.world();
  if (world.fired.empty() || !trace_.back().verdict.empty()) return;
  trace_.back().verdict = program_->row(world.fired.back().row).full_id;
}

}  // namespace conform
