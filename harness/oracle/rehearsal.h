// Rehearsal owns a play of the table against itself: the first thing that the table allows is what happens, or each
// thing in turn. It tells, without any target, where a way leads and which rows a stimulus would fire.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/oracle/oracle.h"

namespace conform::oracle {

class Rehearsal {
 public:
  static constexpr std::uint16_t kUsualWindow = 64000;

  // `window` is the room for text that the rehearsed target has, and offers.
  Rehearsal(const Program& program, const Config& config, std::uint16_t window = kUsualWindow);

  // Each plays a stimulus and everything that the target would do at once.
  void arrive(const wire::Segment& segment, bool valid, bool secure);
  void call(const UserCall& call);
  // Time passes: timers of the table run out where they may.
  void wait(std::int64_t ms);

  // Every way in which a conforming target may take the stimulus, the first thing that the table allows first.
  std::vector<Rehearsal> arrive_each(const wire::Segment& segment, bool valid, bool secure) const;
  std::vector<Rehearsal> call_each(const UserCall& call) const;
  // Where this play has left the first thing that the table allows: the rows that were followed there instead.
  const std::vector<Fired>& choices() const { return choices_; }

  const World& world() const { return oracle_.world(); }
  // The table does not allow what was played.
  bool refuted() const { return oracle_.refuted(); }
  std::optional<Finding> finding() const { return oracle_.finding(); }

  // The rows that would fire, in any world, if this happened now. Nothing changes.
  std::vector<Fired> would_fire(const wire::Segment& segment, bool valid, bool secure);
  std::vector<Fired> would_fire(const UserCall& call);
  // The rows of timeouts that would be free to fire after so long, the peer being silent and the target retransmitting.
  std::vector<Fired> would_fire(std::int64_t ms_later);

 private:
  Reply first_reply(const World& world, const UserCall& call, Answer answer) const;
  void branch(const Oracle& tried, const World& usual, std::vector<Rehearsal>& out) const;
  void play();
  bool send(wire::Segment segment);
  std::uint16_t offered_window() const;
  wire::Segment front_of_queue() const;
  void retransmit_until(Time end);

  Oracle oracle_;
  std::uint16_t window_;
  std::vector<Fired> choices_;
  Time now_{};
};

}  // namespace conform::oracle
