// SequenceRun owns one sequence while a target goes through it under the judge. Like a case, it never blocks: it is
// resumed when there is something to see or its time has come.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/judge/features.h"
#include "fuzz/judge/reached.h"
#include "fuzz/sequence/sequence.h"
#include "harness/check/conversation.h"

namespace conform::fuzz {

struct JudgeContext {
  const oracle::Program* program = nullptr;
  ConversationConfig conversation;                      // but for the peer's port
  Reached* reached = nullptr;                           // marked, if given
  std::function<bool(const Finding&)> known;            // what a target is known for ends no sequence by itself
  std::function<void(Conversation&)> after_event;       // while seen() of it is what the event has brought about
};

class SequenceRun {
 public:
  // The context, the sequence and the target must outlive it.
  SequenceRun(const JudgeContext& context, const Sequence& sequence, Target& target, std::uint16_t peer_port);

  // Goes on as far as possible. Gives when to be resumed at the latest; kNever when done.
  Time resume();
  bool done() const { return done_; }

  // ---- once done
  // What was wrong, if it is not known of the target.
  const std::optional<Finding>& finding() const { return finding_; }
  // The first known deviation that was seen, also if the sequence went on behind it.
  const std::optional<Finding>& known() const { return known_; }
  // Why the target is taken for dead; empty if it lives.
  const std::string& died() const { return talk_.died(); }
  // Nothing can be said: the machine was too busy.
  bool late() const { return talk_.late(); }
  // Events that were begun: the last one of them ended it, if there is a finding.
  std::size_t begun() const { return next_; }
  const Features& features() const { return features_; }
  Conversation& conversation() { return talk_; }

 private:
  void begin(const Event& event);
  void send(const SegmentEvent& event);
  void end_event();
  void check();

  const JudgeContext* context_;
  const Sequence* sequence_;
  Target* target_;
  Conversation talk_;
  std::size_t next_ = 0;
  bool under_way_ = false;
  bool done_ = false;
  Outcome outcome_;
  Features features_;
  std::optional<Finding> finding_, known_;
};

// Takes the sequence through the target to its end.
void finish(SequenceRun& run, Target& target);

}  // namespace conform::fuzz
