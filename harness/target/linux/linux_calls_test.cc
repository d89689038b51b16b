// The user calls on sockets: what each is answered with, in which state (RFC 9293 3.10.1 to 3.10.6).
#include <algorithm>
#include <chrono>

#include "harness/target/linux/linux_conversation.h"

namespace conform::kernel {
namespace {

constexpr std::uint8_t SYN = wire::Flags::kSyn, ACK = wire::Flags::kAck, FIN = wire::Flags::kFin,
                       RST = wire::Flags::kRst, URG = wire::Flags::kUrg;

class LinuxCalls : public LinuxTest {};

TEST_P(LinuxCalls, NothingExistsInClosed) {
  Conversation c(target(), family());
  EXPECT_EQ(to_string(c.send("abc")), "connection does not exist");
  EXPECT_EQ(to_string(c.call(Verb::Receive, 10)), "connection does not exist");
  EXPECT_EQ(to_string(c.call(Verb::Close)), "connection does not exist");
  EXPECT_EQ(to_string(c.call(Verb::Abort)), "connection does not exist");
  EXPECT_EQ(to_string(c.call(Verb::Status)), "connection does not exist");
  EXPECT_EQ(c.heard(), Lines());
}

TEST_P(LinuxCalls, OpenWithoutRemoteSocket) {
  Conversation c(target(), family());
  UserCall open;
  open.verb = Verb::Open;
  open.active = true;
  open.remote_specified = false;
  EXPECT_EQ(c.session().call(open).answer, Answer::RemoteSocketUnspecified);
  EXPECT_EQ(c.state(), "CLOSED");
}

TEST_P(LinuxCalls, WhatSocketsCannotDoSaysSo) {
  Conversation c(target(), family());
  UserCall open;
  open.verb = Verb::Open;
  open.remote_specified = true;
  const Reply specified = c.session().call(open);
  EXPECT_EQ(specified.answer, Answer::Unsupported);
  EXPECT_EQ(specified.why, "no such call: OPEN passive with a specified remote socket: listen() takes every peer");

  c.open_passive();
  EXPECT_EQ(c.open_active().why, "a listening socket cannot be made active: OPEN active on a listening socket");
  EXPECT_EQ(c.send("abc").answer, Answer::Unsupported);
  EXPECT_EQ(c.call(Verb::Receive, 10).answer, Answer::Unsupported);

  c.peer(SYN, 0);
  c.heard();
  for (const Verb verb : {Verb::Send, Verb::Receive, Verb::Close, Verb::Abort}) {
    const Reply reply = c.call(verb, 1);
    EXPECT_EQ(reply.answer, Answer::Unsupported) << conform::to_string(verb);
    EXPECT_NE(reply.why.find(conform::to_string(verb)), std::string::npos) << reply.why;
  }
  EXPECT_EQ(c.state(), "SYN-RECEIVED");
}

TEST_P(LinuxCalls, SecondOpenFindsAConnectionThatExists) {
  Conversation c(target(), family());
  c.open_passive();
  EXPECT_EQ(to_string(c.open_passive()), "connection already exists");
  c.peer(SYN, 0);
  c.heard();
  EXPECT_EQ(to_string(c.open_active()), "connection already exists");
  c.peer(ACK, 1, 1);
  c.heard();
  EXPECT_EQ(to_string(c.open_active()), "connection already exists");
  EXPECT_EQ(to_string(c.open_passive()), "connection already exists");
  c.call(Verb::Close);
  c.peer(FIN | ACK, 1, 2);
  c.heard();
  EXPECT_EQ(c.state(), "TIME-WAIT");
  EXPECT_EQ(to_string(c.open_active()), "connection already exists");
  EXPECT_EQ(to_string(c.open_passive()), "connection already exists");
}

TEST_P(LinuxCalls, OpenAgainAfterAbort) {
  Conversation c(target(), family());
  c.establish_passively();
  EXPECT_EQ(to_string(c.call(Verb::Abort)), "ok");
  EXPECT_EQ(c.heard(), Lines({"<SEQ=1><ACK=1><CTL=RST,ACK>"}));
  EXPECT_EQ(c.state(), "CLOSED");
  EXPECT_EQ(to_string(c.open_passive()), "ok");
  EXPECT_EQ(c.state(), "LISTEN");
}

TEST_P(LinuxCalls, ReceiveDeliversWhatIsThere) {
  Conversation c(target(), family());
  c.establish_passively();
  c.peer(ACK, 1, 1, "hello");
  c.heard();
  EXPECT_EQ(to_string(c.call(Verb::Receive, 2)), "ok 'he'");
  EXPECT_EQ(to_string(c.call(Verb::Receive, 100)), "ok 'llo'");
  EXPECT_EQ(to_string(c.call(Verb::Receive, 100)), "queued");
  EXPECT_EQ(to_string(c.call(Verb::Receive, 2)), "queued");
  c.peer(ACK, 6, 1, "world");
  const Lines heard = c.heard();
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard.back(), "signal: receive done ok 'world'");
  c.peer(FIN | ACK, 11, 1);
  const Lines end = c.heard();
  ASSERT_GE(end.size(), 2u);
  EXPECT_EQ(end[end.size() - 2], "signal: connection closing");
  EXPECT_EQ(end.back(), "signal: receive done connection closing");
  EXPECT_EQ(to_string(c.call(Verb::Receive, 10)), "connection closing");
}

TEST_P(LinuxCalls, SendIsSegmentized) {
  Conversation c(target(), family());
  c.establish_passively();
  EXPECT_EQ(to_string(c.send("hello")), "ok");
  EXPECT_EQ(c.heard(), Lines({"<SEQ=1><ACK=1><CTL=ACK><DATA=5>"}));
  c.peer(ACK, 1, 6);
  EXPECT_EQ(c.heard(), Lines());
}

TEST_P(LinuxCalls, SendOfManySegmentsArrivesInMss) {
  Conversation c(target(), family());
  c.establish_passively();  // without an MSS option: 536, or 1220 over IPv6
  const std::size_t mss = family() == Family::Ipv4 ? 536 : 1220;
  c.send(std::string(3 * mss, 'x'));
  const Lines heard = c.heard();
  ASSERT_EQ(heard.size(), 3u);
  for (const std::string& line : heard) {
    EXPECT_NE(line.find("<DATA=" + std::to_string(mss) + ">"), line.npos) << line;
  }
}

TEST_P(LinuxCalls, SendBeforeTheConnectionIsQueued) {
  Conversation c(target(), family());
  c.open_active();
  c.heard();
  EXPECT_EQ(to_string(c.send("early")), "ok");
  EXPECT_EQ(to_string(c.call(Verb::Receive, 10)), "queued");
  c.peer(SYN | ACK, 0, 1);
  c.heard();
  EXPECT_EQ(c.state(), "ESTABLISHED");
  c.peer(ACK, 1, 6, "reply");
  const Lines heard = c.heard();
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard.back(), "signal: receive done ok 'reply'");
}

