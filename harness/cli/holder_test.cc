// Holder on the stack's virtual clock: hours pass at once.
#include "harness/cli/holder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/cli/command.h"
#include "harness/spec/reader.h"
#include "harness/target/stack/stack_target.h"

namespace conform {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class HolderTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(suite_) << to_string(suite_.diagnostics()); }

  const spec::Way& way(const std::string& name) const {
    return *std::ranges::find(suite_->paths.ways, name, &spec::Way::name);
  }

  Result<spec::Suite> suite_ = spec::read_suite(specs_folder(""));
  oracle::Program program_{suite_.value().table};
  LentTarget target_{make_stack_target()};
  Holder holder_{suite_.value(), program_, target_};
};

TEST_F(HolderTest, TellsHowItCameThere) {
  ASSERT_TRUE(holder_.bring(way("LISTEN")));
  EXPECT_EQ(holder_.state(), wire::State::Listen);
  EXPECT_THAT(holder_.story(), ElementsAre("call         OPEN passive", "reply        ok", "state        LISTEN"));
  EXPECT_TRUE(holder_.pass(1h).empty());
  EXPECT_EQ(holder_.state(), wire::State::Listen);
}

// 2 MSL are 240 seconds: the FIN that comes again each time restarts them, and is acknowledged.
TEST_F(HolderTest, TimeWaitIsRenewedByThePeersFin) {
  ASSERT_TRUE(holder_.bring(way("TIME-WAIT+closing")));
  std::vector<std::string> lines;
  for (int i = 0; i < 60; ++i) {
    for (std::string& line : holder_.pass(10s)) lines.push_back(std::move(line));
  }
  EXPECT_EQ(holder_.state(), wire::State::TimeWait);
  EXPECT_GE(
      std::ranges::count_if(lines, [](const std::string& l) { return l.find("2 MSL timer starts anew") != l.npos; }),
      10);
  EXPECT_THAT(lines, Contains(HasSubstr("to target    <SEQ=IRS+1><ACK=ISS+1><CTL=FIN,ACK>")));
  EXPECT_THAT(lines, Contains(HasSubstr("from target  <SEQ=ISS+2><ACK=IRS+2><CTL=ACK>")));
}

// Without a way to renew it, a state ends by its timer; going the way again is possible as often as one likes.
TEST_F(HolderTest, SynSentIsGivenUpAndReachedAgain) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(holder_.bring(way("SYN-SENT")));
    EXPECT_EQ(holder_.state(), wire::State::SynSent);
    const std::vector<std::string> lines = holder_.pass(1h);
    EXPECT_THAT(lines, Contains(HasSubstr("from target  <SEQ=ISS><CTL=SYN>")));
    EXPECT_EQ(holder_.state(), wire::State::Closed);
  }
}

TEST_F(HolderTest, AWayThatLeadsElsewhereIsAnError) {
  spec::Way wrong = way("CLOSE-WAIT+passive");
  wrong.state = wire::State::LastAck;
  const Status status = holder_.bring(wrong);
  ASSERT_FALSE(status);
  EXPECT_THAT(to_string(status.diagnostics()),
              HasSubstr("way 'CLOSE-WAIT+passive' led to CLOSE-WAIT, not to LAST-ACK"));
}

}  // namespace
}  // namespace conform
