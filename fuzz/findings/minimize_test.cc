// From a long sequence to the smallest one that shows the same.
#include "fuzz/findings/minimize.h"

#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>

#include <unistd.h>

#include "fuzz/findings/apart.h"
#include "fuzz/findings/testing.h"

namespace conform::fuzz {
namespace {

const char* const kLong =
    "- call: STATUS\n"
    "- call: OPEN passive timeout=180s\n"
    "- wait: 70 ms\n"
    "- segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460>\n"
    "- segment: <CTL=ACK>\n"
    "- segment: <CTL=PSH,ACK><DATA=100>\n"
    "- call: RECEIVE 100\n"
    "- call: CLOSE\n"
    "- segment: <CTL=FIN,ACK>\n"
    "- segment: <SEQ=RCV.NXT - 1><CTL=FIN,ACK>\n"
    "- wait: 201234 ms\n"
    "- call: STATUS\n"
    "- wait: 5 min\n";

MinimizeOptions on_stack_with_msl(std::chrono::minutes msl) {
  MinimizeOptions options;
  options.judge = judge_context();
  options.make_target = [msl]() -> Result<std::unique_ptr<Target>> {
    StackTargetOptions stack;
    stack.config.msl = msl;
    return make_stack_target(stack);
  };
  return options;
}

TEST(Minimize, KeepsWhatIsShownAndNothingElse) {
  const auto made = minimize(sequence_of(kLong), on_stack_with_msl(std::chrono::minutes(1)));
  ASSERT_TRUE(made.ok()) << to_string(made.diagnostics());
  ASSERT_TRUE(*made);
  EXPECT_EQ(name_of((*made)->violation), "3.10.8-time-wait-time-wait-early--missed-must");
  EXPECT_FALSE((*made)->known);
  EXPECT_EQ(lines((*made)->sequence),
            "call: OPEN passive\n"
            "segment: <SEQ=PEER.ISS><CTL=SYN>\n"
            "call: CLOSE\n"
            "segment: <CTL=FIN,ACK>\n"
            "wait: 200 s\n");
}

TEST(Minimize, AStackThatConformsShowsNothing) {
  const auto made = minimize(sequence_of(kLong), on_stack_with_msl(std::chrono::minutes(2)));
  ASSERT_TRUE(made.ok());
  EXPECT_FALSE(*made);
}

TEST(Minimize, WhatIsKnownIsTakenIfThereIsNothingElse) {
  MinimizeOptions options = on_stack_with_msl(std::chrono::minutes(1));
  options.judge.known = [](const Finding& finding) { return finding.row == "3.10.8/time-wait/time-wait-early"; };
  const auto made = minimize(sequence_of(kLong), options);
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(*made);
  EXPECT_TRUE((*made)->known);
  EXPECT_EQ((*made)->sequence.size(), 5u);
}

TEST(Minimize, ATargetThatCannotBeMadeIsAnError) {
  MinimizeOptions options = on_stack_with_msl(std::chrono::minutes(1));
  options.make_target = []() -> Result<std::unique_ptr<Target>> { return error("no such thing"); };
  EXPECT_FALSE(minimize(sequence_of(kLong), options).ok());
}

TEST(Minimize, StopsWithTheSmallestSoFar) {
  MinimizeOptions options = on_stack_with_msl(std::chrono::minutes(1));
  std::atomic<bool> stop = true;
  options.stop = &stop;
  const auto made = minimize(sequence_of(kLong), options);
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(*made);
  EXPECT_EQ((*made)->sequence, sequence_of(kLong));
}

// Our stack, which takes its process with it when a segment has an urgent pointer, and dies by itself at a FIN.
struct Fragile : Target {
  struct Life : Session {
    std::unique_ptr<Session> inner;
    bool dead = false;
    const SocketPair& sockets() const override { return inner->sockets(); }
    Reply call(const UserCall& call) override { return inner->call(call); }
    Status inject(std::span<const std::uint8_t> datagram) override {
      constexpr std::size_t kIp = 20, kFlags = kIp + 13, kUrgent = kIp + 18;
      if (datagram[kUrgent] != 0 || datagram[kUrgent + 1] != 0) std::abort();
      if (datagram[kFlags] & wire::Flags::kFin) return error("target died: it does not like FINs");
      return inner->inject(datagram);
    }
    std::vector<Observation> drain() override { return inner->drain(); }
    std::optional<wire::State> state() override { return inner->state(); }
    Status barrier() override { return inner->barrier(); }
  };
  std::unique_ptr<Target> inner = make_stack_target();
  std::string name() const override { return inner->name(); }
  std::string version() const override { return inner->version(); }
  const Capabilities& capabilities() const override { return inner->capabilities(); }
  Result<std::unique_ptr<Session>> open(const SessionConfig& config) override {
    auto opened = inner->open(config);
    if (!opened) return opened.diagnostics();
    auto life = std::make_unique<Life>();
    life->inner = std::move(*opened);
    return std::unique_ptr<Session>(std::move(life));
  }
  Time now() const override { return inner->now(); }
  std::vector<Session*> wait(Time deadline) override { return inner->wait(deadline); }
};

TEST(Minimize, TargetsThatDieAreMadeAgain) {
  MinimizeOptions options = on_stack_with_msl(std::chrono::minutes(2));
  int made_targets = 0;
  options.make_target = [&]() -> Result<std::unique_ptr<Target>> {
    ++made_targets;
    return std::unique_ptr<Target>(std::make_unique<Fragile>());
  };
  const auto made = minimize(sequence_of(kLong), options);
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(*made);
  EXPECT_EQ(name_of((*made)->violation), "target-died--it-does-not-like-fins");
  EXPECT_EQ(lines((*made)->sequence), "segment: <CTL=FIN>\n");
  EXPECT_GT(made_targets, 1);
}

TEST(Minimize, ATryThatEndsItsProcessIsMadeApart) {
  MinimizeOptions options = on_stack_with_msl(std::chrono::minutes(2));
  options.make_target = []() -> Result<std::unique_ptr<Target>> { return std::unique_ptr<Target>(std::make_unique<Fragile>()); };
  const auto made = minimize(sequence_of("- call: OPEN passive\n- segment: <SEQ=PEER.ISS><CTL=SYN,URG><UP=700>\n- segment: <CTL=FIN,ACK>\n"), options);
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(*made);
  EXPECT_EQ(name_of((*made)->violation), "target-died--signal-aborted");
  EXPECT_EQ(lines((*made)->sequence), "segment: <CTL=><UP=1>\n");
}

TEST(Apart, HowAProcessEnds) {
  EXPECT_EQ(ends_its_process([] {}), std::nullopt);
  EXPECT_EQ(ends_its_process([] { std::raise(SIGKILL); }), "signal Killed");
  EXPECT_EQ(ends_its_process([] { _exit(3); }), "exit status 3");
  EXPECT_EQ(ends_its_process([] { for (;;) pause(); }, 1), "hang");
}

}  // namespace
}  // namespace conform::fuzz
