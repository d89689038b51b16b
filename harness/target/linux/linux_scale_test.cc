// Many sessions at once, what they cost, and that nothing is left of them or of the target.
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include "harness/target/linux/addresses.h"
#include "harness/target/linux/datagram.h"
#include "harness/target/linux/doctor.h"
#include "harness/target/linux/kernel_target.h"
#include "harness/target/linux/linux_conversation.h"
#include "harness/target/linux/socket_states.h"

namespace conform::kernel {
namespace {

constexpr std::uint8_t SYN = wire::Flags::kSyn, ACK = wire::Flags::kAck, FIN = wire::Flags::kFin;

class LinuxScale : public LinuxTest {};

// What is in the target's namespace, by state.
StateCounts counts_inside(Target& target) {
  StateCounts counts;
  auto& kernel = dynamic_cast<KernelTarget&>(target);
  const Status done = kernel.diag().visit_all([&counts](const SocketEntry& entry) {
    auto& family = entry.sockets.family == Family::Ipv4 ? counts.ipv4 : counts.ipv6;
    ++family[static_cast<std::size_t>(entry.state)];
  });
  EXPECT_TRUE(done.ok());
  return counts;
}

TEST_P(LinuxScale, ThousandSessionsAtOnce) {
  constexpr std::size_t kCount = 1000;
  std::vector<std::unique_ptr<Conversation>> all;
  for (std::size_t i = 0; i < kCount; ++i) {
    all.push_back(std::make_unique<Conversation>(target(), family()));
    ASSERT_EQ(all.back()->open_passive().answer, Answer::Ok);
  }
  EXPECT_EQ(counts_inside(target()).of(wire::State::Listen), kCount);
  for (auto& c : all) c->peer(SYN, 0);
  EXPECT_EQ(counts_inside(target()).of(wire::State::SynReceived), kCount);
  for (auto& c : all) ASSERT_EQ(c->heard(), Lines({"<SEQ=0><ACK=1><CTL=SYN,ACK>"}));
  for (auto& c : all) c->peer(ACK, 1, 1);
  for (auto& c : all) ASSERT_EQ(c->heard(), Lines({"signal: open ok"}));
  EXPECT_EQ(counts_inside(target()).of(wire::State::Established), kCount);
  for (auto& c : all) c->call(Verb::Close);
  for (auto& c : all) c->peer(FIN | ACK, 1, 2);
  for (auto& c : all) ASSERT_EQ(c->heard().size(), 4u);  // FIN, the ACK of ours, two signals
  for (auto& c : all) ASSERT_EQ(c->state(), "TIME-WAIT");
  EXPECT_EQ(counts_inside(target()).of(wire::State::TimeWait), kCount);
  all.clear();
  EXPECT_EQ(counts_inside(target()).total(), 0u);
}

TEST_P(LinuxScale, WaitReturnsForTheOneThatHasSomething) {
  std::vector<std::unique_ptr<Conversation>> all;
  for (int i = 0; i < 100; ++i) all.push_back(std::make_unique<Conversation>(target(), family()));
  all[42]->open_active();
  all[42]->heard();
  const Time start = target().now();
  // For the retransmission of the SYN, after a second.
  EXPECT_EQ(target().wait(start + std::chrono::seconds(5)), std::vector<Session*>{&all[42]->session()});
  const Duration took = target().now() - start;
  EXPECT_GT(to_ms(took), 500);
  EXPECT_LT(to_ms(took), 4000);
  EXPECT_EQ(all[41]->session().drain().size(), 0u);
  EXPECT_EQ(all[42]->session().drain().size(), 1u);
}

TEST_P(LinuxScale, WaitEndsAtItsDeadline) {
  Conversation c(target(), family());
  const Time start = target().now();
  target().wait(start + std::chrono::milliseconds(20));
  EXPECT_GE(to_ms(target().now() - start), 20);
  EXPECT_LT(to_ms(target().now() - start), 1000);
}

TEST_P(LinuxScale, EndingASessionLeavesNothing) {
  for (const int steps : {0, 1, 2, 3, 4, 5}) {
    Conversation c(target(), family());
    if (steps >= 1) c.open_passive();
    if (steps >= 2) c.peer(SYN, 0);
    c.heard();
    if (steps >= 3) c.peer(ACK, 1, 1);
    c.heard();
    if (steps >= 4) c.call(Verb::Close);
    if (steps >= 5) c.peer(FIN | ACK, 1, 2);
    c.end();
    EXPECT_EQ(counts_inside(target()).total(), 0u) << steps;
  }
}

TEST_P(LinuxScale, EndingASessionThatOpenedActivelyLeavesNothing) {
  for (const int steps : {0, 1, 2, 3, 4}) {
    Conversation c(target(), family());
    c.open_active();
    c.heard();
    if (steps == 1) c.call(Verb::Close);
    if (steps >= 2) c.peer(SYN | ACK, 0, 1);
    c.heard();
    if (steps == 3) c.call(Verb::Abort);
    if (steps == 4) c.call(Verb::Close);
    if (steps == 4) c.peer(FIN | ACK, 1, 2);
    c.end();
    EXPECT_EQ(counts_inside(target()).total(), 0u) << steps;
  }
}

// Gives the kernel's end of the device another IPv4 address, so that nobody answers for the first.
void take_address_away(pid_t helper) {
  const pid_t child = fork();
  if (child == 0) {
    const Fd space(open(fmt::format("/proc/{}/ns/net", helper).c_str(), O_RDONLY));
    if (setns(space.get(), CLONE_NEWNET) != 0) _exit(1);
    const Fd any(socket(AF_INET, SOCK_DGRAM, 0));
    ifreq request{};
    std::string(kTargetDevice).copy(request.ifr_name, IFNAMSIZ - 1);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(0xc0000209);  // 192.0.2.9
    std::memcpy(&request.ifr_addr, &address, sizeof address);
    _exit(ioctl(any.get(), SIOCSIFADDR, &request) == 0 ? 0 : 1);
  }
  int how = -1;
  waitpid(child, &how, 0);
  ASSERT_EQ(how, 0);
}

TEST_P(LinuxScale, SilenceOfATargetThatDoesNotAnswerAnyMoreIsNoConformingSilence) {
  if (family() == Family::Ipv6 || GetParam().force_user_namespace) GTEST_SKIP() << "the same code";
  Conversation c(target(), family());
  c.establish_passively();
  take_address_away(dynamic_cast<KernelTarget&>(target()).space().helper());
  SocketPair sockets = c.session().sockets();
  wire::Segment segment;
  segment.source_port = sockets.peer_port;
  segment.destination_port = sockets.target_port;
  segment.flags.bits = wire::Flags::kRst;
  ASSERT_TRUE(c.session().inject(encode(sockets, segment)).ok());
  EXPECT_FALSE(c.session().barrier().ok());
}

TEST_P(LinuxScale, StrayPeersOfAListenerGoWithItsSession) {
  Conversation c(target(), family());
  c.open_passive();
  SocketPair stray = c.session().sockets();
  stray.peer_port = 40001;
  wire::Segment syn;
  syn.source_port = stray.peer_port;
  syn.destination_port = stray.target_port;
  syn.flags.bits = SYN;
  EXPECT_TRUE(c.session().inject(encode(stray, syn)).ok());
  EXPECT_EQ(c.heard().size(), 1u);
  EXPECT_EQ(c.state(), "LISTEN") << "the peer itself has said nothing";
  EXPECT_EQ(counts_inside(target()).of(wire::State::SynReceived), 1u);
  c.end();
  EXPECT_EQ(counts_inside(target()).total(), 0u);
}

TEST_P(LinuxScale, PortsOfTheSameNumberMeetNothingOfTheSessionBefore) {
  SessionConfig config;
  config.target_port = 5000;
  config.peer_port = 40000;
  config.family = family();
  for (int i = 0; i < 3; ++i) {
    auto session = target().open(config);
    ASSERT_TRUE(session.ok());
    EXPECT_FALSE(target().open(config).ok()) << "two sessions on one port";
    EXPECT_EQ((*session)->drain().size(), 0u);
    EXPECT_EQ((*session)->state(), wire::State::Closed);
    UserCall open;
    open.verb = Verb::Open;
    open.active = true;
    ASSERT_EQ((*session)->call(open).answer, Answer::Ok);
  }
}

TEST_P(LinuxScale, CostOfACycle) {
  constexpr int kCycles = 500;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kCycles; ++i) {
    Conversation c(target(), family());
    c.open_passive();
    c.peer(SYN, 0);
    ASSERT_EQ(c.heard().size(), 1u);
    c.peer(ACK, 1, 1);
    ASSERT_EQ(c.heard().size(), 1u);
    c.call(Verb::Abort);
    ASSERT_EQ(c.heard().size(), 1u);
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  RecordProperty("microseconds", fmt::format("{:.1f}", took.count() / kCycles));
  fmt::print("open, SYN, ACK, accept, ABORT, gone: {:.1f} us\n", took.count() / kCycles);
  EXPECT_LT(took.count() / kCycles, 10000);
}

TEST_P(LinuxScale, NonsenseIsLostAndHarmless) {
  Conversation c(target(), family());
  c.open_passive();
  for (const Datagram& nonsense : {Datagram{}, Datagram{0}, Datagram(20, 0xff), Datagram{0x45}, Datagram{0x60, 0, 0},
                                   Datagram(1400, 0x45), Datagram(1400, 0x60)}) {
    EXPECT_TRUE(c.session().inject(nonsense).ok());
  }
  EXPECT_EQ(c.heard(), Lines());
  EXPECT_EQ(c.state(), "LISTEN");
}

// Whether any process that we may look at is in the network namespace with this inode.
bool somebody_is_in(ino_t space) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    struct stat info {};
    const std::string path = entry.path().string() + "/ns/net";
    if (stat(path.c_str(), &info) == 0 && info.st_ino == space) return true;
  }
  return false;
}

