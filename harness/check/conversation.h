// Conversation owns one connection under test while it is judged: it hands stimuli to the target, tells the oracle what
// came of them, and keeps the trace. It never blocks: while it is busy it wants to be resumed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/peer.h"
#include "harness/check/verdict.h"
#include "harness/oracle/oracle.h"
#include "harness/spec/scenario.h"
#include "harness/target/target.h"
#include "stack/wire/segment.h"

namespace conform {

struct ConversationConfig {
  spec::Profile profile = spec::Profile::Rfc9293;
  std::uint64_t seed = 1;
  Family family = Family::Ipv4;
  std::uint16_t peer_port = 20000;
  bool keep_trace = true;
};

class Conversation {
 public:
  // Opens a session of the target; died() says so when there is none. The program and the target must outlive it.
  Conversation(const oracle::Program& program, Target& target, const ConversationConfig& config);

  // ---- stimuli: each hands one thing to the target and judges what it does at once. Then busy(), until what the target
  // owes soon has come or is overdue; or over().
  // A SEND's text is the user's stream. An answer `Unsupported` means that nothing has happened.
  Reply call(UserCall call);
  // Sends a segment whose ports do not matter. `written` is how the spec has it, for the trace of a damaged one.
  void send(wire::Segment segment, spec::Damage damage = spec::Damage::None, const std::string& written = {});
  void peer_does(const spec::PeerStep& step);
  // Lets time pass until `deadline`, or until `until` holds, if it is given. `written` is for the trace.
  void wait(Time deadline, const std::string& written, std::function<bool()> until = nullptr);

  // ---- progress
  bool busy() const { return waiting_ != Waiting::No; }
  // Goes on with what it is busy with. Gives when to be resumed at the latest; kNever when no longer busy.
  Time resume();
  // Nothing more can be done: the target deviates, or has died, or the RFC says nothing of what follows.
  bool over() const { return oracle_.refuted() || storm_ || !died_.empty() || oracle_.unspecified(); }
  // Why the target is taken for dead; empty if it is not.
  const std::string& died() const { return died_; }
  // What was wrong so far, if anything.
  std::optional<Finding> finding() const { return storm_ ? storm_ : oracle_.finding(); }
  // The last wait ended because its condition held.
  bool until_held() const { return until_held_; }
  // A wait ended so late that it means nothing: the machine was busy.
  bool late() const { return late_; }

  // ---- what is known
  oracle::Oracle& oracle() { return oracle_; }
  const oracle::World& world() const { return oracle_.world(); }
  const Peer& peer() const { return peer_; }
  Session& session() { return *session_; }
  Time started() const { return started_; }
  const std::vector<std::pair<wire::State, wire::State>>& transitions() const { return transitions_; }
  std::vector<TraceEntry> take_trace() { return std::move(trace_); }
  // Marks the newest entry of the trace with the row that explains it.
  void explain_last();
  void record(TraceEntry::What what, std::string text, Datagram datagram = {}, Time at = {});

  // What the target did since the last forget().
  struct Seen {
    std::vector<wire::Segment> segments;
    std::vector<SignalKind> signals;
    std::optional<Answer> answer;
  };
  const Seen& seen() const { return seen_; }
  void forget();

 private:
  enum class Waiting : std::uint8_t { No, Settling, Step };

  void begin_stimulus();
  void end_stimulus();
  void observe();
  bool see_observations();
  void see_datagram(const Observation& observation, const Datagram& datagram);
  void see_signal(const Observation& observation, const Signal& signal);
  void see_state();
  bool wait_is_over(Time now);
  Time next_wake(Time now) const;

  const oracle::Program* program_;
  Target* target_;
  bool keep_trace_;
  oracle::Oracle oracle_;
  std::unique_ptr<Session> session_;
  Peer peer_;
  Seen seen_;
  std::size_t without_news_ = 0;         // segments since the last stimulus that reach no further than earlier ones
  std::vector<TraceEntry> trace_;
  std::vector<std::pair<wire::State, wire::State>> transitions_;
  wire::State last_state_ = wire::State::Closed;
  std::optional<Finding> storm_;
  std::string died_;
  Waiting waiting_ = Waiting::No;
  std::function<bool()> until_;
  Time deadline_{};
  Time started_{};
  Time wake_{};
  bool until_held_ = false;
  bool late_ = false;
};

}  // namespace conform
