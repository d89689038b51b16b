// `doctor`, `states` and `hold`. What this machine does not permit is skipped, with the reason.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "harness/cli/testing.h"
#include "harness/target/linux/linux_target.h"

namespace conform {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Doctor, NamesEachThingAndSaysWhatToDo) {
  const Outcome o = tcpconform({"doctor"});
  EXPECT_THAT(o.out, AllOf(HasSubstr("/dev/net/tun"), HasSubstr("sock_diag"), HasSubstr("linux target")));
  const bool possible = make_linux_target({}).ok();
  EXPECT_EQ(o.status, possible ? kAsExpected : kNoTarget) << o.out;
  EXPECT_THAT(tcpconform({"doctor", "--quiet"}).out, Not(HasSubstr("ok  ")));
}

// A listener of our own is counted, and no state is left out.
TEST(States, AllElevenAndAListenerMore) {
  const auto count = [] {
    const Outcome o = tcpconform({"states", "--json"});
    EXPECT_EQ(o.status, kAsExpected) << o.err;
    return nlohmann::json::parse(o.out);
  };
  EXPECT_EQ(count().size(), 11u);
  const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) GTEST_SKIP() << "no IPv6 here";
  ASSERT_EQ(listen(fd, 1), 0);
  EXPECT_GE(count()["LISTEN"]["ipv6"].get<int>(), 1);
  close(fd);
  const Outcome o = tcpconform({"states"});
  for (wire::State state : wire::kAllStates) EXPECT_THAT(o.out, HasSubstr(fmt::format("\n{:<12} ", to_string(state))));
}

TEST(Hold, WrongWordsSayWhatThereIs) {
  const Outcome state = tcpconform({"hold", "ESTAB"});
  EXPECT_EQ(state.status, kUsage);
  EXPECT_THAT(state.err, HasSubstr("ESTABLISHED"));
  const Outcome way = tcpconform({"hold", "CLOSING", "--target", "stack", "--via", "wrong"});
  EXPECT_EQ(way.status, kUsage);
  EXPECT_THAT(way.err, AllOf(HasSubstr("there is no way 'wrong' to CLOSING"), HasSubstr("CLOSING+active")));
  const Outcome target = tcpconform({"hold", "CLOSING", "--target", "windows"});
  EXPECT_EQ(target.status, kNoTarget);
  EXPECT_THAT(target.err, HasSubstr("there are: linux, stack"));
}

class HoldState : public testing::TestWithParam<wire::State> {
 protected:
  std::string state() const { return std::string(to_string(GetParam())); }
};

TEST_P(HoldState, InTheStack) {
  const Outcome o = tcpconform({"hold", state(), "--target", "stack", "--for", "0.3"});
  EXPECT_EQ(o.status, kAsExpected) << o.err << o.out;
  EXPECT_THAT(o.out, AllOf(HasSubstr("is in " + state() + ", by way " + state()), HasSubstr("let go\n"),
                           Not(HasSubstr("by itself"))));
}

// How `ss` names the states.
std::string ss_name(wire::State state) {
  switch (state) {
    case wire::State::Closed: return "CLOSED is no connection";
    case wire::State::Listen: return "LISTEN ";
    case wire::State::SynSent: return "SYN-SENT ";
    case wire::State::SynReceived: return "SYN-RECV ";
    case wire::State::Established: return "ESTAB ";
    case wire::State::FinWait1: return "FIN-WAIT-1 ";
    case wire::State::FinWait2: return "FIN-WAIT-2 ";
    case wire::State::CloseWait: return "CLOSE-WAIT ";
    case wire::State::Closing: return "CLOSING ";
    case wire::State::LastAck: return "LAST-ACK ";
    case wire::State::TimeWait: return "TIME-WAIT ";
  }
  return "?";
}

TEST_P(HoldState, InTheKernel) {
  if (const auto possible = make_linux_target({}); !possible) GTEST_SKIP() << to_string(possible.diagnostics());
  const Outcome o = tcpconform({"hold", state(), "--target", "linux", "--for", "0.3"});
  EXPECT_EQ(o.status, kAsExpected) << o.err << o.out;
  EXPECT_THAT(o.out, AllOf(HasSubstr("is in " + state() + ", by way " + state()), HasSubstr("\n" + ss_name(GetParam())),
                           HasSubstr("nsenter --target "), HasSubstr("let go\n"), Not(HasSubstr("by itself"))));
  // Nothing stays behind: the process whose namespace it was is gone.
  const std::size_t at = o.out.find("--target ");
  ASSERT_NE(at, o.out.npos);
  const int process = std::atoi(o.out.c_str() + at + 9);
  ASSERT_GT(process, 1);
  bool gone = false;
  for (int i = 0; i < 100 && !gone; ++i) {
    gone = kill(process, 0) != 0;
    if (!gone) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(gone) << "process " << process << " is still there";
}

INSTANTIATE_TEST_SUITE_P(, HoldState, testing::ValuesIn(wire::kAllStates), [](const auto& info) {
  std::string name(to_string(info.param));
  std::erase(name, '-');
  return name;
});

TEST(Hold, ViaMayLeaveTheStateOut) {
  const Outcome o = tcpconform({"hold", "ESTABLISHED", "--target", "stack", "--via", "simultaneous", "--for", "0.1"});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(o.out, HasSubstr("by way ESTABLISHED+simultaneous"));
}

}  // namespace
}  // namespace conform
