// The stack as a host: whom a datagram is for, ports and addresses, ISNs, sameness of every run.
#include <gtest/gtest.h>

#include <random>

#include "stack/tcp/defects.h"
#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

wire::Segment segment(std::uint16_t from, std::uint16_t to, std::uint8_t flags, std::uint32_t seq = 5,
                      std::uint32_t ack = 0) {
  wire::Segment segment;
  segment.source_port = from;
  segment.destination_port = to;
  segment.flags.bits = flags;
  segment.seq = wire::SeqNum(seq);
  segment.ack = wire::SeqNum(ack);
  segment.wnd = 1000;
  return segment;
}

TEST(Demultiplexing, ListenersConnectionsAndNeither) {
  Stack stack(host_config());
  OpenCall call;
  call.local_port = 80;
  const ConnectionId any = stack.open(call).connection;
  call.remote = Socket{kPeer4, 4001};
  const ConnectionId specific = stack.open(call).connection;
  ASSERT_NE(any, specific);
  ASSERT_NE(specific, 0u);
  stack.arrive(codec::encode({kPeer4, kHost4, 64, 0}, segment(4001, 80, wire::Flags::kSyn)), 0s);
  EXPECT_EQ(stack.status(specific).state, wire::State::SynReceived) << "the specified remote socket counts more";
  EXPECT_EQ(stack.status(any).state, wire::State::Listen);
  stack.arrive(codec::encode({kPeer4, kHost4, 64, 0}, segment(4002, 80, wire::Flags::kSyn)), 0s);
  EXPECT_EQ(stack.status(any).state, wire::State::SynReceived);

  // MUST-42: another LISTEN on the port of connections in SYN-RECEIVED.
  call.remote.reset();
  const OpenReply third = stack.open(call);
  EXPECT_EQ(third.answer, Answer::Ok);
  EXPECT_EQ(stack.open(call).answer, Answer::ConnectionAlreadyExists) << "but not two alike";
  EXPECT_EQ(stack.connection_count(), 3u);
}

TEST(Demultiplexing, LocalAddressOfAListener) {
  Stack stack(host_config());
  OpenCall call;
  call.local_port = 80;
  call.local_address = kHost6;
  const ConnectionId six = stack.open(call).connection;
  stack.arrive(codec::encode({kPeer4, kHost4, 64, 0}, segment(4001, 80, wire::Flags::kSyn)), 0s);
  EXPECT_EQ(stack.status(six).state, wire::State::Listen);
  stack.arrive(codec::encode({kPeer6, kHost6, 64, 0}, segment(4001, 80, wire::Flags::kSyn)), 0s);
  EXPECT_EQ(stack.status(six).state, wire::State::SynReceived);
  call.local_address = kPeer6;
  EXPECT_EQ(stack.open(call).answer, Answer::ConnectionIllegal) << "no address of this host";
}

TEST(Addresses, NothingIsAnsweredThatNoHostSentToThisOne) {
  const auto rejected = [](const codec::IpAddress& source, const codec::IpAddress& destination) {
    Stack stack(host_config());
    const auto why = stack.arrive(codec::encode({source, destination, 64, 0}, segment(1, 2, wire::Flags::kSyn)), 0s);
    EXPECT_FALSE(stack.has_outputs());
    return why;
  };
  EXPECT_EQ(rejected(kPeer4, codec::IpAddress::v4(255, 255, 255, 255)), codec::Reject::NotForUs);
  EXPECT_EQ(rejected(kPeer4, codec::IpAddress::v4(224, 0, 0, 1)), codec::Reject::NotForUs);
  EXPECT_EQ(rejected(kPeer4, codec::IpAddress::v4(192, 0, 2, 77)), codec::Reject::NotForUs);
  EXPECT_EQ(rejected(codec::IpAddress::v4(255, 255, 255, 255), kHost4), codec::Reject::BadSource);
  EXPECT_EQ(rejected(codec::IpAddress::v4(224, 0, 0, 1), kHost4), codec::Reject::BadSource);
  EXPECT_EQ(rejected(codec::IpAddress::v4(127, 0, 0, 1), kHost4), codec::Reject::BadSource);
  EXPECT_EQ(rejected(codec::IpAddress::v4(0, 0, 0, 0), kHost4), codec::Reject::BadSource);
  EXPECT_EQ(rejected(codec::IpAddress::v6({}), kHost6), codec::Reject::BadSource);
  EXPECT_EQ(rejected(codec::IpAddress::v6({0xff, 2}), kHost6), codec::Reject::BadSource);
}

TEST(Checksum, ABadOneIsDroppedUnseen) {
  Talk t;
  t.establish();
  wire::Segment rst = segment(t.peer.port, t.local.port, wire::Flags::kRst, t.peer_iss + 1);
  auto datagram = codec::encode({kPeer4, kHost4, 64, 0}, rst);
  datagram[36] ^= 1;
  EXPECT_EQ(t.stack.arrive(datagram, t.stack.now()), codec::Reject::BadTcpChecksum);
  EXPECT_EQ(t.heard(), "");
  EXPECT_EQ(t.state(), "ESTABLISHED");
}

