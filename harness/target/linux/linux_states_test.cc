// Every state of the kernel's connections, seen at each step of the conversations of RFC 9293 3.5 and 3.6.
#include <algorithm>
#include <chrono>

#include "harness/target/linux/linux_conversation.h"

namespace conform::kernel {
namespace {

constexpr std::uint8_t SYN = wire::Flags::kSyn, ACK = wire::Flags::kAck, FIN = wire::Flags::kFin,
                       RST = wire::Flags::kRst;

class LinuxStates : public LinuxTest {};

TEST_P(LinuxStates, PassiveOpenToLastAck) {
  Conversation c(target(), family());
  EXPECT_EQ(c.state(), "CLOSED");
  EXPECT_EQ(to_string(c.open_passive()), "ok");
  EXPECT_EQ(c.state(), "LISTEN");

  c.peer(SYN, 0);
  EXPECT_EQ(c.heard(), Lines({"<SEQ=0><ACK=1><CTL=SYN,ACK>"}));
  EXPECT_EQ(c.state(), "SYN-RECEIVED");

  c.peer(ACK, 1, 1);
  EXPECT_EQ(c.heard(), Lines({"signal: open ok"}));
  EXPECT_EQ(c.state(), "ESTABLISHED");

  c.peer(FIN | ACK, 1, 1);
  EXPECT_EQ(last_of(c.heard()), "signal: connection closing");  // Linux delays the ACK, it may be there or not
  EXPECT_EQ(c.state(), "CLOSE-WAIT");

  EXPECT_EQ(to_string(c.call(Verb::Close)), "ok");
  EXPECT_EQ(last_of(c.heard()), "<SEQ=1><ACK=2><CTL=FIN,ACK>");
  EXPECT_EQ(c.state(), "LAST-ACK");

  c.peer(ACK, 2, 2);
  EXPECT_EQ(c.heard(), Lines());
  EXPECT_EQ(c.state(), "CLOSED");
}

// RFC 9293 3.8.6.3: an ACK may be delayed by less than 0.5 seconds. wait() returns when it comes.
TEST_P(LinuxStates, DelayedAckWakesWait) {
  Conversation c(target(), family());
  c.establish_passively();
  const Time start = target().now();
  c.peer(FIN | ACK, 1, 1);
  Lines all = c.heard();
  while (target().now() - start < std::chrono::seconds(2) && all.size() < 2) {
    target().wait(start + std::chrono::seconds(2));
    for (const std::string& line : c.heard()) all.push_back(line);
  }
  EXPECT_LT(to_ms(target().now() - start), 1500);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, Lines({"<SEQ=1><ACK=2><CTL=ACK>", "signal: connection closing"}));
}

TEST_P(LinuxStates, ActiveOpenToTimeWait) {
  Conversation c(target(), family());
  EXPECT_EQ(to_string(c.open_active()), "ok");
  EXPECT_EQ(c.heard(), Lines({"<SEQ=0><CTL=SYN>"}));
  EXPECT_EQ(c.state(), "SYN-SENT");

  c.peer(SYN | ACK, 0, 1);
  EXPECT_EQ(c.heard(), Lines({"<SEQ=1><ACK=1><CTL=ACK>", "signal: open ok"}));
  EXPECT_EQ(c.state(), "ESTABLISHED");

  EXPECT_EQ(to_string(c.call(Verb::Close)), "ok");
  EXPECT_EQ(c.heard(), Lines({"<SEQ=1><ACK=1><CTL=FIN,ACK>"}));
  EXPECT_EQ(c.state(), "FIN-WAIT-1");

  c.peer(ACK, 1, 2);
  EXPECT_EQ(c.heard(), Lines({"signal: close ok"}));
  EXPECT_EQ(c.state(), "FIN-WAIT-2");

  c.peer(FIN | ACK, 1, 2);
  EXPECT_EQ(c.heard(), Lines({"<SEQ=2><ACK=2><CTL=ACK>", "signal: connection closing"}));
  EXPECT_EQ(c.state(), "TIME-WAIT");
}

TEST_P(LinuxStates, SimultaneousOpen) {
  Conversation c(target(), family());
  c.open_active();
  EXPECT_EQ(c.heard(), Lines({"<SEQ=0><CTL=SYN>"}));
  c.peer(SYN, 0);
  EXPECT_EQ(c.heard(), Lines({"<SEQ=0><ACK=1><CTL=SYN,ACK>"}));
  EXPECT_EQ(c.state(), "SYN-RECEIVED");
  c.peer(SYN | ACK, 0, 1);
  const Lines heard = c.heard();
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard.back(), "signal: open ok");
  EXPECT_EQ(c.state(), "ESTABLISHED");
}

