#include "harness/check/case_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/oracle/resolve.h"

namespace conform {

using oracle::to_string;

CaseRun::CaseRun(const RunContext& context, const PlannedCase& planned, Target& target, std::uint16_t peer_port)
    : context_(&context), planned_(&planned), target_(&target), result_(planned.about) {
  for (const std::string& need : planned.needs) {
    if (target.capabilities().lacks.contains(need)) {
      give_up(Verdict::Inapplicable, "the target lacks: " + need);
      return;
    }
  }
  if (planned.family == Family::Ipv6 && !target.capabilities().ipv6) {
    give_up(Verdict::Inapplicable, std::string(to_string(Lack::NoFamily)));
    return;
  }
  ConversationConfig config;
  config.profile = context.profile;
  config.seed = context.seed;
  config.family = planned.family.value_or(Family::Ipv4);
  config.peer_port = peer_port;
  config.keep_trace = context.keep_trace;
  talk_.emplace(*context.program, target, config);
  if (talk_->over()) {
    give_up(Verdict::TargetDied, talk_->died());
    return;
  }
  result_.sockets = talk_->session().sockets();
}

Time CaseRun::resume() {
  while (!done_) {
    if (talk_->busy()) {
      const Time wake = talk_->resume();
      after_step();
      if (done_) break;
      if (talk_->busy()) return wake;
      if (wait_) end_wait();
      continue;
    }
    const std::size_t planned = planned_->steps.size();
    if (at_ == planned && !epilogue_appended_) append_epilogue();
    if (at_ == planned + epilogue_.size()) {
      finish();
      break;
    }
    const PlannedStep& step = at_ < planned ? planned_->steps[at_] : epilogue_[at_ - planned];
    ++at_;
    if (step.phase == Phase::Stimulus && phase_ < Phase::Stimulus) begin_stimulus();
    if (step.phase == Phase::Epilogue) talk_->oracle().watch(oracle::kNoRow);
    phase_ = step.phase;
    perform(step);
    after_step();
  }
  return kNever;
}

void CaseRun::begin_stimulus() {
  way_finding_ = talk_->finding();
  talk_->oracle().forgive();
  talk_->oracle().watch(planned_->row);
  fired_before_ = fired_.size();
  window_before_ = talk_->world()[spec::Var::RcvWnd];
}

void CaseRun::perform(const PlannedStep& planned) {
  if (const auto* call = std::get_if<spec::CallStep>(&planned.step.what)) {
    make_call(call->call);
  } else if (const auto* segment = std::get_if<spec::SegmentStep>(&planned.step.what)) {
    send_segment(segment->segment);
  } else if (const auto* wait = std::get_if<spec::WaitStep>(&planned.step.what)) {
    start_wait(*wait);
  } else if (const auto* peer = std::get_if<spec::PeerStep>(&planned.step.what)) {
    talk_->peer_does(*peer);
  } else {
    check_expectations(std::get<spec::ExpectStep>(planned.step.what));
  }
}

void CaseRun::after_step() {
  if (done_) return;
  note_fired();
  if (talk_->over()) finish();
}

void CaseRun::make_call(const UserCall& call) {
  const Reply reply = talk_->call(call);
  // What is tried after the stimulus may be left out; what leads to it may not.
  if (reply.answer != Answer::Unsupported || phase_ == Phase::Epilogue) return;
  give_up(Verdict::Inapplicable, fmt::format("{}: {}", to_string(Lack::NoSuchCall), reply.why));
}

void CaseRun::send_segment(const spec::SegmentTemplate& pattern) {
  if (pattern.damage == spec::Damage::Security && target_->capabilities().lacks.contains("security")) {
    give_up(Verdict::Inapplicable, "the target lacks: security");
    return;
  }
  talk_->send(oracle::resolve(pattern, talk_->world(), talk_->peer().window()), pattern.damage, pattern.text);
}

// ---- waiting

void CaseRun::start_wait(const spec::WaitStep& wait) {
  const std::int64_t ms = wait.at_most.evaluate(talk_->world().values);
  const Duration length = std::chrono::milliseconds(std::max<std::int64_t>(0, ms));
  const bool open_ended = wait.until_state || wait.until_segment;
  const bool for_row = phase_ == Phase::Stimulus && planned_->row != oracle::kNoRow;
  row_due_ = for_row && talk_->oracle().due(planned_->row, target_->now() + length);
  // What depends on more than the time that passes, as on retransmissions, is not looked for before its time.
  if (length > context_->longest_wait && (!open_ended || (for_row && !row_due_))) {
    give_up(Verdict::Inapplicable, fmt::format("{}: {} s", to_string(Lack::FixedTimer), ms / 1000));
    return;
  }
  wait_ = &wait;
  const std::string written = wait.until_state     ? fmt::format("until {}", to_string(*wait.until_state))
                              : wait.until_segment ? "until " + wait.until_segment->text
                                                   : wait.at_most.text();
  std::function<bool()> until;
  if (open_ended) until = [this] { return until_met(); };
  talk_->wait(target_->now() + std::min(length, context_->longest_wait), written, std::move(until));
}

bool CaseRun::until_met() const {
  if (wait_->until_state) return talk_->world().state == *wait_->until_state;
  return std::ranges::any_of(talk_->seen().segments, [&](const wire::Segment& segment) {
    return oracle::matches(*wait_->until_segment, segment, talk_->world());
  });
}

void CaseRun::end_wait() {
  const spec::WaitStep& wait = *std::exchange(wait_, nullptr);
  if (talk_->until_held() || (!wait.until_state && !wait.until_segment)) return;
  const Duration asked = std::chrono::milliseconds(wait.at_most.evaluate(talk_->world().values));
  if (asked > context_->longest_wait) {
    give_up(Verdict::Inapplicable, std::string(to_string(Lack::FixedTimer)));
  } else if (planned_->row != oracle::kNoRow) {
    return;   // the table says by when a timer must have run out, if it says so at all
  } else if (wait.until_state) {
    expectation_failed(Kind::WrongState, fmt::format("state {}", to_string(*wait.until_state)),
                       fmt::format("state {}", to_string(talk_->world().state)));
  } else {
    expectation_failed(Kind::MissingSegment, wait.until_segment->text, "no such segment");
  }
}

void CaseRun::note_fired() {
  noted_.resize(context_->program->row_count());
  for (const oracle::Fired& fired : talk_->world().fired) {
    const auto state = static_cast<std::size_t>(fired.state);
    if (!noted_[fired.row][state]) fired_.push_back(fired);
    noted_[fired.row].set(state);
  }
  if (talk_->oracle().watched_fired()) {
    row_outcome_ = RowOutcome::Happened;
  } else {
    row_outcome_ = talk_->oracle().watched_possible() || row_due_ ? RowOutcome::Possible : RowOutcome::NotPossible;
  }
}

// ---- expectations

void CaseRun::expectation_failed(Kind kind, const std::string& wanted, const std::string& got) {
  Finding finding;
  finding.kind = kind;
  finding.row = result_.id;
  finding.level = result_.level;
  finding.cite = result_.cites;
  finding.allowed = wanted;
  finding.observed = got;
  fail(std::move(finding));
}

void CaseRun::check_expectations(const spec::ExpectStep& expected) {
  const oracle::World& world = talk_->world();
  const Conversation::Seen& seen = talk_->seen();
  std::string sent;
  for (const wire::Segment& segment : seen.segments) sent += (sent.empty() ? "" : " ") + to_string(segment, world, true);
  if (sent.empty()) sent = "nothing was sent";
  auto from = seen.segments.begin();
  for (const spec::SegmentTemplate& pattern : expected.emit) {
    from = std::find_if(from, seen.segments.end(), [&](const wire::Segment& s) { return oracle::matches(pattern, s, world); });
    if (from == seen.segments.end()) return expectation_failed(Kind::MissingSegment, "emit " + pattern.text, sent);
    ++from;
  }
  for (const spec::SegmentTemplate& pattern : expected.no_emit) {
    if (std::ranges::any_of(seen.segments, [&](const wire::Segment& s) { return oracle::matches(pattern, s, world); })) {
      return expectation_failed(Kind::UnexpectedSegment, "not " + pattern.text, sent);
    }
  }
  if (expected.silence && !seen.segments.empty()) return expectation_failed(Kind::UnexpectedSegment, "silence", sent);
  if (expected.state && *expected.state != world.state) {
    return expectation_failed(Kind::WrongState, fmt::format("state {}", to_string(*expected.state)),
                              fmt::format("state {}", to_string(world.state)));
  }
  for (const spec::SignalSet& any_of : expected.signals) {
    const bool came = std::ranges::any_of(seen.signals, [&](SignalKind kind) { return any_of.test(static_cast<std::size_t>(kind)); });
    if (!came) {
      std::string wanted;
      for (SignalKind kind : kAllSignals) {
        if (any_of.test(static_cast<std::size_t>(kind))) wanted += (wanted.empty() ? "" : " or ") + std::string(conform::to_string(kind));
      }
      return expectation_failed(Kind::MissingSignal, "signal " + wanted, "no such signal");
    }
  }
  if (expected.reply && (!seen.answer || !expected.reply->test(static_cast<std::size_t>(*seen.answer)))) {
    return expectation_failed(Kind::WrongReply, "another reply", seen.answer ? std::string(conform::to_string(*seen.answer)) : "none");
  }
  if (expected.received) {
    const std::int64_t wanted = expected.received->evaluate(world.values);
    const auto got = static_cast<std::int64_t>(talk_->oracle().received());
    if (got != wanted) {
      return expectation_failed(got < wanted ? Kind::LostBytes : Kind::InventedBytes, fmt::format("{} octets received", wanted),
                                fmt::format("{} octets", got));
    }
  }
  talk_->forget();
}

// ---- the end

void CaseRun::append_epilogue() {
  epilogue_appended_ = true;
  if (!planned_->epilogue) return;
  for (const spec::Epilogue& epilogue : context_->paths->epilogues) {
    if (!spec::has(epilogue.states, talk_->world().state)) continue;
    for (const spec::ScenarioStep& step : epilogue.steps) epilogue_.push_back({Phase::Epilogue, step});
  }
}

void CaseRun::fail(Finding finding) {
  if (done_) return;
  static constexpr const char* kWhere[] = {"on the way there", "while preparing", "", "in what was tried afterwards"};
  const std::string where = kWhere[static_cast<std::size_t>(phase_)];
  result_.verdict = late() ? Verdict::Inconclusive : Verdict::Deviates;
  result_.reason = fmt::format("{}: {}{}", conform::to_string(finding.kind), finding.observed, where.empty() ? "" : ", " + where);
  if (late()) result_.reason = "the harness was late: " + result_.reason;
  result_.finding = std::move(finding);
  if (phase_ >= Phase::Stimulus && row_outcome_ == RowOutcome::NotPossible) result_.not_chosen = chosen_instead();
  done_ = true;
}

void CaseRun::finish() {
  if (done_) return;
  if (!talk_->died().empty()) {
    give_up(Verdict::TargetDied, talk_->died());
    return;
  }
  if (auto finding = talk_->finding()) {
    talk_->explain_last();
    fail(std::move(*finding));
    return;
  }
  if (talk_->oracle().unspecified()) {
    give_up(Verdict::Inapplicable, "the RFC does not say what follows");
    return;
  }
  if (planned_->row != oracle::kNoRow) conclude_row();
  if (done_) return;
  result_.verdict = Verdict::Conforms;
  done_ = true;
}

// The target conforms. But has the row of the case happened?
void CaseRun::conclude_row() {
  switch (row_outcome_) {
    case RowOutcome::Happened: return;
    case RowOutcome::Possible: result_.not_chosen = fired_instead(); return;
    case RowOutcome::NotPossible: break;
  }
  if (way_finding_) {
    phase_ = Phase::Situation;
    fail(std::move(*way_finding_));
    return;
  }
  result_.not_chosen = chosen_instead();
  if (result_.not_chosen.empty()) {
    give_up(Verdict::Inconclusive, "the row could not fire: the target's variables were not as planned");
  }
}

namespace {
std::string in_words(const oracle::Program& program, const oracle::Fired& fired) {
  const spec::Row& row = program.row(fired.row);
  const bool named = fired.alternative < row.alternatives.size() && !row.alternatives[fired.alternative].label.empty();
  return fmt::format("{}: {}", row.full_id, named ? row.alternatives[fired.alternative].label : row.gloss);
}
}  // namespace

// What explains the target where the row of the case was possible, too.
std::string CaseRun::fired_instead() const {
  const oracle::Program& program = *context_->program;
  for (std::size_t i = fired_before_; i < fired_.size(); ++i) {
    if (&program.step_of(fired_[i].row) == &program.step_of(planned_->row)) return in_words(program, fired_[i]);
  }
  return "nothing happened that only this row allows";
}

// What the target chose on the way where the row of the case depends on another choice; empty if nothing shows one.
std::string CaseRun::chosen_instead() const {
  const oracle::Program& program = *context_->program;
  const auto way_end = fired_.begin() + static_cast<std::ptrdiff_t>(fired_before_);
  for (const oracle::Fired& needed : planned_->needed.rows) {
    if (std::find(fired_.begin(), way_end, needed) != way_end) continue;
    const auto other = std::find_if(fired_.begin(), way_end, [&](const oracle::Fired& fired) {
      return fired.state == needed.state && &program.step_of(fired.row) == &program.step_of(needed.row);
    });
    if (other != way_end) return in_words(program, *other);
  }
  if (planned_->needed.window && window_before_ != *planned_->needed.window) {
    return fmt::format("the window that it offers: {} octets, where the row needs {}", window_before_, *planned_->needed.window);
  }
  return {};
}

void CaseRun::give_up(Verdict verdict, std::string reason) {
  if (done_) return;
  while (!reason.empty() && reason.back() == '\n') reason.pop_back();
  result_.verdict = verdict;
  result_.reason = std::move(reason);
  done_ = true;
}

CaseResult CaseRun::take_result() {
  if (talk_) {
    result_.duration = target_->now() - talk_->started();
    result_.trace = talk_->take_trace();
  }
  for (const oracle::Fired& fired : fired_) {
    const std::string& id = context_->program->row(fired.row).full_id;
    if (std::ranges::find(result_.rows_fired, id) == result_.rows_fired.end()) result_.rows_fired.push_back(id);
  }
  return std::move(result_);
}

}  // namespace conform
