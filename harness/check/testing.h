// Testing owns a target that does what a test's script says, on a clock of the test's own.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/case_run.h"
#include "harness/packet/datagram.h"
#include "harness/spec/reader.h"
#include "stack/wire/notation.h"

namespace conform {

struct FakeTarget;

// What one session is in: its script changes it.
struct FakeState {
  wire::State state = wire::State::Closed;
  wire::SeqNum iss{7000};
  wire::SeqNum snd_nxt{7000}, rcv_nxt;
  bool dead = false;                      // the barrier fails from now on
  std::deque<Observation> out;
  SocketPair sockets;
  FakeTarget* target = nullptr;
  Session* session = nullptr;

  // Sends now, with SEQ SND.NXT and ACK RCV.NXT; gives the segment's place to change it.
  void send(std::string_view flags, std::uint16_t wnd = 60000);
  void send(wire::Segment segment);
  void signal(SignalKind kind);
};

// A TCP that knows a passive open, a handshake and challenges, and is told by hooks to do otherwise.
struct FakeTarget : Target {
  std::function<void(FakeState&, const wire::Segment&)> on_segment;            // instead of the usual
  std::function<std::optional<Reply>(FakeState&, const UserCall&)> on_call;    // nothing: the usual
  std::function<void(FakeState&)> on_time;                                     // after each wait
  std::function<bool(int)> opens = [](int) { return true; };                   // whether the n-th session can be had
  Capabilities able;
  Time clock{};
  std::vector<Time> waits;
  int opened = 0, alive = 0;
  std::vector<FakeState*> sessions;

  FakeTarget() { able.calls = {Verb::Open, Verb::Send, Verb::Receive, Verb::Close, Verb::Abort, Verb::Status}; }

  std::string name() const override { return "fake"; }
  std::string version() const override { return "fake 1"; }
  const Capabilities& capabilities() const override { return able; }
  Result<std::unique_ptr<Session>> open(const SessionConfig& config) override;
  Time now() const override { return clock; }
  std::vector<Session*> wait(Time deadline) override {
    waits.push_back(deadline);
    if (deadline != kNever && deadline > clock) clock = deadline;
    std::vector<Session*> news;
    for (FakeState* s : sessions) {
      if (on_time) on_time(*s);
      if (!s->out.empty()) news.push_back(s->session);
    }
    return news;
  }

  // What a good TCP does.
  static void arrives(FakeState& s, const wire::Segment& segment);
  static Reply called(FakeState& s, const UserCall& call);
};

inline wire::Flags flags_of(std::string_view names) {
  const auto pattern = spec::parse_segment("<CTL=" + std::string(names) + ">", {});
  return *pattern->ctl;
}

inline void FakeState::send(wire::Segment segment) {
  SocketPair back = sockets;
  std::swap(back.target_address, back.peer_address);
  std::swap(back.target_port, back.peer_port);
  segment.source_port = sockets.target_port;
  segment.destination_port = sockets.peer_port;
  out.push_back({target->clock, packet::build(segment, back)});
}
inline void FakeState::send(std::string_view flags, std::uint16_t wnd) {
  wire::Segment s;
  s.flags = flags_of(flags);
  s.seq = snd_nxt;
  if (s.flags.ack()) s.ack = rcv_nxt;
  s.wnd = wnd;
  send(s);
}
inline void FakeState::signal(SignalKind kind) { out.push_back({target->clock, Signal{kind, {}}}); }

inline void FakeTarget::arrives(FakeState& s, const wire::Segment& segment) {
  using wire::State;
  wire::Segment reset;
  reset.flags.bits = wire::Flags::kRst;
  reset.seq = segment.ack;
  if (s.state == State::Closed) {
    if (segment.flags.ack()) s.send(reset);
    return;
  }
  if (s.state == State::Listen) {
    if (segment.flags.ack()) return s.send(reset);
    if (!segment.flags.syn()) return;
    s.rcv_nxt = segment.seq + 1;
    s.send("SYN,ACK");
    s.snd_nxt = s.iss + 1;
    s.state = State::SynReceived;
    return;
  }
  if (segment.seq != s.rcv_nxt) return s.send("ACK");
  if (segment.flags.rst()) {
    if (s.state != State::SynReceived) s.signal(SignalKind::ConnectionReset);
    s.state = s.state == State::SynReceived ? State::Listen : State::Closed;
    return;
  }
  if (s.state == State::SynReceived && segment.flags.ack()) s.state = State::Established;
}

inline Reply FakeTarget::called(FakeState& s, const UserCall& call) {
  Reply reply;
  const bool closed = s.state == wire::State::Closed;
  switch (call.verb) {
    case Verb::Open:
      if (closed) s.state = wire::State::Listen;
      if (!closed) reply.answer = Answer::ConnectionAlreadyExists;
      return reply;
    case Verb::Receive: reply.answer = closed ? Answer::ConnectionDoesNotExist : Answer::Queued; return reply;
    case Verb::Status:
      reply.answer = closed ? Answer::ConnectionDoesNotExist : Answer::Ok;
      if (!closed) reply.state = s.state;
      return reply;
    case Verb::Send:
    case Verb::Close:
    case Verb::Abort: reply.answer = closed ? Answer::ConnectionDoesNotExist : Answer::Ok; return reply;
  }
  return reply;
}

class FakeSession : public Session {
 public:
  FakeSession(FakeTarget& target, const SessionConfig& config) : target_(target) {
    state_.target = &target;
    state_.session = this;
    state_.sockets.family = config.family;
    state_.sockets.target_address.bytes = {10, 0, 0, 1};
    state_.sockets.peer_address.bytes = {10, 0, 0, 2};
    state_.sockets.target_port = 80;
    state_.sockets.peer_port = config.peer_port;
    ++target_.alive;
    target_.sessions.push_back(&state_);
  }
  ~FakeSession() override {
    --target_.alive;
    std::erase(target_.sessions, &state_);
  }
  const SocketPair& sockets() const override { return state_.sockets; }
  Reply call(const UserCall& call) override {
    if (target_.on_call) {
      if (auto reply = target_.on_call(state_, call)) return *reply;
    }
    return FakeTarget::called(state_, call);
  }
  Status inject(std::span<const std::uint8_t> datagram) override {
    const auto parsed = packet::parse(datagram);
    if (!parsed || !parsed->malformed.empty() || !parsed->checksum_ok) return Done{};
    (target_.on_segment ? target_.on_segment : FakeTarget::arrives)(state_, parsed->segment);
    return Done{};
  }
  std::vector<Observation> drain() override {
    std::vector<Observation> all(state_.out.begin(), state_.out.end());
    state_.out.clear();
    return all;
  }
  std::optional<wire::State> state() override {
    return target_.able.sees_state ? std::optional(state_.state) : std::nullopt;
  }
  Status barrier() override {
    if (state_.dead) return error("no answer to the probe");
    return Done{};
  }