ino_t space_of(pid_t pid) {
  struct stat info {};
  return stat(fmt::format("/proc/{}/ns/net", pid).c_str(), &info) == 0 ? info.st_ino : 0;
}

TEST_P(LinuxScale, TheProcessStaysWhereItIsAndNothingIsLeft) {
  const ino_t ours = space_of(getpid());
  const pid_t helper = dynamic_cast<KernelTarget&>(target()).space().helper();
  const ino_t inside = space_of(helper);
  ASSERT_NE(ours, 0u);
  EXPECT_NE(inside, ours);
  target_.reset();
  EXPECT_EQ(space_of(getpid()), ours);
  EXPECT_EQ(kill(helper, 0), -1) << "the helper still runs";
  if (inside != 0) {
    EXPECT_FALSE(somebody_is_in(inside));
  }
}

// However the process ends: here it is killed, with a connection open.
TEST_P(LinuxScale, NothingIsLeftOfAKilledProcess) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    LinuxOptions options;
    options.device = GetParam().device;
    options.force_user_namespace = GetParam().force_user_namespace;
    auto made = make_linux_target(options);
    if (!made) _exit(1);
    Conversation c(**made, family());
    c.open_passive();
    const pid_t helper = dynamic_cast<KernelTarget&>(**made).space().helper();
    if (write(ends[1], &helper, sizeof helper) != sizeof helper) _exit(1);
    pause();
    _exit(0);
  }
  close(ends[1]);
  pid_t helper = 0;
  ASSERT_EQ(read(ends[0], &helper, sizeof helper), static_cast<ssize_t>(sizeof helper));
  const ino_t inside = space_of(helper);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  // The helper holds no copy of our pipe: it ends when its channel does, and whoever adopts it buries it.
  for (int i = 0; i < 200 && (inside != 0 ? somebody_is_in(inside) : kill(helper, 0) == 0); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(inside != 0 && somebody_is_in(inside));
  close(ends[0]);
}

