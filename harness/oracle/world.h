// World owns one possible state of the target: a shadow TCB, what is expected of the current event, what is owed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "harness/base/inline_vector.h"
#include "harness/oracle/held.h"
#include "harness/oracle/program.h"
#include "harness/spec/variables.h"
#include "harness/target/user.h"
#include "stack/wire/segment.h"

namespace conform::oracle {

// A segment that the current event's rows expect, its fields evaluated when the row fired.
struct ExpectedSegment {
  const spec::SegmentTemplate* pattern = nullptr;
  std::int64_t seq = 0, ack = 0, wnd = 0, up = 0, mss = 0, data = 0;
  RowNumber row = kNoRow;
  bool required = false;
  bool free_seq = false;      // SEQ is an ISS that no one has seen yet
  bool operator==(const ExpectedSegment&) const = default;
};

struct ExpectedSignal {
  spec::SignalSet any_of;
  RowNumber row = kNoRow;
  bool required = false;
  std::uint8_t receives = 0;   // RECEIVEs that waited when the row fired: so many may be completed
  bool operator==(const ExpectedSignal&) const = default;
};

// Something a world had to assume of the target that the profile in force does not like.
struct Blemish {
  enum class What : std::uint8_t { OtherProfile, Misses };
  What what = What::Misses;
  spec::Level level = spec::Level::Should;
  RowNumber row = kNoRow;         // the row that was followed
  RowNumber displaced = kNoRow;   // the row that the profile in force wants instead
  std::uint8_t alternative = 0;
  bool operator==(const Blemish&) const = default;
};

// A row that fired, the state it fired in, and which of its alternatives was followed.
struct Fired {
  RowNumber row = kNoRow;
  wire::State state = wire::State::Closed;
  std::uint8_t alternative = 0;
  bool operator==(const Fired&) const = default;
};

inline constexpr std::int64_t kNotOwed = -1;

struct World {
  wire::State state = wire::State::Closed;
  wire::State before = wire::State::Closed;    // when the current event began
  bool iss_unbound = false;                    // ISS is chosen, and not yet seen
  bool unspecified = false;                    // something has come of which the RFC does not say what follows
  bool watched = false;                        // the row that the oracle watches has fired, here or in a world like this
  spec::Values values;
  Held held;
  InlineVector<ExpectedSegment, 6> segments;
  InlineVector<ExpectedSignal, 6> signals;
  std::optional<spec::AnswerSet> reply;
  RowNumber reply_row = kNoRow;
  InlineVector<Fired, 40> fired;               // rows of the current event, in order
  InlineVector<Blemish, 6> blemishes;
  std::array<std::int64_t, kMaxObligations> owed_since;

  World() { owed_since.fill(kNotOwed); }

  std::int64_t operator[](spec::Var var) const { return values[var]; }
  wire::SeqNum seq(spec::Var var) const { return wire::SeqNum(static_cast<std::uint32_t>(values[var])); }

  // Sets a variable and everything that is derived from it.
  void set(spec::Var var, std::int64_t value);
  void set_state(wire::State next);
  void set_seq(spec::Var var, wire::SeqNum value) { set(var, value.raw()); }

  // The variables SEG.* and CALL.* as rows see them when the event has come. SEG.VALID and SEG.SECURE are the caller's.
  void load(const wire::Segment& segment);
  void load(const UserCall& call);

  // A row that fired in this event explains what was observed: it is the newest once more.
  void explained_by(RowNumber row);

  // ISS is now known: moves everything in the send sequence space along.
  void bind_iss(wire::SeqNum iss);

  // How much the assumptions weigh: 0 for none.
  int weight() const;

  // Whether both stand for the same future, whatever rows led there.
  bool same_future(const World& other) const;
};

}  // namespace conform::oracle
