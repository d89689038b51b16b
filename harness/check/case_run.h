// CaseRun owns one case while it runs: it does what the steps say, tells the oracle what came of it, and keeps the trace.
// It never blocks: it is resumed when its session has something to say or its time has come.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/verdict.h"
#include "harness/oracle/oracle.h"
#include "harness/spec/scenario.h"
#include "harness/target/target.h"
#include "stack/wire/segment.h"

namespace conform {

// What part of a case a step belongs to.
enum class Phase : std::uint8_t { Way, Situation, Stimulus, Epilogue };

struct PlannedStep {
  Phase phase = Phase::Stimulus;
  spec::ScenarioStep step;
};

// A case before it runs: its name and what is to be done. `about` carries everything that a report says of it.
struct PlannedCase {
  CaseResult about;
  std::vector<PlannedStep> steps;
  oracle::RowNumber row = oracle::kNoRow;      // that must fire in the stimulus; none for scenarios
  bool epilogue = true;                        // try the variables afterwards
  std::optional<Family> family;                // nothing: whatever the run uses
  std::vector<std::string> needs;              // capability words
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
  bool late() const { return late_; }
  bool done() const { return done_; }

  // The outcome, once done. An unfinished case (interrupted) is inconclusive.
  CaseResult take_result();

  // Every row that explained something, with the state it fired in.
  const std::vector<oracle::Fired>& fired() const { return fired_; }
  const std::vector<std::pair<wire::State, wire::State>>& transitions() const { return transitions_; }
  // The row of the case could have happened: it was tried, whatever the target chose.
  bool row_tried() const { return row_possible_ || row_fired_; }

  // Ends the case from outside.
  void give_up(Verdict verdict, std::string reason);

 private:
  enum class Waiting : std::uint8_t { No, Settling, Step };

  void perform(const PlannedStep& planned);
  void make_call(const UserCall& call);
  void send_segment(const spec::SegmentTemplate& pattern);
  void start_wait(const spec::WaitStep& wait);
  void check_expectations(const spec::ExpectStep& expected);
  void after_stimulus();
  void observe();
  bool see_observations();
  void see_datagram(const Observation& observation, const Datagram& datagram);
  void see_state();
  bool wait_is_over(Time now);
  bool until_met() const;
  Time next_wake(Time now) const;
  void append_epilogue();
  void note_fired();
  void finish();
  void fail(Finding finding);
  void expectation_failed(Kind kind, const std::string& wanted, const std::string& got);
  void record(TraceEntry::What what, std::string text, Datagram datagram = {}, Time at = {});
  void explain_last();

  const RunContext* context_;
  const PlannedCase* planned_;
  Target* target_;
  std::unique_ptr<Session> session_;
  oracle::Oracle oracle_;
  CaseResult result_;
  std::vector<PlannedStep> epilogue_;
  std::size_t at_ = 0;
  bool epilogue_appended_ = false;
  Phase phase_ = Phase::Way;
  Waiting waiting_ = Waiting::No;
  const spec::WaitStep* wait_ = nullptr;
  Time wait_deadline_{};
  Time started_{};
  std::uint16_t peer_window_ = 65535;
  wire::State last_state_ = wire::State::Closed;
  std::optional<Finding> way_finding_;   // what had to be assumed on the way: reported with the way itself
  bool row_fired_ = false;       // it explains what was observed
  bool row_possible_ = false;    // it was one of the things that could have happened
  bool done_ = false;
  bool late_ = false;
  Time wake_{};
  std::vector<oracle::Fired> fired_;
  std::vector<std::pair<wire::State, wire::State>> transitions_;

  // Since the last `expect`.
  std::vector<wire::Segment> sent_;
  std::vector<SignalKind> signals_;
  std::optional<Answer> answer_;
};

}  // namespace conform