TEST_P(LinuxStates, SimultaneousClose) {
  Conversation c(target(), family());
  c.establish_passively();
  c.call(Verb::Close);
  EXPECT_EQ(c.heard(), Lines({"<SEQ=1><ACK=1><CTL=FIN,ACK>"}));
  c.peer(FIN | ACK, 1, 1);
  EXPECT_EQ(c.heard(), Lines({"<SEQ=2><ACK=2><CTL=ACK>", "signal: connection closing"}));
  EXPECT_EQ(c.state(), "CLOSING");
  c.peer(ACK, 2, 2);
  EXPECT_EQ(c.heard(), Lines());
  EXPECT_EQ(c.state(), "TIME-WAIT");
}

TEST_P(LinuxStates, FinThatAcknowledgesOursGoesStraightToTimeWait) {
  Conversation c(target(), family());
  c.establish_passively();
  c.call(Verb::Close);
  c.heard();
  c.peer(FIN | ACK, 1, 2);
  EXPECT_EQ(c.heard(), Lines({"<SEQ=2><ACK=2><CTL=ACK>", "signal: close ok", "signal: connection closing"}));
  EXPECT_EQ(c.state(), "TIME-WAIT");
}

TEST_P(LinuxStates, ResetInSynReceivedReturnsToListen) {
  Conversation c(target(), family());
  c.open_passive();
  c.peer(SYN, 0);
  c.heard();
  EXPECT_EQ(c.state(), "SYN-RECEIVED");
  c.peer(RST, 1);
  EXPECT_EQ(c.heard(), Lines());
  EXPECT_EQ(c.state(), "LISTEN");
}

TEST_P(LinuxStates, ResetAfterEstablishedIsClosedEvenIfNobodyLookedBetween) {
  Conversation c(target(), family());
  c.open_passive();
  c.peer(SYN, 0);
  c.heard();
  c.peer(ACK, 1, 1);
  c.peer(RST, 1);
  EXPECT_EQ(c.heard(), Lines({"signal: open ok", "signal: connection reset"}));
  EXPECT_EQ(c.state(), "CLOSED");
}

TEST_P(LinuxStates, StatusTellsTheState) {
  Conversation c(target(), family());
  EXPECT_EQ(c.call(Verb::Status).answer, Answer::ConnectionDoesNotExist);
  c.open_passive();
  EXPECT_EQ(c.call(Verb::Status).state, wire::State::Listen);
}

TEST_P(LinuxStates, LineLikeSs) {
  Conversation c(target(), family());
  EXPECT_EQ(ss_line(c.session()), "");
  c.open_passive();
  EXPECT_EQ(ss_line(c.session()).substr(0, 6), "LISTEN");
  c.peer(SYN, 0);
  c.heard();
  EXPECT_EQ(ss_line(c.session()).substr(0, 8), "SYN-RECV");
  c.peer(ACK, 1, 1, "abc");
  c.heard();
  const std::string line = ss_line(c.session());
  EXPECT_EQ(line.substr(0, 25), "ESTAB      3      0      ") << line;
  EXPECT_NE(line.find(":40000"), line.npos) << line;
}

INSTANTIATE_TEST_SUITE_P(, LinuxStates, testing::ValuesIn(all_settings()), name_of);

}  // namespace
}  // namespace conform::kernel