TEST(Ports, EphemeralOnesAreChosenAndNotTwice) {
  Stack stack(host_config());
  OpenCall call;
  call.active = true;
  call.remote = Socket{kPeer4, 90};
  std::vector<std::uint16_t> ports;
  for (int i = 0; i < 20; ++i) {
    const OpenReply reply = stack.open(call);
    ASSERT_EQ(reply.answer, Answer::Ok);
    ports.push_back(stack.find(reply.connection)->tcb().local_port);
    EXPECT_GE(ports.back(), 49152);
  }
  std::sort(ports.begin(), ports.end());
  EXPECT_EQ(std::adjacent_find(ports.begin(), ports.end()), ports.end());
}

TEST(Resources, MaxConnections) {
  Config config = host_config();
  config.max_connections = 1;
  Stack stack(config);
  OpenCall call;
  call.local_port = 80;
  EXPECT_EQ(stack.open(call).answer, Answer::Ok);
  call.local_port = 81;
  EXPECT_EQ(stack.open(call).answer, Answer::InsufficientResources);
}

TEST(Headers, TtlAndDiffserv) {
  Config config = host_config();
  config.ttl = 17;
  Talk t(config);
  OpenCall call;
  call.active = true;
  call.remote = t.peer;
  call.diffserv = 0xb8;
  t.open(call);
  EXPECT_EQ(t.last_ip.ttl, 17);
  EXPECT_EQ(t.last_ip.diffserv, 0xb8);
  t.stack.set_diffserv(t.id, 0x20);
  t.segment("<SEQ=300><ACK=101><CTL=SYN,ACK>");
  EXPECT_EQ(t.last_ip.diffserv, 0x20);
}

TEST(Isn, TracksTheClockAndHidesBehindTheKey) {
  const Socket local{kHost4, 80}, remote{kPeer4, 90}, other{kPeer4, 91};
  const IsnGenerator isn(1), same(1), different(2);
  EXPECT_EQ(isn.next(local, remote, 0s), same.next(local, remote, 0s));
  EXPECT_EQ(isn.next(local, remote, 1s) - isn.next(local, remote, 0s), 250000) << "a tick every 4 us";
  EXPECT_NE(isn.next(local, remote, 0s), isn.next(local, other, 0s));
  EXPECT_NE(isn.next(local, remote, 0s), different.next(local, remote, 0s));
}

TEST(Isn, SipHashReferenceVectors) {
  // From the reference implementation: key 00..0f, input 00, 01, 02 ...
  const std::array<std::uint64_t, 2> key = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
  std::vector<std::uint8_t> octets;
  EXPECT_EQ(siphash(key, octets), 0x726fdb47dd0e0e31u);
  for (std::uint8_t i = 0; i < 15; ++i) octets.push_back(i);
  EXPECT_EQ(siphash(key, octets), 0xa129ca6149be45e5u);
}

// Anything at all arrives, at any time, between calls of any kind: nothing may crash, leak timers or depend on chance.
std::string storm(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto pick = [&](std::uint64_t bound) { return static_cast<std::uint32_t>(random() % bound); };
  Config config = host_config();
  config.seed = seed;
  config.receive_buffer = pick(3) == 0 ? 300 : 65535;
  Talk t(config);
  std::string trace;
  for (int event = 0; event < 60; ++event) {
    switch (pick(12)) {
      case 0: trace += pick(2) ? t.open_passive(pick(2)) : t.open_active(); break;
      case 1: trace += t.send(pick(3000), {pick(2) == 0, pick(4) == 0, {}}); break;
      case 2: trace += t.receive(pick(500)); break;
      case 3: trace += pick(4) ? "" : t.close(); break;
      case 4: trace += pick(8) ? "" : t.abort(); break;
      case 5: trace += t.wait(Duration(1ms) * pick(70000)); break;
      default: {
        const Connection* connection = t.stack.find(t.id);
        wire::Segment s = segment(t.peer.port, t.local.port, static_cast<std::uint8_t>(pick(64)));
        if (pick(3)) s.flags.bits = wire::Flags::kAck;
        if (connection) {
          s.seq = connection->tcb().rcv_nxt + pick(5) - 2u;
          s.ack = connection->tcb().snd_nxt + pick(5) - 2u;
        }
        s.wnd = static_cast<std::uint16_t>(pick(3) ? pick(65536) : 0);
        s.urgent_pointer = static_cast<std::uint16_t>(pick(65536));
        s.text.resize(pick(2) ? pick(1000) : 0, 'x');
        auto datagram = codec::encode({kPeer4, kHost4, 64, 0}, s);
        if (pick(20) == 0) datagram[pick(datagram.size())] ^= static_cast<std::uint8_t>(1 + pick(255));
        if (pick(20) == 0) datagram.resize(pick(datagram.size() + 1));
        t.stack.arrive(datagram, t.stack.now());
        trace += t.heard();
      }
    }
    trace += "\n";
  }
  return trace;
}

TEST(Determinism, SameSeedSameTrace) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) ASSERT_EQ(storm(seed), storm(seed)) << "seed " << seed;
}

TEST(Invariants, HoldInAnyStorm) {
  for (std::uint64_t seed = 1001; seed <= 1600; ++seed) {
    const std::string trace = storm(seed);
    const std::size_t at = trace.find("!invariant");
    ASSERT_EQ(at, std::string::npos) << "seed " << seed << " " << trace.substr(at, trace.find('\n', at) - at);
  }
}

#ifndef TCPCONFORM_DEFECTS
static_assert(!defects::on(Defect::RstOutsideWindow), "the shipped stack has no defects");
#endif

}  // namespace
}  // namespace tcp::testing
