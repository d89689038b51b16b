// The table made ready: rows are found by name, by step and by state.
#include "harness/oracle/program.h"

#include "harness/oracle/testing.h"

namespace conform::oracle {
namespace {

using spec::Event;
using wire::State;

constexpr std::string_view kTwoSteps = R"(section: "3.10.7.4"
title: two steps
event: segment
states: synchronized
steps:
- step: first
  title: one
  rows:
  - id: here
    states: [ESTABLISHED]
    when: acceptable
    then: drop
  - id: there
    states: [CLOSE-WAIT, LAST-ACK]
    then: continue
- step: second
  title: a step of another event
  event: call SEND
  rows:
  - id: send
    states: [ESTABLISHED]
    reply: ok
)";

TEST(Program, RowsStandUnderTheEventOfTheirStep) {
  const auto loaded = small_table(kTwoSteps);
  const Program& program = loaded->program;
  ASSERT_EQ(program.row_count(), 3u);
  ASSERT_EQ(program.steps(Event::Segment).size(), 1u);
  ASSERT_EQ(program.steps(Event::CallSend).size(), 1u);
  EXPECT_TRUE(program.steps(Event::CallClose).empty());
  const RowNumber send = program.find_row("3.10.7.4/second/send");
  ASSERT_NE(send, kNoRow);
  EXPECT_EQ(program.event_of(send), Event::CallSend);
  EXPECT_EQ(program.step_of(send).spec->name, "second");
  EXPECT_EQ(program.row(send).id, "send");
}

TEST(Program, AStepKnowsWhichRowsMayFireInAState) {
  const auto loaded = small_table(kTwoSteps);
  const Program::Step& first = loaded->program.steps(Event::Segment).at(0);
  const auto rows = [&](State state) { return first.rows[static_cast<std::size_t>(state)]; };
  EXPECT_EQ(rows(State::Established), std::vector{loaded->program.find_row("3.10.7.4/first/here")});
  EXPECT_EQ(rows(State::LastAck), std::vector{loaded->program.find_row("3.10.7.4/first/there")});
  EXPECT_TRUE(rows(State::Listen).empty());
}

TEST(Program, AGlanceAtTheControlBitsNeverDecidesOtherwiseThanTheGuard) {
  const Program& program = the_rfc().program;
  int settled = 0;
  for (RowNumber number = 0; number < program.row_count(); ++number) {
    for (unsigned bits = 0; bits < 64; ++bits) {
      World world;
      wire::Segment segment;
      segment.flags.bits = static_cast<std::uint8_t>(bits);
      world.load(segment);
      ASSERT_EQ(control_bits(world.values), bits);
      ASSERT_EQ(program.guard(number).holds(world.values, control_bits(world.values)), program.row(number).when.holds(world.values))
          << program.row(number).full_id << ", control bits " << bits;
      settled += (bits & program.guard(number).looked_at) != program.guard(number).wanted;
    }
  }
  EXPECT_GT(settled, 1000) << "hardly any row is settled by a glance";
}

TEST(Program, WhatIsNotThereIsNotFound) {
  const auto loaded = small_table(kTwoSteps);
  EXPECT_EQ(loaded->program.find_row("3.10.7.4/first/nowhere"), kNoRow);
  EXPECT_EQ(loaded->program.find_step(Event::Segment, "3.10.7.4/first"), 0u);
  EXPECT_EQ(loaded->program.find_step(Event::Segment, "3.10.7.4/second"), 1u) << "beyond the last: another event's";
  EXPECT_EQ(loaded->program.find_step(Event::Segment, "first"), 1u);
}

TEST(Program, EveryRowOfTheRealTableIsFoundByItsName) {
  const Program& program = the_rfc().program;
  EXPECT_GT(program.row_count(), 200u);
  for (RowNumber number = 0; number < program.row_count(); ++number) {
    EXPECT_EQ(program.find_row(program.row(number).full_id), number) << program.row(number).full_id;
    EXPECT_EQ(program.step_of(number).spec->event, program.event_of(number));
  }
}

TEST(Program, SegmentsPassTheHeaderBeforeTheStates) {
  const auto& steps = the_rfc().program.steps(Event::Segment);
  ASSERT_FALSE(steps.empty());
  EXPECT_EQ(steps.front().section->number, "3.1");
  EXPECT_EQ(steps.back().section->number, "3.10.7.4");
}

}  // namespace
}  // namespace conform::oracle
