// Table owns the report on the seeded bugs: what found each, how soon, what nothing found, and which free choices the
// judge complained of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/bench/measure.h"
#include "stack/tcp/defects.h"

namespace conform::fuzz {

struct BugFigures {
  tcp::defects::Entry bug{};
  BySpecs specs;
  Hunt hunt;
  std::optional<Hunt> small_window;   // of a bug that shows outside and was missed: the same on kSmallWindow
};

// The receive buffer of a stack whose window a sequence can well fill: the usual one takes 33 of the largest segments.
inline constexpr std::uint32_t kSmallWindow = 4096;

struct ControlFigures {
  std::string name, gloss;
  Hunt hunt;
};

struct Measured {
  std::string version, date, machine, command;
  Duration limit{};                       // of one hunt for a bug
  std::vector<BugFigures> bugs;
  std::vector<ControlFigures> controls;   // the stack without a bug first
};

// By any case or sequence, whatever row was named.
bool found_by_specs(const BugFigures& figures);
bool found_by_fuzzing(const BugFigures& figures);
// By a row which the bug breaks (see harness/defects/expected_rows.h).
bool named_rightly(const BugFigures& figures);

// The whole in Markdown.
std::string markdown(const Measured& measured);

// The bug's line of the table: "| name | ...". Without its line feed.
std::string row_of(const BugFigures& figures);
std::string row_of(const ControlFigures& figures);

}  // namespace conform::fuzz
