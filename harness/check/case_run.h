// CaseRun owns one case while it runs: it does what the steps say in a conversation with the target, checks what they
// expect, and says the verdict. It never blocks: it is resumed when there is something to see or its time has come.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/conversation.h"
#include "harness/check/verdict.h"
#include "harness/spec/scenario.h"
#include "harness/target/target.h"

namespace conform {

// What part of a case a step belongs to.
enum class Phase : std::uint8_t { Way, Situation, Stimulus, Epilogue };

struct PlannedStep {
  Phase phase = Phase::Stimulus;
  spec::ScenarioStep step;
};

// What a target must choose before a row becomes possible, where the RFC leaves it a choice.
struct NeededChoices {
  std::vector<oracle::Fired> rows;             // alternatives that must be followed on the way
  std::optional<std::int64_t> window;          // what RCV.WND must be: a target offers what it likes
  bool none() const { return rows.empty() && !window; }
};

// A case before it runs: its name and what is to be done. `about` carries everything that a report says of it.
struct PlannedCase {
  CaseResult about;
  std::vector<PlannedStep> steps;
  oracle::RowNumber row = oracle::kNoRow;      // that must fire in the stimulus; none for scenarios
  wire::State fires_in = wire::State::Closed;  // the state in which it does: a segment may have led on by then
  NeededChoices needed;
  bool epilogue = true;                        // try the variables afterwards
  std::optional<Family> family;                // nothing: whatever the run uses
  std::vector<std::string> needs;              // capability words
};

// What became of the row of a case.
enum class RowOutcome : std::uint8_t {
  NotPossible,   // it could not have happened
  Possible,      // it was one of the things that could have happened
  Happened,      // it is among what explains the target
};

// What all cases of a run share.
struct RunContext {
  const oracle::Program* program = nullptr;
  const spec::Paths* paths = nullptr;
  spec::Profile profile = spec::Profile::Rfc9293;
  std::uint64_t seed = 1;
  Duration longest_wait = kNever;              // longer waits are not tried: inapplicable, "fixed timer"
  bool keep_trace = true;
};

class CaseRun {
 public:
  // The context and the case must outlive the run. Opens the session.
  CaseRun(const RunContext& context, const PlannedCase& planned, Target& target, std::uint16_t peer_port);

  // Goes on as far as possible. Gives when to be resumed at the latest; kNever when done.
  Time resume();
  // The harness was too late for a wait of this case to mean anything: nothing can be said, and it may be run again.
  bool late() const { return talk_ && talk_->late(); }
  bool done() const { return done_; }
  // What it is waiting for news of, while it is not done.
  Session& session() { return talk_->session(); }

  // The outcome, once done. An unfinished case (interrupted) is inconclusive.
  CaseResult take_result();

  // Every row that explained something, with the state it fired in.
  const std::vector<oracle::Fired>& fired() const { return fired_; }
  std::vector<std::pair<wire::State, wire::State>> transitions() const {
    return talk_ ? talk_->transitions() : std::vector<std::pair<wire::State, wire::State>>();
  }
  RowOutcome row_outcome() const { return row_outcome_; }

  // Ends the case from outside.
  void give_up(Verdict verdict, std::string reason);

 private:
  void perform(const PlannedStep& planned);
  void make_call(const UserCall& call);
  void send_segment(const spec::SegmentTemplate& pattern);
  void start_wait(const spec::WaitStep& wait);
  void end_wait();
  bool until_met() const;
  void after_step();
  void check_expectations(const spec::ExpectStep& expected);
  void append_epilogue();
  void note_fired();
  void begin_stimulus();
  std::string fired_instead() const;
  std::string chosen_instead() const;
  void conclude_row();
  void finish();
  void fail(Finding finding);
  void expectation_failed(Kind kind, const std::string& wanted, const std::string& got);

  const RunContext* context_;
  const PlannedCase* planned_;
  Target* target_;
  std::optional<Conversation> talk_;     // nothing when the case cannot be tried at all
  CaseResult result_;
  std::vector<PlannedStep> epilogue_;
  std::size_t at_ = 0;
  bool epilogue_appended_ = false;
  Phase phase_ = Phase::Way;
  const spec::WaitStep* wait_ = nullptr;
  std::optional<Finding> way_finding_;   // what had to be assumed on the way: reported with the way itself
  RowOutcome row_outcome_ = RowOutcome::NotPossible;
  bool row_due_ = false;                 // a timer's: nothing but time was missing when it was waited for
  bool done_ = false;
  std::vector<oracle::Fired> fired_;
  std::size_t fired_before_ = 0;         // how many of them on the way to the stimulus
  std::int64_t window_before_ = 0;       // RCV.WND when the stimulus came
  std::vector<spec::StateSet> noted_;    // by row: the states in which it is among them
};

}  // namespace conform
