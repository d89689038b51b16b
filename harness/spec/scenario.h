// Scenario owns what is done to a target step by step: ways to states, situations, epilogues, stimuli and hand-written
// scenarios, as specs/ say them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/spec/table.h"
#include "harness/target/target.h"

namespace conform::spec {

struct CallStep { UserCall call; };
struct SegmentStep { SegmentTemplate segment; };

// Lets time pass: until the condition or the time, whichever comes first. Missing `until` in time is a deviation.
struct WaitStep {
  Expression at_most;                                  // ms
  std::optional<wire::State> until_state;
  std::optional<SegmentTemplate> until_segment;
};

// The peer's end of the network: of the segments that the target has sent and that occupy sequence space, the peer takes
// one and acknowledges what it then has in order, or one is lost, or one that it has taken comes again. Those on the way
// are counted from the oldest, those taken from the newest; a number beyond them counts on from the first (modulo their
// number). Where there is none, nothing happens.
struct PeerStep {
  enum class What : std::uint8_t { Takes, Loses, TakesAgain };
  What what = What::Takes;
  std::uint8_t which = 0;
  bool operator==(const PeerStep&) const = default;
};
std::string to_string(const PeerStep& step);   // "takes again 0"

// What must have been observed since the step before the preceding `expect`, on top of what the table judges.
struct ExpectStep {
  std::vector<SegmentTemplate> emit;                   // in this order, others may lie between
  std::vector<SegmentTemplate> no_emit;                // none like it
  bool silence = false;                                // nothing was sent
  std::optional<wire::State> state;
  std::vector<SignalSet> signals;
  std::optional<AnswerSet> reply;
  std::optional<Expression> received;                  // octets delivered to the user by RECEIVE so far in the scenario
};

struct ScenarioStep {
  std::variant<CallStep, SegmentStep, WaitStep, PeerStep, ExpectStep> what;
  Mark mark;
};

// A way to reach a state.
struct Way {
  std::string name;                                    // "ESTABLISHED+passive"
  wire::State state = wire::State::Closed;
  std::string from;                                    // the way it goes on from; may be empty
  std::vector<ScenarioStep> steps;                     // after `from`'s
  std::string gloss;
  Mark mark;
};

// What may stand on top of a way: "in-flight", "zero-window".
struct Situation {
  std::string name;
  StateSet states;
  std::vector<ScenarioStep> steps;
  std::string gloss;
  Mark mark;
};

// What is tried after the stimulus, to make the model's variables visible.
struct Epilogue {
  std::string name;
  StateSet states;                                     // the state after the stimulus
  std::vector<ScenarioStep> steps;
  Mark mark;
};

// The boundary values whose product is the sweep, and from which the cases of every row are chosen.
struct Stimuli {
  std::vector<wire::Flags> ctl;
  std::vector<Expression> seq, ack, data, wnd;
  std::vector<SegmentTemplate> segments;               // further single segments, tried as well
  std::vector<UserCall> calls;
  std::vector<Expression> waits;                       // ms
};

struct Paths {
  std::vector<Way> ways;
  std::vector<Situation> situations;
  std::vector<Epilogue> epilogues;
  Stimuli stimuli;
};

struct Scenario {
  std::string name;                                    // "simultaneous-close"
  std::string title;
  std::string start;                                   // a way's name
  std::vector<ScenarioStep> steps;
  std::vector<std::string> cite;
  std::vector<std::string> requirements;
  std::vector<std::string> needs;                      // capability words
  Level level = Level::Must;
  std::optional<Family> family;
  Mark mark;
};

// What is known of a target, from specs/targets/<name>.yaml.
struct KnownDeviation {
  std::vector<std::string> cases;                      // globs over case ids
  std::string row;                                     // the row or obligation violated, or a glob over them
  std::string kind;                                    // "wrong state", ...; empty: any
  std::string clause;
  std::string observed;
  std::string reason;
  Mark mark;
};
struct Inapplicable {
  std::vector<std::string> cases;
  std::string lacks;                                   // a word of specs/LANGUAGE.md's list
  std::string reason;
  Mark mark;
};
struct TargetFile {
  std::string name;
  std::string kind;                                    // "stack", "linux", "adapter"
  std::string title;
  std::vector<std::pair<std::string, std::string>> parameters;   // sysctls and the like, handed to the target as they are
  std::vector<KnownDeviation> deviations;
  std::vector<Inapplicable> inapplicable;
};

// Everything under specs/.
struct Suite {
  Table table;
  Paths paths;
  std::vector<Scenario> scenarios;
};

}  // namespace conform::spec
