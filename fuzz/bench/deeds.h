// Deeds owns what a sequence does to a target, written down call by call, so that the same can be done once more with
// nobody judging: what the target and its packets cost by themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "harness/target/target.h"
#include "stack/wire/segment.h"

namespace conform::fuzz {

enum class Look : std::uint8_t { Drain, State, Barrier };
// A user call; a segment, built anew each time; a datagram that no segment stands for; a wait, until so long after the
// beginning; a look at the target.
using Deed = std::variant<UserCall, wire::Segment, Datagram, Time, Look>;

struct Deeds {
  SessionConfig session;
  std::vector<Deed> deeds;
};

// A target that does what `inner` does and writes it down, for one session at a time: wait() names none.
class RecordingTarget : public Target {
 public:
  // `inner` must outlive it.
  explicit RecordingTarget(Target& inner) : inner_(inner) {}

  std::string name() const override { return inner_.name(); }
  std::string version() const override { return inner_.version(); }
  const Capabilities& capabilities() const override { return inner_.capabilities(); }
  Result<std::unique_ptr<Session>> open(const SessionConfig& config) override;
  Time now() const override { return inner_.now(); }
  std::vector<Session*> wait(Time deadline) override;

  // What was done since the last session was opened.
  Deeds take() { return std::exchange(deeds_, {}); }

 private:
  Target& inner_;
  Deeds deeds_;
  Time opened_{};
};

// Does it all, building every segment and parsing every answer. Gives how many datagrams the target sent.
std::size_t repeat(const Deeds& deeds, Target& target);

}  // namespace conform::fuzz
