// Datagrams as hostile input: nothing is read that is not there, and ICMP errors find their session.
#include <gtest/gtest.h>

#include "harness/target/linux/addresses.h"
#include "harness/target/linux/datagram.h"
#include "stack/wire/notation.h"

namespace conform::kernel {
namespace {

SocketPair pair_of(Family family) {
  const bool v4 = family == Family::Ipv4;
  return {family, v4 ? kTargetIpv4 : kTargetIpv6, v4 ? kPeerIpv4 : kPeerIpv6, 80, 40000};
}

wire::Segment example() {
  wire::Segment segment;
  segment.source_port = 40000;
  segment.destination_port = 80;
  segment.seq = wire::SeqNum(100);
  segment.ack = wire::SeqNum(300);
  segment.flags.bits = wire::Flags::kAck | wire::Flags::kUrg;
  segment.wnd = 4096;
  segment.urgent_pointer = 2;
  segment.options.append_mss(1460);
  segment.text = {'a', 'b', 'c'};
  return segment;
}

TEST(LinuxDatagram, WhatIsEncodedIsDecoded) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const Datagram bytes = encode(pair_of(family), example());
    const auto back = decode(bytes);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, example()) << wire::to_string(*back);
    EXPECT_EQ(control_bits(bytes), wire::Flags::kAck | wire::Flags::kUrg);
    const auto peek = peek_outgoing(bytes);
    ASSERT_TRUE(peek.has_value());
    EXPECT_EQ(peek->target_port, 40000);  // the source port, as of any datagram from the kernel
    EXPECT_EQ(peek->peer_port, 80);
    EXPECT_EQ(peek->seq, 100u);
  }
}

TEST(LinuxDatagram, AWrongChecksumIsSeen) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    Datagram bytes = encode(pair_of(family), example());
    bytes.back() ^= 1;
    EXPECT_FALSE(decode(bytes).has_value());
  }
}

TEST(LinuxDatagram, CutShortAnywhereItIsNothing) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const Datagram whole = encode(pair_of(family), example());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Datagram cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_FALSE(peek_outgoing(cut).has_value()) << size;
      EXPECT_FALSE(decode(cut).has_value()) << size;
      control_bits(cut);
    }
  }
}

TEST(LinuxDatagram, LiesAboutLengthsAreHarmless) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    for (std::size_t at = 0; at < 60; ++at) {
      for (const std::uint8_t value : {0x00, 0x01, 0x04, 0x0f, 0x40, 0x4f, 0x60, 0x7f, 0xf0, 0xff}) {
        Datagram bytes = encode(pair_of(family), example());
        bytes[at] = value;
        peek_outgoing(bytes);
        decode(bytes);
        control_bits(bytes);
      }
    }
  }
}

// An ICMP error of the kernel about a segment of ours belongs to the session that injected it (RFC 792, RFC 4443).
TEST(LinuxDatagram, IcmpErrorIsOfTheSessionWhoseSegmentItQuotes) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const Datagram quoted = encode(pair_of(family), example());
    Datagram icmp = encode(pair_of(family), {});  // for its IP header
    const bool v4 = family == Family::Ipv4;
    icmp.resize(v4 ? 20 : 40);
    icmp[v4 ? 9 : 6] = v4 ? 1 : 58;
    icmp.insert(icmp.end(), {static_cast<std::uint8_t>(v4 ? 3 : 1), 0, 0, 0, 0, 0, 0, 0});
    const std::size_t header = v4 ? 20 : 40;
    icmp.insert(icmp.end(), quoted.begin(), quoted.begin() + static_cast<std::ptrdiff_t>(header + 8));
    const std::size_t length = icmp.size() - (v4 ? 0 : header);
    icmp[v4 ? 3 : 5] = static_cast<std::uint8_t>(length);
    const auto peek = peek_outgoing(icmp);
    ASSERT_TRUE(peek.has_value());
    EXPECT_TRUE(peek->icmp);
    EXPECT_EQ(peek->target_port, 80);
    EXPECT_EQ(peek->peer_port, 40000);
    icmp[header] = v4 ? 8 : 128;  // an echo request quotes nothing
    EXPECT_FALSE(peek_outgoing(icmp).has_value());
  }
}

}  // namespace
}  // namespace conform::kernel
