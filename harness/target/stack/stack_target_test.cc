// Our own stack behind the harness's one interface.
#include "harness/target/stack/stack_target.h"

#include <gtest/gtest.h>

#include "harness/target/stack/stack_session.h"
#include "stack/codec/datagram.h"
#include "stack/wire/notation.h"

namespace conform {
namespace {

using namespace std::chrono_literals;

// One session, and the peer's side of it.
struct Bench {
  explicit Bench(Family family = Family::Ipv4, std::uint64_t seed = 1, Target* shared = nullptr)
      : own(shared ? nullptr : make_stack_target()), target(shared ? shared : own.get()) {
    auto opened = target->open({80, 4000, family, seed});
    EXPECT_TRUE(opened.ok());
    session = std::move(*opened);
  }

  codec::IpAddress address(const Address& bytes) const {
    const bool v4 = session->sockets().family == Family::Ipv4;
    return {v4 ? codec::IpVersion::V4 : codec::IpVersion::V6, bytes.bytes};
  }

  void inject(std::uint8_t flags, std::uint32_t seq, wire::SeqNum ack = {}, std::size_t text = 0) {
    wire::Segment segment;
    segment.source_port = session->sockets().peer_port;
    segment.destination_port = session->sockets().target_port;
    segment.flags.bits = flags;
    segment.seq = wire::SeqNum(seq);
    segment.ack = ack;
    segment.wnd = 1000;
    segment.text.assign(text, 'x');
    const SocketPair& sockets = session->sockets();
    const auto datagram = codec::encode({address(sockets.peer_address), address(sockets.target_address)}, segment);
    EXPECT_TRUE(session->inject(datagram).ok());
  }

  // What was observed since, in the notation, our ISS printed as 100.
  std::string drain() {
    std::string line;
    for (const Observation& observation : session->drain()) {
      if (!line.empty()) line += ' ';
      if (const auto* datagram = std::get_if<Datagram>(&observation.what)) {
        const auto segment = std::get<codec::Received>(codec::decode(*datagram)).segment;
        if (segment.flags.syn()) iss = segment.seq;
        line += wire::to_string(segment, iss - 100u);
      } else {
        line += "[" + std::string(to_string(std::get<Signal>(observation.what).kind)) + "]";
      }
      at = observation.at;
    }
    return line;
  }

  Reply call(Verb verb, std::uint32_t length = 0) {
    UserCall call;
    call.verb = verb;
    call.length = length;
    call.text.assign(length, 'y');
    return session->call(call);
  }

  void establish() {
    call(Verb::Open);
    inject(wire::Flags::kSyn, 300);
    drain();
    inject(wire::Flags::kAck, 301, iss + 1);
    drain();
  }

  std::unique_ptr<Target> own;
  Target* target;
  std::unique_ptr<Session> session;
  wire::SeqNum iss;
  Time at{};
};

using wire::Flags;

TEST(StackTarget, PassiveOpenToClose) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    Bench b(family);
    EXPECT_EQ(b.session->state(), wire::State::Closed);
    EXPECT_EQ(b.call(Verb::Open).answer, Answer::Ok);
    EXPECT_EQ(b.session->state(), wire::State::Listen);
    b.inject(Flags::kSyn, 300);
    EXPECT_EQ(b.drain(), family == Family::Ipv4 ? "<SEQ=100><ACK=301><CTL=SYN,ACK><WND=65535><MSS=1460>"
                                                : "<SEQ=100><ACK=301><CTL=SYN,ACK><WND=65535><MSS=1440>");
    b.inject(Flags::kAck, 301, b.iss + 1);
    EXPECT_EQ(b.drain(), "[open ok]");
    EXPECT_EQ(b.call(Verb::Receive, 100).answer, Answer::Queued);
    b.inject(Flags::kAck, 301, b.iss + 1, 10);
    EXPECT_EQ(b.drain(), "[" + std::string(to_string(SignalKind::ReceiveDone)) + "]");
    EXPECT_EQ(b.call(Verb::Send, 7).answer, Answer::Ok);
    EXPECT_EQ(b.drain(), "<SEQ=101><ACK=311><CTL=PSH,ACK><WND=65525><DATA=7>");
    EXPECT_EQ(b.call(Verb::Status).state, wire::State::Established);
    EXPECT_EQ(b.call(Verb::Abort).answer, Answer::Ok);
    EXPECT_EQ(b.drain(), "<SEQ=108><CTL=RST><WND=0>");
    EXPECT_EQ(b.session->state(), wire::State::Closed);
    EXPECT_EQ(b.call(Verb::Status).answer, Answer::ConnectionDoesNotExist);
  }
}

TEST(StackTarget, SessionAddresses) {
  Bench b;
  EXPECT_EQ(b.address(b.session->sockets().target_address), codec::IpAddress::v4(192, 0, 2, 1));
  EXPECT_EQ(b.address(b.session->sockets().peer_address), codec::IpAddress::v4(192, 0, 2, 2));
  Bench six(Family::Ipv6);
  EXPECT_EQ(six.address(six.session->sockets().peer_address),
            codec::IpAddress::v6({0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}));
}

