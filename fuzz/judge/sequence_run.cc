#include "fuzz/judge/sequence_run.h"

#include "fuzz/sequence/notation.h"
#include "fuzz/sequence/resolve.h"

namespace conform::fuzz {

namespace {

ConversationConfig with_port(ConversationConfig config, std::uint16_t peer_port) {
  config.peer_port = peer_port;
  return config;
}

}  // namespace

SequenceRun::SequenceRun(const JudgeContext& context, const Sequence& sequence, Target& target, std::uint16_t peer_port)
    : context_(&context), sequence_(&sequence), target_(&target),
      talk_(*context.program, target, with_port(context.conversation, peer_port)) {}

Time SequenceRun::resume() {
  while (!done_) {
    if (talk_.busy()) {
      const Time wake = talk_.resume();
      if (talk_.busy() && !talk_.over()) return wake;
    }
    if (under_way_) end_event();
    if (done_) break;
    if (next_ == sequence_->size() || talk_.over()) {
      check();
      done_ = true;
      break;
    }
    begin((*sequence_)[next_++]);
  }
  return kNever;
}

void SequenceRun::begin(const Event& event) {
  under_way_ = true;
  talk_.forget();
  outcome_ = {};
  outcome_.before = talk_.world().state;
  outcome_.event_class = event_class(event, talk_.world());
  switch (event.kind) {
    case Event::Kind::Segment: send(event.segment); break;
    // What the target has no call for has not happened.
    case Event::Kind::Call: talk_.call(to_call(event.call)); break;
    case Event::Kind::Peer: talk_.peer_does(event.peer); break;
    case Event::Kind::Wait: {
      const std::string written = context_->conversation.keep_trace ? duration_text(event.wait.ms) : std::string();
      talk_.wait(target_->now() + std::chrono::milliseconds(event.wait.ms), written);
      break;
    }
  }
}

void SequenceRun::send(const SegmentEvent& event) {
  if (event.damage == spec::Damage::Security && target_->capabilities().lacks.contains("security")) return;
  wire::Segment segment = resolve(event, talk_.world(), talk_.peer().window());
  outcome_.event_class = event_class(segment, talk_.world());
  const bool trace = context_->conversation.keep_trace && event.damage != spec::Damage::None;
  talk_.send(std::move(segment), event.damage, trace ? to_string(event) : std::string());
}

void SequenceRun::end_event() {
  under_way_ = false;
  const oracle::World& world = talk_.world();
  outcome_.after = world.state;
  for (const wire::Segment& segment : talk_.seen().segments) {
    outcome_.sent |= segment.flags.bits;
    outcome_.sent_text |= !segment.text.empty();
  }
  add_features(features_, outcome_, world.fired);
  if (context_->reached) context_->reached->mark(outcome_.before, outcome_.after, world.fired);
  if (context_->after_event) context_->after_event(talk_);
  check();
}

// A deviation that is known does not hide what comes after it, as long as the model can go on.
void SequenceRun::check() {
  if (!talk_.died().empty()) {
    done_ = true;
    return;
  }
  auto found = talk_.finding();
  if (!found || talk_.late()) {
    done_ |= talk_.late();
    return;
  }
  if (context_->known && context_->known(*found)) {
    if (!known_) known_ = std::move(found);
    if (talk_.over()) done_ = true;
    else talk_.oracle().forgive();
    return;
  }
  finding_ = std::move(found);
  done_ = true;
}

void finish(SequenceRun& run, Target& target) {
  for (Time wake = run.resume(); !run.done(); wake = run.resume()) target.wait(wake);
}

}  // namespace conform::fuzz
