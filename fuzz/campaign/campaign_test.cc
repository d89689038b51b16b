// A campaign's parts: what is new, what is kept, and that a worker's loop finds what is wrong and nothing where all is
// right.
#include "fuzz/campaign/campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "fuzz/campaign/engine.h"
#include "fuzz/mutate/mutate.h"
#include "harness/spec/reader.h"
#include "harness/target/stack/stack_target.h"

namespace conform::fuzz {
namespace {

namespace fs = std::filesystem;

const oracle::Program& program() {
  static const spec::Suite suite = [] {
    auto read = spec::read_suite(TCPCONFORM_SOURCE_DIR "/specs");
    if (!read.ok()) ADD_FAILURE() << to_string(read.diagnostics());
    return std::move(*read);
  }();
  static const oracle::Program made(suite.table);
  return made;
}

// A folder of the test's own.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("campaign_test." + std::to_string(getpid()))) { fs::create_directories(path_); }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

TEST(Novelty, AFeatureIsNewOnceAndAgainWhenItComesTwiceAsOften) {
  Novelty novelty;
  EXPECT_EQ(novelty.take({1, 2}), 2u);
  EXPECT_EQ(novelty.take({2, 1}), 0u);
  EXPECT_EQ(novelty.take({2, 2}), 1u);
  EXPECT_EQ(novelty.take({2, 2, 2}), 0u);
  EXPECT_EQ(novelty.take({2, 2, 2, 2, 3}), 2u);
  EXPECT_EQ(novelty.seen(), 5u);
}

TEST(Pool, AnotherPoolOfTheFolderReadsWhatWasWritten) {
  const Folder folder;
  Random random(1);
  const Sequence one = generate(random, 5), two = generate(random, 7);
  Pool pool(folder / "pool"), other(folder / "pool");
  ASSERT_TRUE(pool.add(one, true).ok());
  ASSERT_TRUE(pool.add(two, false).ok());
  EXPECT_EQ(pool.size(), 2u);
  EXPECT_THAT(other.read_new(), testing::ElementsAre(one));
  EXPECT_THAT(other.read_new(), testing::IsEmpty()) << "nothing is read twice";
}

TEST(Pool, SaysWhatCannotBeWritten) {
  Pool pool("/proc/no-such-folder");
  const Status added = pool.add({}, true);
  ASSERT_FALSE(added.ok());
  EXPECT_THAT(to_string(added.diagnostics()), testing::HasSubstr("cannot write /proc/no-such-folder/"));
}

CampaignOptions options(const Folder& folder, std::chrono::milliseconds delayed_ack) {
  CampaignOptions options;
  options.target = "stack";
  options.make_target = [delayed_ack]() -> Result<std::unique_ptr<Target>> {
    StackTargetOptions stack;
    stack.config.delayed_ack = delayed_ack;
    return make_stack_target(stack);
  };
  options.program = &program();
  options.executions = 3000;
  options.pool_folder = folder / "pool";
  options.findings_folder = folder / "findings";
  return options;
}

TEST(Campaign, FindsAnAcknowledgmentThatComesTooLateAndWritesItOnce) {
  const Folder folder;
  const CampaignStatus status = run_campaign(options(folder, std::chrono::milliseconds(900)), nullptr);
  EXPECT_THAT(status.troubles, testing::IsEmpty());
  EXPECT_THAT(status.findings, testing::Contains("3.8.6.3-acknowledge--overdue"));
  EXPECT_TRUE(fs::exists(folder / "findings/3.8.6.3-acknowledge--overdue/scenario.yaml"));
  EXPECT_GE(status.executions, 3000u);
  EXPECT_GT(status.rows, 100u);
}

TEST(Campaign, FindsNothingWhereNothingIsWrong) {
  const Folder folder;
  const CampaignStatus status = run_campaign(options(folder, std::chrono::milliseconds(200)), nullptr);
  EXPECT_THAT(status.findings, testing::IsEmpty());
  EXPECT_THAT(status.troubles, testing::IsEmpty());
  EXPECT_FALSE(fs::is_empty(folder / "pool"));
}

TEST(Campaign, ATargetThatCannotBeMadeIsSaid) {
  const Folder folder;
  CampaignOptions wrong = options(folder, std::chrono::milliseconds(200));
  wrong.make_target = []() -> Result<std::unique_ptr<Target>> { return error("no such machine"); };
  const CampaignStatus status = run_campaign(wrong, nullptr);
  EXPECT_TRUE(status.target_failed);
  EXPECT_THAT(status.troubles, testing::ElementsAre(testing::HasSubstr("no such machine")));
}

TEST(Campaign, AWorkerThatDiesIsAFindingAndAnotherTakesItsPlace) {
  const Folder folder;
  CampaignOptions deadly = options(folder, std::chrono::milliseconds(200));
  deadly.executions = 200;
  // The first worker's target kills it; those after it have a sound one.
  const std::string mark = folder / "killed";
  const auto sound = deadly.make_target;
  deadly.make_target = [sound, mark]() -> Result<std::unique_ptr<Target>> {
    if (!fs::exists(mark)) {
      fs::create_directory(mark);
      std::abort();
    }
    return sound();
  };
  const CampaignStatus status = run_campaign(deadly, nullptr);
  EXPECT_THAT(status.findings, testing::ElementsAre(testing::StartsWith("target-died--signal-abort")));
  EXPECT_GE(status.executions, 200u);
}

}  // namespace
}  // namespace conform::fuzz
