// Targets side by side: who differs, in what, and who of them is wrong.
#include "fuzz/judge/lockstep.h"

#include <gmock/gmock.h>

#include "harness/check/testing.h"

namespace conform::fuzz {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Outcome = LockstepResult::Outcome;

Event call(Verb verb) {
  Event event;
  event.kind = Event::Kind::Call;
  event.call.verb = verb;
  return event;
}
Event open() {
  Event event = call(Verb::Open);
  event.call.remote_specified = false;
  return event;
}
Event segment(std::string_view flags, std::int32_t seq = 0, Base base = Base::RcvNxt) {
  Event event;
  event.segment.ctl = flags_of(flags).bits;
  event.segment.seq = {base, seq};
  return in_range(event);
}
Event syn() { return segment("SYN", 0, Base::PeerIss); }
const Sequence kOpened = {open(), syn(), segment("ACK")};

// A RST beside RCV.NXT is answered by a challenge ACK in RFC 9293; this one is reset by it.
void resets_at_once(FakeState& s, const wire::Segment& segment) {
  if (s.state == wire::State::Established && segment.flags.rst()) {
    s.signal(SignalKind::ConnectionReset);
    s.state = wire::State::Closed;
    return;
  }
  FakeTarget::arrives(s, segment);
}

class Lockstep : public ::testing::Test {
 protected:
  Lockstep() {
    context_.program = &rfc().program;
    context_.conversation.keep_trace = false;
  }
  LockstepResult run(Sequence sequence) { return run_lockstep(context_, sequence, sides_, 20000); }
  static Sequence then(Sequence sequence, Event event) {
    sequence.push_back(event);
    return sequence;
  }

  JudgeContext context_;
  FakeTarget one_, other_;
  std::vector<Side> sides_ = {{"one", &one_, nullptr}, {"other", &other_, nullptr}};
};

TEST_F(Lockstep, TheSameTargetTwiceIsAlike) {
  const LockstepResult result = run(then(kOpened, segment("RST,ACK", 5)));
  EXPECT_EQ(result.outcome, Outcome::Alike) << to_string(result);
  EXPECT_FALSE(result.difference);
  EXPECT_THAT(result.violations, IsEmpty());
}

TEST_F(Lockstep, WhoViolatesTheTableIsNamed) {
  other_.on_segment = resets_at_once;
  const LockstepResult result = run(then(kOpened, segment("RST,ACK", 5)));
  ASSERT_EQ(result.outcome, Outcome::Violation);
  ASSERT_TRUE(result.difference);
  EXPECT_EQ(result.difference->event, 3u);
  EXPECT_EQ(result.difference->aspect, Aspect::State);
  ASSERT_THAT(result.violations, ElementsAre(Field(&Violation::side, "other")));
  EXPECT_EQ(result.violations[0].event, 4u);
  EXPECT_THAT(to_string(result), HasSubstr("they differ after event 4 in state:\n"
                                           "  one: ESTABLISHED, sent <CTL=ACK>, 0 octets delivered\n"
                                           "  other: CLOSED, sent nothing, 0 octets delivered; connection reset\n"
                                           "other violates 3.10.7.4/second/rst-in-window at event 4"));
}

TEST_F(Lockstep, ItIsTheTableThatSaysWhoNotTheOrder) {
  one_.on_segment = resets_at_once;
  const LockstepResult result = run(then(kOpened, segment("RST,ACK", 5)));
  EXPECT_EQ(result.outcome, Outcome::Violation);
  EXPECT_THAT(result.violations, ElementsAre(Field(&Violation::side, "one")));
}

TEST_F(Lockstep, WhatBothDoWrongAlikeIsNoDifference) {
  one_.on_segment = other_.on_segment = resets_at_once;
  const LockstepResult result = run(then(kOpened, segment("RST,ACK", 5)));
  EXPECT_EQ(result.outcome, Outcome::Alike);
  EXPECT_THAT(result.violations, ElementsAre(Field(&Violation::side, "one"), Field(&Violation::side, "other")));
}

TEST_F(Lockstep, WhatATargetIsKnownForIsAChoice) {
  other_.on_segment = resets_at_once;
  sides_[1].known = [](const Finding& finding) { return finding.row == "3.10.7.4/second/rst-in-window"; };
  const LockstepResult result = run(then(kOpened, segment("RST,ACK", 5)));
  EXPECT_EQ(result.outcome, Outcome::FreeChoice) << to_string(result);
  EXPECT_THAT(result.violations, IsEmpty());
}

// RFC 5961 7 lets a TCP leave out a challenge that follows another one.
TEST_F(Lockstep, WhatTheTableAllowsEachIsAChoice) {
  int challenges = 0;
  other_.on_segment = [&challenges](FakeState& s, const wire::Segment& segment) {
    if (s.state == wire::State::Established && segment.flags.rst() && ++challenges > 1) return;
    FakeTarget::arrives(s, segment);
  };
  const LockstepResult result = run(then(then(kOpened, segment("RST,ACK", 5)), segment("RST,ACK", 5)));
  ASSERT_EQ(result.outcome, Outcome::FreeChoice) << to_string(result);
  EXPECT_EQ(result.difference->event, 4u);
  EXPECT_EQ(result.difference->aspect, Aspect::Segments);
}

TEST_F(Lockstep, AFieldThatIsNotComparedIsFoundByTheVerdict) {
  other_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    if (s.state == wire::State::Established) s.rcv_nxt = s.rcv_nxt + 1;
    FakeTarget::arrives(s, segment);
  };
  const LockstepResult result = run(then(kOpened, segment("ACK", 70'000)));
  ASSERT_EQ(result.outcome, Outcome::Violation);
  EXPECT_EQ(result.difference->aspect, Aspect::Verdict) << to_string(result);
  EXPECT_THAT(result.violations, ElementsAre(Field(&Violation::side, "other")));
}

TEST_F(Lockstep, ADeadTargetIsAViolation) {
  other_.on_segment = [](FakeState& s, const wire::Segment& segment) {
    FakeTarget::arrives(s, segment);
    s.dead = segment.flags.rst();
  };
  const LockstepResult result = run(then(kOpened, segment("RST,ACK", 5)));
  ASSERT_EQ(result.outcome, Outcome::Violation);
  ASSERT_THAT(result.violations, ElementsAre(Field(&Violation::side, "other")));
  EXPECT_THAT(result.violations[0].died, HasSubstr("no answer to the probe"));
}

TEST_F(Lockstep, TheFirstDifferenceOfThreeIsTold) {
  FakeTarget third;
  third.on_segment = resets_at_once;
  sides_.push_back({"third", &third, nullptr});
  const LockstepResult result = run(then(kOpened, segment("RST,ACK", 5)));
  ASSERT_EQ(result.outcome, Outcome::Violation);
  EXPECT_THAT(result.difference->what, HasSubstr("third: CLOSED"));
}

}  // namespace
}  // namespace conform::fuzz
