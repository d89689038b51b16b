// Oracle owns the judgement of a sequence of events: it keeps every world that what was observed still allows, and says
// what was allowed when none is left.
//
// The caller tells it what happens in order: a stimulus (arrive, call), then what the target did (emitted, signalled,
// reply, state), then settle() when whatever had to come at once must have come, and pass() as time goes by.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/base/time.h"
#include "harness/oracle/finding.h"
#include "harness/oracle/program.h"
#include "harness/oracle/world.h"
#include "harness/target/user.h"
#include "stack/wire/segment.h"

namespace conform::oracle {

struct Config {
  spec::Profile profile = spec::Profile::Rfc9293;
  wire::SeqNum peer_iss;             // the initial sequence number that the harness's peer uses
  std::uint16_t default_mss = 536;   // 1220 over IPv6 (RFC 9293 3.7.1)
  Duration slack{};                  // how late a target may be for what has a deadline
  bool sees_state = true;            // the target's state is told; otherwise timeouts that may have fired are guessed
};

class Oracle {
 public:
  // The program must outlive the oracle. Starts in CLOSED.
  Oracle(const Program& program, const Config& config);

  // ---- stimuli
  // A segment arrives at the target. `valid`: header well formed, checksum right. `secure`: security label matches.
  void arrive(const wire::Segment& segment, bool valid, bool secure, Time now);
  // A user call, and the answer it got at once.
  void call(const UserCall& call, const Reply& reply, Time now);

  // ---- what the target did
  // It sent a segment. `malformed` says what is wrong with its form, empty if nothing.
  void emitted(const wire::Segment& segment, const std::string& malformed, Time at);
  void signalled(const Signal& signal, Time at);
  void in_state(wire::State state, Time at);
  // Everything that had to come at once has come, or is missing.
  void settle(Time now);
  // Time has come to `now`: what was owed until then must be gone.
  void pass(Time now);

  // The next point at which something that is owed becomes overdue; kNever if nothing is owed. Of every world the
  // earliest; deadlines further off than `horizon` from `now` are left out.
  Time next_deadline(Time now, Duration horizon) const;

  // ---- what is known
  // Nothing is left that could explain the target; finding() says why.
  bool refuted() const { return worlds_.empty(); }
  // Something has come of which the RFC does not say what follows: nothing more can be judged.
  bool unspecified() const;
  // The reason for the verdict: of the refutation, or of what the lightest world had to assume. Nothing: it conforms.
  std::optional<Finding> finding() const;
  // The lightest world that is left; the last one there was when refuted.
  const World& world() const;
  const std::vector<World>& worlds() const { return worlds_; }
  // The rows that explain what was observed since the last stimulus, in the lightest world.
  std::vector<std::string> explanation() const;
  // Octets that RECEIVE delivered so far.
  std::uint64_t received() const { return received_; }

  // Forgets what had to be assumed so far: it has been reported with the way that led here.
  void forgive();

  // Watches this row from now on; kNoRow watches none any longer, and what is known of the last stays.
  void watch(RowNumber row) { watched_ = row; }
  // The watched row was among what could have happened, whatever the target chose.
  bool watched_possible() const { return watched_possible_; }
  // It is among what explains the target: in a world that is left, or in one that nothing tells from such.
  bool watched_fired() const;
  // Whether this row of a timeout is free to fire at `later` if nothing happens until then.
  bool due(RowNumber row, Time later) const;

 private:
  friend class Rehearsal;

  // A world that the event has refuted. It stays among the worlds, as it was then, until the event is concluded: only
  // if no other is left does anybody want to hear why.
  struct Failure {
    std::size_t world = 0;
    Kind kind = Kind::UnexpectedSegment;
    RowNumber row = kNoRow;
    int rank = 0;    // how far the world got before it failed: the larger, the better the explanation
  };
  // The best reason so far for which no world is left.
  struct Refutation {
    Finding finding;
    int weight = 0;
    int rank = 0;
  };