TEST_P(LinuxScale, WorksInAProcessWithThreads) {
  bool stop = false;
  std::thread other([&stop] {
    while (!std::atomic_ref(stop).load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  LinuxOptions options;
  options.device = GetParam().device;
  options.force_user_namespace = GetParam().force_user_namespace;
  auto second = make_linux_target(options);  // beside the one of the fixture
  EXPECT_TRUE(second.ok());
  if (second) {
    Conversation c(**second, family());
    c.establish_passively();
  }
  std::atomic_ref(stop).store(true);
  other.join();
}

TEST_P(LinuxScale, SettingsReachTheKernel) {
  LinuxOptions options;
  options.device = GetParam().device;
  options.force_user_namespace = GetParam().force_user_namespace;
  options.sysctls["net.ipv4.tcp_syn_retries"] = "none";
  const auto refused = make_linux_target(options);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.diagnostics().front().message, "cannot set net.ipv4.tcp_syn_retries to 'none': Invalid argument");
  options.sysctls.erase("net.ipv4.tcp_syn_retries");
  options.sysctls["kernel.hostname"] = "x";
  const auto outside = make_linux_target(options);
  ASSERT_FALSE(outside.ok());
  EXPECT_EQ(outside.diagnostics().front().message, "'kernel.hostname' is not a setting of a network namespace");
}

INSTANTIATE_TEST_SUITE_P(, LinuxScale, testing::ValuesIn(all_settings()), name_of);

TEST(LinuxSocketStates, CountsAListenerOfThisNamespace) {
  const auto before = count_socket_states();
  if (!before) GTEST_SKIP() << to_string(before.diagnostics());
  const Fd listener(socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&here), sizeof here), 0);
  ASSERT_EQ(listen(listener.get(), 1), 0);
  const auto after = count_socket_states();
  ASSERT_TRUE(after.ok());
  EXPECT_GE(after->of(wire::State::Listen), before->of(wire::State::Listen));
  EXPECT_GE(after->of(wire::State::Listen), 1u);
  EXPECT_GE(after->ipv4[static_cast<std::size_t>(wire::State::Listen)], 1u);
}

TEST(LinuxDoctor, EveryFailureHasARemedyAndTheVerdictIsTrue) {
  const std::vector<Check> checks = diagnose_linux();
  for (const Check& check : checks) {
    fmt::print("{:<46} {:<4} {}{}\n", check.what, check.ok ? "ok" : "NO", check.detail,
               check.remedy.empty() ? "" : " -> " + check.remedy);
    EXPECT_EQ(check.ok, check.remedy.empty()) << check.what;
    EXPECT_FALSE(check.what.empty());
  }
  ASSERT_FALSE(checks.empty());
  EXPECT_EQ(checks.back().ok, make_linux_target(LinuxOptions()).ok());
}

}  // namespace
}  // namespace conform::kernel
