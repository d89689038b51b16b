// What a finding leaves behind: three files that say the same, or an error that says which could not be written.
#include "fuzz/findings/write.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fuzz/findings/testing.h"

namespace conform::fuzz {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct Written : testing::Test {
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root = fs::path(testing::TempDir()) / ("findings-" + std::string(test->name()));
    fs::remove_all(root);
  }
  void TearDown() override { fs::remove_all(root); }

  std::string text_of(const fs::path& file) const {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::string folder() const { return (root / "stack" / "a-finding").string(); }

  fs::path root;
};

// A stack whose MSL is half of what the RFC has.
std::unique_ptr<Target> hasty_stack() {
  StackTargetOptions options;
  options.config.msl = std::chrono::minutes(1);
  return make_stack_target(options);
}

const char* const kTimeWait =
    "- call: OPEN passive\n"
    "- segment: <SEQ=PEER.ISS><CTL=SYN>\n"
    "- segment: <CTL=ACK>\n"
    "- call: CLOSE\n"
    "- segment: <CTL=FIN,ACK>\n"
    "- wait: 3 min\n";

TEST_F(Written, ScenarioCaptureAndExplanation) {
  const auto target = hasty_stack();
  const JudgeContext context = judge_context();
  const Sequence sequence = sequence_of(kTimeWait);
  const Status status = write_finding(sequence, {context, *target, "stack", "Found after 12 executions."}, folder());
  ASSERT_TRUE(status.ok()) << to_string(status.diagnostics());

  SequenceRun run(context, sequence, *target, 20000);
  finish(run, *target);
  ASSERT_TRUE(run.finding());
  const Finding& found = *run.finding();

  const std::string scenario = text_of(folder() + "/scenario.yaml");
  EXPECT_THAT(scenario, HasSubstr("title: \"" + found.row + ": " + std::string(to_string(found.kind)) + "\"\n"));
  const auto back = from_yaml(scenario, "scenario.yaml", suite());
  ASSERT_TRUE(back.ok()) << to_string(back.diagnostics());
  EXPECT_EQ(*back, sequence);

  const std::string capture = text_of(folder() + "/trace.pcapng");
  EXPECT_THAT(capture, StartsWith("\x0a\x0d\x0d\x0a"));
  EXPECT_THAT(capture, HasSubstr(found.row));
  EXPECT_THAT(capture, HasSubstr("<CTL=SYN>")) << "each packet has its comment";

  const std::string text = text_of(folder() + "/explanation.md");
  EXPECT_THAT(text, StartsWith("# " + found.row + ": "));
  EXPECT_THAT(text, HasSubstr("Target: `stack` (" + target->version() + "). Profile rfc9293, seed 1."));
  EXPECT_THAT(text, HasSubstr("Found after 12 executions."));
  for (const std::string& clause : found.cite) EXPECT_THAT(text, HasSubstr(clause));
  EXPECT_THAT(text, HasSubstr("build/tcpconform replay " + folder() + "/scenario.yaml --target stack\n"));
  EXPECT_THAT(text, HasSubstr("- wait: 3 min\n"));
  EXPECT_THAT(text, HasSubstr("-> target"));
  EXPECT_THAT(text, HasSubstr("<- target"));
}

TEST_F(Written, AReplayRepeatsProfileAndSeed) {
  FindingRecord record;
  record.violation.finding.emplace().row = "3.10.8/only/time-wait";
  record.gloss = "TIME-WAIT ends after 2 MSL";
  record.target_name = "adapter:./my tcp";
  record.conversation.seed = 7;
  record.conversation.profile = spec::Profile::Rfc793;
  const std::string text = explanation_of(record, "a folder/scenario.yaml");
  EXPECT_THAT(text, HasSubstr("replay 'a folder/scenario.yaml' --target 'adapter:./my tcp' --profile rfc793 --seed 7\n"));
  EXPECT_THAT(text, HasSubstr("`3.10.8/only/time-wait`: TIME-WAIT ends after 2 MSL\n"));
}

TEST_F(Written, AnEarlierOneOfTheSameNameIsReplaced) {
  const auto target = hasty_stack();
  const JudgeContext context = judge_context();
  Sequence sequence = sequence_of(kTimeWait);
  ASSERT_TRUE(write_finding(sequence, {context, *target, "stack", {}}, folder()).ok());
  sequence.back().wait.ms = 210'000;
  ASSERT_TRUE(write_finding(sequence, {context, *target, "stack", {}}, folder()).ok());
  EXPECT_THAT(text_of(folder() + "/scenario.yaml"), HasSubstr("- wait: 210 s\n"));
}

TEST_F(Written, ADeathIsWrittenWithoutBeingTried) {
  const Sequence sequence = sequence_of(kTimeWait);
  ASSERT_TRUE(write_death(sequence, "signal Segmentation fault", "stack", folder()).ok());
  EXPECT_THAT(text_of(folder() + "/scenario.yaml"), HasSubstr("title: \"target died: signal Segmentation fault\"\n"));
  EXPECT_THAT(text_of(folder() + "/explanation.md"), HasSubstr("signal Segmentation fault"));
  EXPECT_TRUE(fs::exists(folder() + "/trace.pcapng"));
}

TEST_F(Written, WhatDoesNotShowAgainIsAnErrorAndItsScenarioIsKept) {
  const auto target = make_stack_target();
  const JudgeContext context = judge_context();
  const Sequence sequence = sequence_of(kTimeWait);
  const Status status = write_finding(sequence, {context, *target, "stack", {}}, folder());
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(to_string(status.diagnostics()), HasSubstr(folder() + "/scenario.yaml: error: nothing was wrong"));
  const auto back = from_yaml(text_of(folder() + "/scenario.yaml"), "scenario.yaml", suite());
  ASSERT_TRUE(back.ok()) << to_string(back.diagnostics());
  EXPECT_EQ(*back, sequence);
  EXPECT_FALSE(fs::exists(folder() + "/explanation.md"));
}

TEST_F(Written, WhatCannotBeWrittenIsNamed) {
  fs::create_directories(root);
  std::ofstream(root / "stack") << "a file where the folder should be";
  const Status no_folder = write_death({}, "hang", "stack", folder());
  ASSERT_FALSE(no_folder.ok());
  EXPECT_THAT(to_string(no_folder.diagnostics()), HasSubstr(folder() + ": error: cannot make this folder"));

  // Each file by itself: the others are written all the same.
  fs::remove(root / "stack");
  fs::create_directories(fs::path(folder()) / "scenario.yaml" / "in-the-way");
  const Status no_scenario = write_death({}, "hang", "stack", folder());
  ASSERT_FALSE(no_scenario.ok());
  EXPECT_EQ(no_scenario.diagnostics().size(), 1u);
  EXPECT_THAT(to_string(no_scenario.diagnostics()), HasSubstr("scenario.yaml"));
  EXPECT_TRUE(fs::exists(folder() + "/explanation.md"));
}

}  // namespace
}  // namespace conform::fuzz