 private:
  FakeTarget& target_;
  FakeState state_;
};

inline Result<std::unique_ptr<Session>> FakeTarget::open(const SessionConfig& config) {
  if (!opens(opened++)) return error("cannot be started");
  return std::unique_ptr<Session>(std::make_unique<FakeSession>(*this, config));
}

// ---- cases

// The real specs, read once.
struct Rfc {
  spec::Suite suite;
  oracle::Program program;
  explicit Rfc(spec::Suite read) : suite(std::move(read)), program(suite.table) {}
};
inline const Rfc& rfc() {
  static const std::unique_ptr<Rfc> loaded = [] {
    auto suite = spec::read_suite(TCPCONFORM_SOURCE_DIR "/specs");
    if (!suite) throw std::runtime_error(to_string(suite.diagnostics()));
    return std::make_unique<Rfc>(std::move(*suite));
  }();
  return *loaded;
}

// The steps of a scenario: each line is one step, "- call: OPEN passive".
inline std::vector<spec::ScenarioStep> steps(std::string_view yaml) {
  const std::string text = "scenario: a-test\ntitle: a test\nstart: CLOSED+fresh\nsteps:\n" + std::string(yaml);
  auto scenarios = spec::read_scenarios(text, "test.yaml", rfc().suite);
  if (!scenarios) throw std::runtime_error(to_string(scenarios.diagnostics()));
  return scenarios->front().steps;
}

// LISTEN and ESTABLISHED, as ways would have it.
inline constexpr std::string_view kListen = "- call: OPEN passive\n";
inline constexpr std::string_view kEstablished =
    "- call: OPEN passive\n- segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460>\n- segment: <CTL=ACK>\n";

// A case of `way` and then `stimulus`. A row, if named, must fire.
inline PlannedCase planned_case(std::string id, std::string_view way, std::string_view stimulus, const std::string& row = {}) {
  PlannedCase planned;
  planned.about.id = std::move(id);
  planned.about.row = row;
  planned.about.state = planned.fires_in = wire::State::Established;
  planned.epilogue = false;
  if (!row.empty()) planned.row = rfc().program.find_row(row);
  if (!way.empty()) {
    for (const auto& step : steps(way)) planned.steps.push_back({Phase::Way, step});
  }
  if (!stimulus.empty()) {
    for (const auto& step : steps(stimulus)) planned.steps.push_back({Phase::Stimulus, step});
  }
  return planned;
}

// Every entry of a trace on a line of its own.
inline std::string written(const CaseResult& result) {
  std::string text = std::string(to_string(result.verdict)) + ": " + result.reason + "\n";
  for (const TraceEntry& entry : result.trace) {
    text += std::to_string(to_ms(entry.at)) + " " + entry.text + (entry.verdict.empty() ? "" : " | " + entry.verdict) + "\n";
  }
  return text;
}
inline void PrintTo(const CaseResult& result, std::ostream* out) { *out << written(result); }

}  // namespace conform
