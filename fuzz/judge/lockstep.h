// Lockstep owns the comparison of targets that go through one sequence event by event. A difference by itself says
// nothing of who is right, nor whether anyone is wrong: each target is judged by the table, and only what violates it is
// wrong. Where they differ and the table allows each, the RFC leaves a choice (or the table is too lenient).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/judge/sequence_run.h"

namespace conform::fuzz {

// One of the targets. Each has a clock of its own: waits are equally long for all, but what a target owes soon (a delayed
// ACK) is waited for on its clock alone, so that their timers drift apart.
struct Side {
  std::string name;
  Target* target = nullptr;
  std::function<bool(const Finding&)> known;   // the deviations that it is known for
};

// In what two targets may differ after an event.
enum class Aspect : std::uint8_t {
  State,
  Segments,    // the kinds of segments sent: control bits but PSH, and whether there was text; not how many
  Delivered,   // octets that RECEIVE has delivered so far
  Signals,     // the kinds of signals
  Verdict,     // nothing of these, but the table lets one go on and the other not
};
inline constexpr std::array kAllAspects = {Aspect::State, Aspect::Segments, Aspect::Delivered, Aspect::Signals,
                                           Aspect::Verdict};
std::string_view to_string(Aspect aspect);

// What a target did with one event, as far as it is compared.
struct Step {
  wire::State state = wire::State::Closed;
  std::uint64_t segments[2] = {};              // a bit for each combination of control bits; without and with text
  std::uint64_t delivered = 0;
  std::uint32_t signals = 0;                   // a bit for each kind
  bool operator==(const Step&) const = default;
};
std::string describe(const Step& step);        // "ESTABLISHED, sent {ACK; PSH...}": for a report

struct Difference {
  std::size_t event = 0;                       // the first after which they differ
  Aspect aspect = Aspect::State;
  std::string what;                            // what each did, a line for each side
};

// What a side did that the table does not allow.
struct Violation {
  std::string side;
  std::size_t event = 0;
  std::optional<Finding> finding;
  std::string died;                            // why it is taken for dead; then there is no finding
};

struct LockstepResult {
  enum class Outcome : std::uint8_t {
    Alike,        // the same, be it right or wrong
    FreeChoice,   // they differ and the table allows it
    Violation,    // they differ and at least one of them violates the table
    Late,         // nothing can be said: the machine was too busy
  };
  Outcome outcome = Outcome::Alike;
  std::optional<Difference> difference;        // the first
  std::vector<Violation> violations;           // of each side that violates the table, also when all do alike
  Features features;                           // reached by any of them
};
// Several lines: where they differ, and who is wrong by which row.
std::string to_string(const LockstepResult& result);

// Takes the sequence through every side, each to its end or its violation, and compares them with the first one. What
// the context knows and does after events is left out: each side knows for itself.
LockstepResult run_lockstep(const JudgeContext& context, const Sequence& sequence, std::span<const Side> sides,
                            std::uint16_t peer_port);

}  // namespace conform::fuzz