TEST(StackTarget, WaitJumpsFromTimerToTimer) {
  Bench b;
  b.establish();
  const Time begin = b.target->now();
  b.call(Verb::Send, 5);
  b.drain();
  b.target->wait(begin + 10s);
  EXPECT_EQ(b.target->now(), begin + 1s) << "the retransmission comes first";
  EXPECT_EQ(b.drain(), "<SEQ=101><ACK=301><CTL=PSH,ACK><WND=65535><DATA=5>");
  EXPECT_EQ(b.at, begin + 1s);
  b.target->wait(begin + 2s);
  EXPECT_EQ(b.target->now(), begin + 2s);
  EXPECT_EQ(b.drain(), "");
  b.target->wait(begin + 1h);
  EXPECT_EQ(b.at, begin + 1s);
  EXPECT_NE(b.drain(), "");
  EXPECT_EQ(b.target->now(), begin + 3s);
}

TEST(StackTarget, WaitReturnsAtOnceWhenThereIsSomethingToDrain) {
  Bench b;
  b.call(Verb::Open);
  b.inject(Flags::kSyn, 300);
  const Time begin = b.target->now();
  b.target->wait(begin + 1s);
  EXPECT_EQ(b.target->now(), begin);
}

TEST(StackTarget, BarrierIsUnseen) {
  Bench b;
  b.establish();
  b.inject(Flags::kAck, 301, b.iss + 1, 10);
  EXPECT_TRUE(b.session->barrier().ok());
  EXPECT_EQ(b.drain(), "");
  b.inject(Flags::kAck, 311, b.iss + 1, 10);
  EXPECT_TRUE(b.session->barrier().ok());
  EXPECT_EQ(b.drain(), "<SEQ=101><ACK=321><CTL=ACK><WND=65515>");
}

TEST(StackTarget, BarrierWithoutAnyConnectionAndOnThePortOfTheProbe) {
  Bench b;
  EXPECT_TRUE(b.session->barrier().ok());
  const auto target = make_stack_target();
  auto session = target->open({9, 9, Family::Ipv4, 1});
  ASSERT_TRUE(session.ok());
  UserCall listen;
  listen.verb = Verb::Open;
  listen.remote_specified = false;
  (*session)->call(listen);
  EXPECT_TRUE((*session)->barrier().ok());
  EXPECT_EQ((*session)->state(), wire::State::Listen);
  EXPECT_TRUE((*session)->drain().empty());
}

TEST(StackTarget, SessionsAreFreshAndDependOnTheirSeedAlone) {
  const auto target = make_stack_target();
  const auto trace = [&](std::uint64_t seed) {
    Bench b(Family::Ipv4, seed, target.get());
    b.establish();
    const wire::SeqNum iss = b.iss;
    b.call(Verb::Send, 5);
    b.drain();
    b.target->wait(b.target->now() + 5s);
    return std::to_string(iss.raw()) + b.drain();
  };
  const std::string first = trace(7);
  EXPECT_EQ(trace(7), first) << "although the target's clock has moved on";
  EXPECT_NE(trace(8), first);
}

TEST(StackTarget, SessionsShareTheClock) {
  const auto target = make_stack_target();
  Bench a(Family::Ipv4, 1, target.get()), b(Family::Ipv4, 2, target.get());
  a.establish();
  b.establish();
  b.call(Verb::Send, 5);
  b.drain();
  const Time begin = target->now();
  target->wait(begin + 10s);
  EXPECT_EQ(target->now(), begin + 1s);
  EXPECT_EQ(a.drain(), "");
  EXPECT_NE(b.drain(), "");
  b.session.reset();
  target->wait(begin + 20s);
  EXPECT_EQ(target->now(), begin + 20s) << "a session that is gone has no timers";
}

TEST(StackTarget, TargetPortIsChosenIfNoneIsNamed) {
  const auto target = make_stack_target();
  auto session = target->open({0, 4000, Family::Ipv4, 1});
  ASSERT_TRUE(session.ok());
  EXPECT_EQ((*session)->sockets().target_port, 8080);
  EXPECT_FALSE(target->open({80, 0, Family::Ipv4, 1}).ok());
}

TEST(StackTarget, OpenAgainSpeaksOfTheSameConnection) {
  Bench b;
  b.establish();
  EXPECT_EQ(b.call(Verb::Open).answer, Answer::ConnectionAlreadyExists);
  UserCall unspecified;
  unspecified.verb = Verb::Open;
  unspecified.remote_specified = false;
  EXPECT_EQ(b.session->call(unspecified).answer, Answer::ConnectionAlreadyExists);
  unspecified.active = true;
  b.call(Verb::Abort);
  EXPECT_EQ(b.session->call(unspecified).answer, Answer::RemoteSocketUnspecified);
  EXPECT_EQ(static_cast<StackSession&>(*b.session).connection_count(), 0u);
  EXPECT_EQ(static_cast<StackSession&>(*b.session).check_invariants(), "");
}

TEST(StackTarget, Capabilities) {
  const auto target = make_stack_target();
  EXPECT_TRUE(target->capabilities().virtual_time);
  EXPECT_TRUE(target->capabilities().sees_state);
  EXPECT_TRUE(target->capabilities().lacks.contains("security"));
  EXPECT_EQ(target->capabilities().calls.size(), 6u);
  EXPECT_EQ(target->name(), "stack");
}

}  // namespace
}  // namespace conform