  static spec::Event event_of(Verb verb);
  void begin(Time now);
  void process_segment(const wire::Segment& segment, bool valid, bool secure);
  void process_call(const UserCall& call);
  void guess_timeouts();
  void process(std::vector<World>& out, spec::Event event, std::size_t step, int depth,
               const spec::Section* section = nullptr);
  void act(World& world, RowNumber row, std::size_t alternative, RowNumber displaced = kNoRow);
  void perform(World& world, spec::Action action);
  void expect(World& world, RowNumber row, const spec::Behaviour& behaviour);

  bool explain_segment(World& world, const wire::Segment& segment);
  RowNumber responsible(const World& world) const;
  RowNumber led_here(const World& world) const;
  std::size_t find_expected(const World& world, const wire::Segment& segment) const;
  bool match_expected(World& world, const wire::Segment& segment);
  bool match_emission(World& world);
  void take_piggybacked(World& world, const wire::Segment& segment);
  void account(World& world);
  RowNumber broken_form(World& world, const std::string& malformed, bool expected);
  Failure unexplained(std::size_t number, const wire::Segment& segment) const;
  Finding form_finding(const World& world, RowNumber row, const std::string& malformed) const;
  bool explain_signal(World& world, const Signal& signal);
  bool take_received(World& world, const Reply& reply, std::uint32_t room, Finding* why);
  bool check_reply(World& world, const UserCall& call, const Reply& reply, Finding* why);
  std::vector<World> timeouts(const World& world);
  template <typename Explains>
  std::size_t run_out(std::size_t number, Explains explains);
  void update_owed(World& world);
  std::int64_t deadline_ms(const World& world, std::size_t obligation) const;
  std::size_t overdue(const World& world) const;
  Finding overdue_finding(const World& world) const;

  // Ends an event: drops the worlds that failed. If none is left, `explain` says what is wrong with each.
  template <typename Explain>
  void conclude(Explain explain);
  void drop_failed();
  void tidy();
  void refute(const World& world, Finding finding, int rank);
  Finding blame(const World& world, Kind kind, RowNumber row, std::string observed) const;
  std::string allowed(const World& world) const;

  const Program* program_;
  Config config_;
  std::vector<World> worlds_;        // the lightest first, no two with the same future
  std::vector<World> scratch_;       // room for the next ones
  std::vector<Failure> failures_;    // of the current event, in the order of the worlds
  World last_;                       // the world whose refutation is told, once none is left
  std::optional<Refutation> refutation_;
  bool responding_ = false;          // between a stimulus and settle(): what comes is an answer, no timer's doing
  RowNumber watched_ = kNoRow;
  bool watched_possible_ = false;
  std::uint64_t received_ = 0;
  Time now_{};
};

template <typename Explain>
void Oracle::conclude(Explain explain) {
  if (failures_.size() == worlds_.size()) {
    for (const Failure& failure : failures_) {
      const World& world = worlds_[failure.world];
      refute(world, explain(world, failure), failure.rank);
    }
  }
  drop_failed();
  tidy();
}

// The worlds in which one of the target's own timers has just run out, and which explain what came, take the place of
// this one. Gives how many they are.
template <typename Explains>
std::size_t Oracle::run_out(std::size_t number, Explains explains) {
  std::vector<World> later = timeouts(worlds_[number]);
  std::erase_if(later, [&](World& world) {
    if (!explains(world)) return true;
    update_owed(world);
    return false;
  });
  if (later.empty()) return 0;
  worlds_[number] = later.front();
  worlds_.insert(worlds_.begin() + static_cast<std::ptrdiff_t>(number) + 1, later.begin() + 1, later.end());
  return later.size();
}

// The notation of an expectation with its values, relative to ISS and IRS: "<SEQ=ISS+1><ACK=IRS+1><CTL=ACK>".
std::string to_string(const ExpectedSegment& expected, const World& world);
// A segment in the same notation, so that both can be held side by side. `from_target` says whose sequence space SEQ is in.
std::string to_string(const wire::Segment& segment, const World& world, bool from_target);

}  // namespace conform::oracle
