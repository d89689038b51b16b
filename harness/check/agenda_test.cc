// Who is resumed, and when: by news, by time, and not twice.
#include "harness/check/agenda.h"

#include <gmock/gmock.h>

#include <array>

#include "harness/check/testing.h"

namespace conform {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AgendaTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (auto& session : sessions_) session = std::move(*target_.open({}));
    for (std::size_t who = 0; who < sessions_.size(); ++who) agenda_.put(who, *sessions_[who], static_cast<int>(who + 1) * 1s);
  }
  void news_for(std::size_t who) {
    target_.on_time = [this, who](FakeState& s) {
      if (s.session == sessions_[who].get()) s.signal(SignalKind::OpenDone);
    };
  }

  FakeTarget target_;
  std::array<std::unique_ptr<Session>, 3> sessions_;
  Agenda agenda_{target_};
};

TEST_F(AgendaTest, TimePassesUntilTheFirstIsDue) {
  EXPECT_THAT(agenda_.next(), ElementsAre(0));
  EXPECT_EQ(target_.clock, 1s);
  EXPECT_THAT(agenda_.next(), ElementsAre(0)) << "it stays until it says otherwise";
  agenda_.put(0, *sessions_[0], 9s);
  EXPECT_THAT(agenda_.next(), ElementsAre(1));
  EXPECT_EQ(target_.clock, 2s);
}

TEST_F(AgendaTest, TheMostOverdueComesFirst) {
  target_.clock = 10s;
  EXPECT_THAT(agenda_.next(), ElementsAre(0, 1, 2));
}

TEST_F(AgendaTest, NewsComeBeforeTheirTime) {
  news_for(2);
  EXPECT_THAT(agenda_.next(100ms), ElementsAre(2));
  EXPECT_EQ(target_.clock, 100ms);
}

TEST_F(AgendaTest, WhoIsDueAndHasNewsIsNamedOnce) {
  news_for(0);
  EXPECT_THAT(agenda_.next(), ElementsAre(0));
}

TEST_F(AgendaTest, NobodyWhenTheLimitComesFirst) {
  EXPECT_THAT(agenda_.next(500ms), IsEmpty());
  EXPECT_EQ(target_.clock, 500ms);
}

TEST_F(AgendaTest, WhoIsRemovedIsNotNamedAgain) {
  agenda_.remove(0);
  news_for(0);
  EXPECT_THAT(agenda_.next(), ElementsAre(1));
  agenda_.remove(1);
  agenda_.remove(2);
  EXPECT_TRUE(agenda_.empty());
  EXPECT_THAT(agenda_.next(5s), IsEmpty());
}

}  // namespace
}  // namespace conform