TEST_P(LinuxCalls, SendMoreThanTheKernelTakesGoesOutInTheEnd) {
  Conversation c(target(), family());
  c.establish_passively();
  const std::size_t size = 6u << 20;
  EXPECT_EQ(to_string(c.send(std::string(size, 'x'))), "ok");
  EXPECT_EQ(to_string(c.send("more")), "insufficient resources");
  EXPECT_EQ(to_string(c.call(Verb::Close)), "ok");
  EXPECT_EQ(to_string(c.send("more")), "connection closing");
  std::uint32_t got = 0;  // octets in order; a retransmission adds none
  bool fin = false;
  const Time deadline = target().now() + std::chrono::seconds(60);
  while (!fin && target().now() < deadline) {
    for (const std::string& line : c.heard()) {
      if (line.starts_with("signal")) continue;
      const auto seq = static_cast<std::uint32_t>(std::stoul(line.substr(line.find("<SEQ=") + 5)));
      const auto data = line.find("<DATA=");
      if (data != line.npos && seq == 1 + got) got += static_cast<std::uint32_t>(std::stoul(line.substr(data + 6)));
      fin = fin || (line.find("FIN") != line.npos && got == size);
    }
    c.peer(ACK, 1, 1 + got);
    target().wait(std::min(deadline, target().now() + std::chrono::milliseconds(100)));
  }
  EXPECT_TRUE(fin);
  EXPECT_EQ(got, size);
}

TEST_P(LinuxCalls, CallsAfterClose) {
  Conversation c(target(), family());
  c.establish_passively();
  c.call(Verb::Close);
  c.heard();
  EXPECT_EQ(to_string(c.send("abc")), "connection closing");
  c.peer(FIN | ACK, 1, 2);
  c.heard();
  ASSERT_EQ(c.state(), "TIME-WAIT");
  EXPECT_EQ(to_string(c.send("abc")), "connection closing");
  EXPECT_EQ(to_string(c.call(Verb::Receive, 10)), "connection closing");
  EXPECT_EQ(to_string(c.call(Verb::Close)), "connection closing");
  EXPECT_EQ(c.call(Verb::Abort).answer, Answer::Unsupported);
  EXPECT_EQ(c.state(), "TIME-WAIT");
}

TEST_P(LinuxCalls, CloseInListenAndInSynSent) {
  Conversation listening(target(), family());
  listening.open_passive();
  EXPECT_EQ(to_string(listening.call(Verb::Close)), "ok");
  EXPECT_EQ(listening.state(), "CLOSED");

  Conversation opening(target(), family());
  opening.open_active();
  opening.call(Verb::Receive, 10);
  opening.heard();
  EXPECT_EQ(to_string(opening.call(Verb::Close)), "ok");
  EXPECT_EQ(opening.heard(), Lines({"signal: receive done connection closing"}));
  EXPECT_EQ(opening.state(), "CLOSED");
}

