// Rehearsal owns a play of the table against itself: the first thing that the table allows is what happens. It tells,
// without any target, where a way leads and which rows a stimulus would fire.
#pragma once

#include <vector>

#include "harness/oracle/oracle.h"

namespace conform::oracle {

class Rehearsal {
 public:
  explicit Rehearsal(const Program& program, const Config& config);

  // Each plays a stimulus and everything that the target would do at once.
  void arrive(const wire::Segment& segment, bool valid, bool secure);
  void call(const UserCall& call);
  // Time passes: timers of the table run out where they may.
  void wait(std::int64_t ms);

  const World& world() const { return oracle_.world(); }
  // The table does not allow what was played.
  bool refuted() const { return oracle_.refuted(); }
  std::optional<Finding> finding() const { return oracle_.finding(); }

  // The rows that would fire, in any world, if this happened now. Nothing changes.
  std::vector<Fired> would_fire(const wire::Segment& segment, bool valid, bool secure);
  std::vector<Fired> would_fire(const UserCall& call);
  // The rows of timeouts that would be free to fire after so long.
  std::vector<Fired> would_fire(std::int64_t ms_later);

 private:
  void play();
  bool send(wire::Segment segment);

  Oracle oracle_;
  Time now_{};
};

}  // namespace conform::oracle
