// Table owns the RFC's event-processing table as it is loaded: sections of steps of rows, and standing obligations.
// It is what specs/table says, and nothing else; harness/oracle executes it.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/spec/expression.h"
#include "harness/spec/template.h"
#include "harness/target/user.h"
#include "stack/wire/state.h"

namespace conform::spec {

// Where a thing stands in its file, from 1.
struct Mark {
  std::string file;
  int line = 0;
  int column = 0;
};

using StateSet = std::bitset<wire::kAllStates.size()>;
inline bool has(const StateSet& set, wire::State state) { return set[static_cast<std::size_t>(state)]; }

enum class Profile : std::uint8_t { Rfc793, Rfc9293 };
using ProfileSet = std::bitset<2>;
inline bool has(const ProfileSet& set, Profile profile) { return set[static_cast<std::size_t>(profile)]; }

enum class Level : std::uint8_t { May, Should, Must };

// What a section's steps answer to.
enum class Event : std::uint8_t {
  CallOpen, CallSend, CallReceive, CallClose, CallAbort, CallStatus,
  Segment,          // SEGMENT ARRIVES
  Timeout,          // a timer of the target's own; seen by its effects
  EmissionForm,     // true of every segment that the target sends
  Emission,         // why the target may send a segment that no row's `emit` asks for
  EmissionAccount,  // what every sent segment changes in the model
};

enum class Then : std::uint8_t { Continue, Return, GoTo };

// Effects that are not assignments; see specs/LANGUAGE.md.
enum class Action : std::uint8_t { SelectIss, TakeText, HoldText, LeaveUnspecified };

struct Assignment {
  Var target;
  Expression value;
};
using Effect = std::variant<Assignment, Action>;

using AnswerSet = std::bitset<kAllAnswers.size()>;
using SignalSet = std::bitset<kAllSignals.size()>;

// One thing that a row allows to happen. All of it happens, or another alternative does.
struct Behaviour {
  std::vector<Effect> effects;                  // first
  std::vector<SegmentTemplate> emit;            // then: each must be sent at once
  std::vector<SegmentTemplate> may_emit;        // each may be sent at once
  std::vector<SignalSet> signals;               // each must be signalled: one of the set
  SignalSet may_signal;                         // may be signalled
  std::optional<AnswerSet> reply;               // user calls: the immediate answer is one of these
  std::optional<wire::State> next;              // then the state changes; CLOSED and LISTEN delete the TCB's contents
  Then then = Then::Continue;
  std::string go_to;                            // "3.10.7.4/sixth"
  std::string violation;                        // emission form: the segment is wrong, and this is why
  std::optional<Level> misses;                  // whoever behaves so misses a requirement of this level
  std::optional<ProfileSet> profiles;           // narrower than the row's
  std::string label;                            // a word that tells alternatives apart; may be empty
  std::vector<std::string> cite;
  std::string why;
};

struct Row {
  std::string id;                               // "rst-in-window"
  std::string full_id;                          // "3.10.7.4/second/rst-in-window"
  std::string gloss;                            // one line
  StateSet states;
  Expression when;
  ProfileSet profiles;                          // both unless said
  Level level = Level::Must;
  std::string needs;                            // a capability word, e.g. "security"; empty for none
  std::vector<Behaviour> alternatives;          // at least one unless cannot_happen
  std::string cannot_happen;                    // why no behaviour is needed: reaching this row is an error of the table
  std::vector<std::string> overlaps;            // ids of rows of this step whose guards may hold together with this one's
  std::vector<std::string> requirements;        // "MUST-58"
  std::vector<std::string> cite;
  Mark mark;
};

// Whether only a target's mistake fires the row: it is there to tell mistakes apart, not to be exercised.
inline bool is_departure(const Row& row) {
  for (const Behaviour& behaviour : row.alternatives) {
    if (behaviour.violation.empty() && !behaviour.misses) return false;
  }
  return !row.alternatives.empty();
}

struct Step {
  std::string name;                             // "second"
  std::string title;
  Event event = Event::Segment;
  std::vector<Row> rows;
  Mark mark;
};

struct Section {
  std::string number;                           // "3.10.7.4"
  std::string title;
  StateSet states;                              // segments: the states this section is entered in
  std::vector<Step> steps;
  Mark mark;
};

// What a target owes for as long as a condition holds. Owed since `since` (or since the condition became true), it
// must be gone within `within` milliseconds.
struct Obligation {
  std::string id;
  std::string full_id;                          // "3.8.6.3/acknowledge-text"
  std::string gloss;
  StateSet states;
  Expression when;                              // `while:`
  std::optional<Expression> since;              // an absolute time in ms
  Expression within;                            // ms
  Level level = Level::Must;
  ProfileSet profiles;
  std::vector<std::string> requirements;
  std::vector<std::string> cite;
  Mark mark;
};

struct Definition {
  std::string name;
  Expression value;
  std::vector<std::string> cite;
  Mark mark;
};

// A class of events, for the matrix of states x classes.
struct EventClass {
  std::string name;                             // "SYN", "data out of order"
  Event event = Event::Segment;
  Expression when;
  struct Cannot { StateSet states; std::string because; };
  std::vector<Cannot> cannot_happen;
  Mark mark;
};

struct Table {
  std::string version;
  std::vector<Definition> definitions;
  std::vector<Section> sections;                // in the order of their numbers
  std::vector<Obligation> obligations;
  std::vector<EventClass> classes;
};

}  // namespace conform::spec