TEST_P(LinuxCalls, AbortTellsQueuedReceives) {
  Conversation c(target(), family());
  c.establish_actively();
  c.call(Verb::Receive, 10);
  EXPECT_EQ(to_string(c.call(Verb::Abort)), "ok");
  EXPECT_EQ(c.heard(), Lines({"signal: receive done connection reset", "<SEQ=1><ACK=1><CTL=RST,ACK>"}));
  EXPECT_EQ(to_string(c.call(Verb::Abort)), "connection does not exist");
}

TEST_P(LinuxCalls, UrgentSendSetsThePointer) {
  Conversation c(target(), family());
  c.establish_passively();
  c.send("abc", true);
  EXPECT_EQ(c.heard(), Lines({"<SEQ=1><ACK=1><CTL=URG,ACK><UP=3><DATA=3>"}));
}

TEST_P(LinuxCalls, UrgentDataIsSignalledOnceUntilItIsRead) {
  Conversation c(target(), family());
  c.establish_passively();
  c.peer(ACK | URG, 1, 1, "ab", 4);  // the pointer is ahead of the text
  const Lines first = c.heard();
  EXPECT_EQ(std::count(first.begin(), first.end(), "signal: urgent data"), 1);
  c.peer(ACK | URG, 3, 1, "cdef", 2);
  const Lines second = c.heard();
  EXPECT_EQ(std::count(second.begin(), second.end(), "signal: urgent data"), 0);
  EXPECT_EQ(to_string(c.call(Verb::Receive, 100)), "ok 'abcdef' urgent");
  c.peer(ACK | URG, 7, 1, "gh", 2);
  const Lines third = c.heard();
  EXPECT_EQ(std::count(third.begin(), third.end(), "signal: urgent data"), 1);
}

TEST_P(LinuxCalls, UserTimeoutEndsTheConnection) {
  Conversation c(target(), family());
  c.establish_passively();
  UserCall send;
  send.verb = Verb::Send;
  send.timeout_ms = 300;
  send.text = {'x'};
  send.length = 1;
  c.session().call(send);
  c.heard();
  const Time deadline = target().now() + std::chrono::seconds(5);
  Lines all;
  while (target().now() < deadline && (all.empty() || all.back() != "signal: connection aborted")) {
    target().wait(deadline);
    for (const std::string& line : c.heard()) all.push_back(line);
  }
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.back(), "signal: connection aborted");
  EXPECT_EQ(c.state(), "CLOSED");
}

INSTANTIATE_TEST_SUITE_P(, LinuxCalls, testing::ValuesIn(all_settings()), name_of);

class LinuxSignals : public LinuxTest {};

TEST_P(LinuxSignals, RefusedInSynSent) {
  Conversation c(target(), family());
  c.open_active();
  c.call(Verb::Receive, 10);
  c.heard();
  c.peer(RST | ACK, 0, 1);
  EXPECT_EQ(c.heard(), Lines({"signal: connection refused", "signal: receive done connection refused"}));
  EXPECT_EQ(c.state(), "CLOSED");
  EXPECT_EQ(c.heard(), Lines());
}

TEST_P(LinuxSignals, ResetInEstablished) {
  Conversation c(target(), family());
  c.establish_passively();
  c.call(Verb::Receive, 10);
  c.peer(RST, 1);
  EXPECT_EQ(c.heard(), Lines({"signal: connection reset", "signal: receive done connection reset"}));
  EXPECT_EQ(c.state(), "CLOSED");
  EXPECT_EQ(c.heard(), Lines());
  EXPECT_EQ(to_string(c.send("abc")), "connection does not exist");
}

TEST_P(LinuxSignals, ResetInCloseWait) {
  Conversation c(target(), family());
  c.establish_passively();
  c.peer(FIN | ACK, 1, 1);
  EXPECT_EQ(last_of(c.heard()), "signal: connection closing");
  c.peer(RST, 2);
  const Lines heard = c.heard();
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard.back(), "signal: connection reset");
}

TEST_P(LinuxSignals, FinAndResetBeforeAnybodyLooks) {
  Conversation c(target(), family());
  c.establish_passively();
  c.peer(FIN | ACK, 1, 1);
  c.peer(RST, 2);
  const Lines heard = c.heard();
  ASSERT_GE(heard.size(), 2u);
  EXPECT_EQ(heard[heard.size() - 2], "signal: connection closing");
  EXPECT_EQ(heard.back(), "signal: connection reset");
}

TEST_P(LinuxSignals, TextBeforeResetIsStillDelivered) {
  Conversation c(target(), family());
  c.establish_passively();
  c.call(Verb::Receive, 3);
  c.peer(ACK, 1, 1, "abc");
  c.peer(RST, 4);
  const Lines heard = c.heard();
  ASSERT_GE(heard.size(), 2u);
  EXPECT_EQ(heard[heard.size() - 2], "signal: receive done ok 'abc'");
  EXPECT_EQ(heard.back(), "signal: connection reset");
}

INSTANTIATE_TEST_SUITE_P(, LinuxSignals, testing::ValuesIn(all_settings()), name_of);

}  // namespace
}  // namespace conform::kernel
