#include "fuzz/bench/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/bench/deeds.h"
#include "fuzz/judge/sequence_run.h"
#include "fuzz/mutate/mutate.h"
#include "harness/spec/reader.h"
#include "harness/target/stack/stack_target.h"

namespace conform::fuzz {
namespace {

const oracle::Program& program() {
  static const spec::Suite suite = [] {
    auto read = spec::read_suite(TCPCONFORM_SOURCE_DIR "/specs");
    if (!read.ok()) ADD_FAILURE() << to_string(read.diagnostics());
    return std::move(*read);
  }();
  static const oracle::Program made(suite.table);
  return made;
}

HuntOptions at_most(Duration time) {
  HuntOptions options;
  options.program = &program();
  options.time = time;
  return options;
}

// The bug is seen after some dozens of sequences: the time is for a machine that is busy.
TEST(Hunt, EndsAtTheFirstFindingOfABug) {
  const Hunt result = hunt({.defect = tcp::Defect::RstOutsideWindow}, at_most(std::chrono::minutes(1)));
  ASSERT_EQ(result.shown.size(), 1u);
  EXPECT_EQ(result.shown.front().executions, result.executions);
  EXPECT_THAT(result.shown.front().what, testing::StartsWith(result.shown.front().row + ": "));
  EXPECT_EQ(tcp::defects::active, tcp::Defect::None) << "the bug has come out of its process";
}

TEST(Hunt, OutlivesAProcessThatDies) {
  // An OPEN, and a SYN with an option of length 0.
  Sequence deadly(2);
  deadly[0].kind = Event::Kind::Call;
  deadly[0].call.verb = Verb::Open;
  deadly[1].segment.seq = {Base::PeerIss, 0};
  deadly[1].segment.ctl = wire::Flags::kSyn;
  for (const std::uint8_t octet : {5, 0, 0, 0}) deadly[1].segment.options.push_back(octet);
  HuntOptions options = at_most(std::chrono::minutes(1));
  options.seeds = {deadly};
  const Hunt result = hunt({.defect = tcp::Defect::OptionLengthZeroLoops}, options);
  ASSERT_EQ(result.shown.size(), 1u);
  EXPECT_THAT(result.shown.front().what, testing::StartsWith("target died: "));
  EXPECT_GT(result.shown.front().executions, 0u);
}

// Otherwise the loop without the judge would not do what the loop with it does.
TEST(Deeds, DoneAgainDrawTheSameDatagrams) {
  const auto target = make_stack_target(), another = make_stack_target();
  JudgeContext context;
  context.program = &program();
  Random random(1);
  std::size_t sent = 0;
  for (int i = 0; i < 50; ++i) {
    const Sequence sequence = generate(random, 15);
    RecordingTarget recorder(*target);
    SequenceRun run(context, sequence, recorder, 20000);
    finish(run, recorder);
    std::size_t emitted = 0;
    for (const TraceEntry& entry : run.conversation().take_trace()) emitted += entry.what == TraceEntry::What::Emitted;
    EXPECT_EQ(repeat(recorder.take(), *another), emitted) << "sequence " << i;
    sent += emitted;
  }
  EXPECT_GT(sent, 50u);
}

}  // namespace
}  // namespace conform::fuzz
