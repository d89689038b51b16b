#include "harness/packet/datagram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "harness/packet/checksum.h"
#include "stack/wire/notation.h"

namespace conform::packet {
namespace {

using ::testing::HasSubstr;
using wire::Flags;
using wire::SeqNum;

SocketPair sockets(Family family) {
  SocketPair pair;
  pair.family = family;
  pair.target_port = 7;
  pair.peer_port = 40'000;
  if (family == Family::Ipv4) {
    pair.target_address.bytes = {192, 0, 2, 1};
    pair.peer_address.bytes = {192, 0, 2, 2};
  } else {
    pair.target_address.bytes = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    pair.peer_address.bytes = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
  }
  return pair;
}

// The same connection seen from the other side: what is built for a target reads as if the peer had emitted it.
SocketPair swapped(SocketPair pair) {
  std::swap(pair.target_address, pair.peer_address);
  std::swap(pair.target_port, pair.peer_port);
  return pair;
}

wire::Segment segment_of(std::uint8_t bits, std::size_t text = 0) {
  wire::Segment segment;
  segment.source_port = 40'000;
  segment.destination_port = 7;
  segment.seq = SeqNum(0xFFFF'FFF0);
  segment.ack = SeqNum(300);
  segment.flags.bits = bits;
  segment.wnd = 4'096;
  segment.text.resize(text);
  std::iota(segment.text.begin(), segment.text.end(), std::uint8_t{1});
  return segment;
}

std::size_t ip_header(Family family) { return family == Family::Ipv4 ? 20 : 40; }

// Whether the checksum at the end of the network layer holds for the TCP segment that begins at `tcp`.
bool tcp_checksum_holds(const Datagram& datagram, std::size_t tcp, Family family) {
  const auto pair = sockets(family);
  const auto pseudo = pseudo_header_sum(family, pair.peer_address, pair.target_address, datagram.size() - tcp);
  return fold(add_words(pseudo, std::span(datagram).subspan(tcp))) == 0xFFFF;
}

class BothFamilies : public ::testing::TestWithParam<Family> {};
INSTANTIATE_TEST_SUITE_P(, BothFamilies, ::testing::Values(Family::Ipv4, Family::Ipv6),
                         [](const auto& instance) { return instance.param == Family::Ipv4 ? "Ipv4" : "Ipv6"; });

TEST(Checksum, IsThatOfRfc1071) {  // RFC 1071 3, the numerical example
  const std::uint8_t octets[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(fold(add_words(0, octets)), 0xddf2);
  const std::uint8_t odd[] = {0x00, 0x01, 0xf2};
  EXPECT_EQ(fold(add_words(0, odd)), 0xf201);
}

TEST_P(BothFamilies, WhatIsBuiltIsReadAgain) {
  for (const std::size_t text : {0, 1, 2, 1'460}) {
    for (int bits = 0; bits < 256; ++bits) {
      wire::Segment sent = segment_of(static_cast<std::uint8_t>(bits), text);
      sent.reserved = static_cast<std::uint8_t>(bits & 0x0F);
      sent.urgent_pointer = static_cast<std::uint16_t>(bits);
      if (sent.flags.syn()) sent.options.append_mss(1'460);
      const auto got = parse(build(sent, sockets(GetParam())));
      ASSERT_TRUE(got.has_value());
      EXPECT_EQ(got->malformed, "");
      EXPECT_TRUE(got->checksum_ok);
      EXPECT_EQ(got->segment, sent) << "sent " << to_string(sent) << "\ngot  " << to_string(got->segment);
    }
  }
}

TEST_P(BothFamilies, SocketsAreSeenFromTheTarget) {
  const auto pair = sockets(GetParam());
  const auto got = parse(build(segment_of(Flags::kSyn), pair));
  ASSERT_TRUE(got.has_value());
  const auto want = swapped(pair);
  EXPECT_EQ(got->sockets.family, want.family);
  EXPECT_EQ(got->sockets.target_address, want.target_address);
  EXPECT_EQ(got->sockets.peer_address, want.peer_address);
  EXPECT_EQ(got->sockets.target_port, want.target_port);
  EXPECT_EQ(got->sockets.peer_port, want.peer_port);
}

TEST_P(BothFamilies, MalformedOptionsGoOutAsTheyAreAndAreSeen) {
  const struct {
    std::vector<std::uint8_t> octets;
    const char* complaint;
  } kCases[] = {
      {{2, 4, 5, 0xb4}, ""},
      {{1, 1, 1, 0}, ""},
      {{8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0}, ""},
      {{2, 0, 0, 0}, "option 2 says length 0"},
      {{2, 1, 0, 0}, "option 2 says length 1"},
      {{1, 1, 2, 4}, "option 2 of length 4 runs over"},
      {{1, 1, 1, 2}, "option 2 has no room"},
      {{0, 0, 0, 1}, "MUST-69"},
  };
  for (const auto& test : kCases) {
    wire::Segment sent = segment_of(Flags::kSyn);
    ASSERT_TRUE(sent.options.append(test.octets));
    const auto got = parse(build(sent, sockets(GetParam())));
    ASSERT_TRUE(got.has_value());
    EXPECT_TRUE(got->checksum_ok);
    EXPECT_EQ(got->segment.options, sent.options);
    if (*test.complaint == '\0') {
      EXPECT_EQ(got->malformed, "");
    } else {
      EXPECT_THAT(got->malformed, HasSubstr(test.complaint));
    }
  }
}

TEST_P(BothFamilies, OptionsAreFilledUpWithZeros) {
  wire::Segment sent = segment_of(Flags::kAck, 3);
  const std::uint8_t two[] = {1, 1};
  sent.options.append(two);
  const auto got = parse(build(sent, sockets(GetParam())));
  ASSERT_TRUE(got.has_value());
  EXPECT_THAT(got->segment.options.bytes(), ::testing::ElementsAre(1, 1, 0, 0));
  EXPECT_EQ(got->segment.text, sent.text);
}

// Every single-bit error in the TCP segment is caught by the checksum, and none crashes.
TEST_P(BothFamilies, EverySingleBitErrorIsNoticed) {
  const Datagram whole = build(segment_of(Flags::kAck | Flags::kPsh, 11), sockets(GetParam()));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    Datagram hit = whole;
    hit[bit / 8] = static_cast<std::uint8_t>(hit[bit / 8] ^ 1 << bit % 8);
    const auto got = parse(hit);
    if (bit / 8 < ip_header(GetParam())) continue;  // may have become another protocol, or another hop limit
    ASSERT_TRUE(got.has_value()) << "bit " << bit;
    EXPECT_FALSE(got->checksum_ok) << "bit " << bit;
  }
}

TEST_P(BothFamilies, EveryTruncationIsMalformedOrNothing) {
  wire::Segment sent = segment_of(Flags::kSyn, 9);
  sent.options.append_mss(536);
  const Datagram whole = build(sent, sockets(GetParam()));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto got = parse(std::span(whole).first(size));
    if (size < ip_header(GetParam())) {
      EXPECT_FALSE(got.has_value()) << size << " octets";
    } else {
      ASSERT_TRUE(got.has_value()) << size << " octets";
      EXPECT_FALSE(got->malformed.empty()) << size << " octets";
    }
  }
}

TEST_P(BothFamilies, OctetsAfterTheEndAreMalformed) {
  Datagram longer = build(segment_of(Flags::kAck), sockets(GetParam()));
  longer.resize(longer.size() + 3);
  const auto got = parse(longer);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->malformed, "3 octets after the end of the datagram");
  EXPECT_TRUE(got->checksum_ok) << "the segment itself is whole";
  EXPECT_TRUE(got->segment.text.empty());
}

TEST_P(BothFamilies, MoreTextThanADatagramHoldsIsLeftOut) {
  const auto got = parse(build(segment_of(Flags::kAck, 70'000), sockets(GetParam())));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->malformed, "");
  EXPECT_TRUE(got->checksum_ok);
  EXPECT_EQ(got->segment.text.size(), kMaxText);
}

TEST_P(BothFamilies, UnspecifiedSourceIsSentAsItIs) {
  auto pair = sockets(GetParam());
  pair.peer_address = {};
  const auto got = parse(build(segment_of(Flags::kSyn), pair));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->sockets.target_address, Address{});
  EXPECT_TRUE(got->checksum_ok);
}

// ---- damage

TEST_P(BothFamilies, WrongChecksumIsWrongAndNothingElse) {
  const auto pair = sockets(GetParam());
  for (std::uint32_t seq = 0; seq < 70'000; seq += 7) {
    wire::Segment sent = segment_of(Flags::kAck);
    sent.seq = SeqNum(seq);
    const auto got = parse(build(sent, pair, spec::Damage::Checksum));
    ASSERT_TRUE(got.has_value());
    ASSERT_FALSE(got->checksum_ok) << to_string(sent);
    EXPECT_EQ(got->segment, sent);
    EXPECT_EQ(got->malformed, "");
  }
}

TEST_P(BothFamilies, ShortOffsetIsBelowFiveUnderARightChecksum) {
  const auto datagram = build(segment_of(Flags::kAck, 8), sockets(GetParam()), spec::Damage::OffsetShort);
  EXPECT_EQ(datagram[ip_header(GetParam()) + 12] >> 4, 4);
  const auto got = parse(datagram);
  ASSERT_TRUE(got.has_value());
  EXPECT_TRUE(got->checksum_ok);
  EXPECT_THAT(got->malformed, HasSubstr("Data Offset 4 is below 5"));
}

TEST_P(BothFamilies, LongOffsetIsBeyondTheSegmentHoweverLong) {
  for (const std::size_t text : {0, 20, 39, 40, 41, 1'000}) {
    const auto datagram = build(segment_of(Flags::kAck, text), sockets(GetParam()), spec::Damage::OffsetLong);
    const std::size_t tcp = ip_header(GetParam());
    EXPECT_GT((datagram[tcp + 12] >> 4) * 4u, datagram.size() - tcp) << text << " octets of text";
    const auto got = parse(datagram);
    ASSERT_TRUE(got.has_value());
    EXPECT_TRUE(got->checksum_ok);
    EXPECT_THAT(got->malformed, HasSubstr("Data Offset 15 is beyond"));
  }
}

TEST_P(BothFamilies, TruncatedHeaderHasARightChecksum) {
  const auto datagram = build(segment_of(Flags::kAck, 30), sockets(GetParam()), spec::Damage::Truncated);
  EXPECT_EQ(datagram.size(), ip_header(GetParam()) + 18);
  EXPECT_TRUE(tcp_checksum_holds(datagram, ip_header(GetParam()), GetParam()));
  const auto got = parse(datagram);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->malformed, "TCP header of 18 octets");
}

TEST_P(BothFamilies, DamagedOptionIsReachedBehindWholeOnes) {
  std::vector<wire::Options> lists(5);
  lists[1].append_mss(1'460);
  for (int i = 0; i < 10; ++i) lists[2].append_mss(1'460);  // full
  const std::uint8_t ended[] = {2, 4, 2, 0x18, 0, 0, 0, 0}, odd[] = {3, 3, 7};
  lists[3].append(ended);
  lists[4].append(odd);
  for (const auto& list : lists) {
    wire::Segment sent = segment_of(Flags::kSyn, 40);
    sent.options = list;
    const auto zero = parse(build(sent, sockets(GetParam()), spec::Damage::OptionLength));
    const auto over = parse(build(sent, sockets(GetParam()), spec::Damage::OptionOverrun));
    ASSERT_TRUE(zero.has_value() && over.has_value());
    EXPECT_THAT(zero->malformed, HasSubstr("option 253 says length 0")) << to_string(sent);
    EXPECT_THAT(over->malformed, HasSubstr("option 253 of length 12 runs over")) << to_string(sent);
    EXPECT_TRUE(zero->checksum_ok && over->checksum_ok);
    EXPECT_EQ(zero->segment.text, sent.text);
    EXPECT_EQ(over->segment.options.mss(), list.mss()) << "what stood before it is still read";
  }
}

TEST(Security, Ipv4CarriesOption130) {
  const auto datagram = build(segment_of(Flags::kAck, 5), sockets(Family::Ipv4), spec::Damage::Security);
  EXPECT_EQ(datagram[0], 0x48);
  EXPECT_EQ(datagram[20], 130);
  EXPECT_EQ(datagram[21], 11);
  const auto got = parse(datagram);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->malformed, "");
  EXPECT_TRUE(got->checksum_ok);
  EXPECT_EQ(got->segment, segment_of(Flags::kAck, 5));
}

TEST(Security, Ipv6CarriesCalipso) {
  const auto datagram = build(segment_of(Flags::kAck, 5), sockets(Family::Ipv6), spec::Damage::Security);
  EXPECT_EQ(datagram[6], 0) << "hop-by-hop options come first";
  EXPECT_EQ(datagram[42], 7) << "CALIPSO";
  const auto got = parse(datagram);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->malformed, "");
  EXPECT_TRUE(got->checksum_ok);
  EXPECT_EQ(got->segment, segment_of(Flags::kAck, 5));
}

// ---- the network layer

TEST(Ipv4, OtherProtocolsAreNothing) {
  Datagram datagram = build(segment_of(Flags::kAck), sockets(Family::Ipv4));
  for (int protocol = 0; protocol < 256; ++protocol) {
    datagram[9] = static_cast<std::uint8_t>(protocol);
    EXPECT_EQ(parse(datagram).has_value(), protocol == 6) << protocol;
  }
}

TEST(Ipv4, FragmentsAreMalformed) {
  Datagram first = build(segment_of(Flags::kAck, 8), sockets(Family::Ipv4));
  first[6] = 0x20;
  ASSERT_TRUE(parse(first).has_value());
  EXPECT_EQ(parse(first)->malformed, "IPv4 fragment");
  EXPECT_EQ(parse(first)->sockets.peer_port, 7);
  Datagram later = first;
  later[7] = 1;
  ASSERT_TRUE(parse(later).has_value());
  EXPECT_EQ(parse(later)->malformed, "IPv4 fragment");
  EXPECT_EQ(parse(later)->sockets.peer_port, 0) << "it has no TCP header";
}

TEST(Ipv4, WrongLengthsAreNamed) {
  const Datagram whole = build(segment_of(Flags::kAck), sockets(Family::Ipv4));
  const struct {
    std::size_t at;
    std::uint8_t value;
    const char* complaint;
  } kCases[] = {
      {0, 0x44, "IPv4 header length is 16 octets of 40"},
      {0, 0x4F, "IPv4 header length is 60 octets of 40"},
      {3, 19, "IPv4 total length 19 is less than its header's 20"},
      {3, 41, "IP length says 41 octets, the datagram has 40"},
  };
  for (const auto& test : kCases) {
    Datagram datagram = whole;
    datagram[test.at] = test.value;
    const auto got = parse(datagram);
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->malformed, test.complaint);
    EXPECT_FALSE(got->checksum_ok);
  }
}

TEST(Ipv4, WrongHeaderChecksumIsNoticed) {
  Datagram datagram = build(segment_of(Flags::kAck), sockets(Family::Ipv4));
  datagram[10] ^= 0x40;
  EXPECT_FALSE(parse(datagram)->checksum_ok);
}

// An IPv6 datagram whose TCP segment stands behind these extension headers; the first one's kind is `first`.
Datagram behind(std::uint8_t first, const std::vector<std::uint8_t>& extensions) {
  Datagram datagram = build(segment_of(Flags::kAck, 4), sockets(Family::Ipv6));
  datagram[6] = first;
  datagram[5] = static_cast<std::uint8_t>(datagram[5] + extensions.size());
  datagram.insert(datagram.begin() + 40, extensions.begin(), extensions.end());
  return datagram;
}

TEST(Ipv6, ExtensionHeadersAreWalkedOver) {
  const Datagram proper[] = {
      behind(0, {6, 0, 1, 4, 0, 0, 0, 0}),
      behind(0, {60, 0, 1, 4, 0, 0, 0, 0, 6, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
      behind(43, {6, 0, 0, 0, 0, 0, 0, 0}),
      behind(44, {6, 0, 0, 0, 0, 0, 0, 9}),
      behind(51, {6, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2}),
  };
  for (const auto& datagram : proper) {
    const auto got = parse(datagram);
    ASSERT_TRUE(got.has_value()) << "next header " << int{datagram[6]};
    EXPECT_EQ(got->malformed, "") << "next header " << int{datagram[6]};
    EXPECT_TRUE(got->checksum_ok) << "next header " << int{datagram[6]};
    EXPECT_EQ(got->segment, segment_of(Flags::kAck, 4)) << to_string(got->segment);
  }
}

TEST(Ipv6, BadExtensionHeadersAreMalformedOrNothing) {
  EXPECT_EQ(parse(behind(44, {6, 0, 0, 1, 0, 0, 0, 9}))->malformed, "IPv6 fragment");
  EXPECT_EQ(parse(behind(44, {6, 0, 1, 0, 0, 0, 0, 9}))->malformed, "IPv6 fragment");
  EXPECT_EQ(parse(behind(44, {6, 0, 1, 0, 0, 0, 0, 9}))->sockets.peer_port, 0);
  EXPECT_EQ(parse(behind(43, {6, 0, 0, 1, 0, 0, 0, 0}))->malformed, "IPv6 routing header with segments left");
  EXPECT_EQ(parse(behind(60, {0, 0, 1, 4, 0, 0, 0, 0, 6, 0, 1, 4, 0, 0, 0, 0}))->malformed,
            "IPv6 hop-by-hop header that is not the first");
  EXPECT_FALSE(parse(behind(0, {6, 9, 1, 4, 0, 0, 0, 0})).has_value()) << "runs over the end";
  EXPECT_FALSE(parse(behind(0, {59, 0, 1, 4, 0, 0, 0, 0})).has_value()) << "no next header";
  EXPECT_FALSE(parse(behind(50, {6, 0, 1, 4, 0, 0, 0, 0})).has_value()) << "encrypted";
}

TEST(Hostile, NoiseNeverHarms) {
  std::uint64_t random = 1;
  const auto next = [&random] { return static_cast<std::uint8_t>((random = random * 6364136223846793005u + 1) >> 56); };
  int read = 0;
  for (int round = 0; round < 50'000; ++round) {
    Datagram noise(next() % 120);
    std::ranges::generate(noise, next);
    if (!noise.empty()) noise[0] = static_cast<std::uint8_t>(round % 2 ? 0x45 + next() % 4 : 0x60);
    if (noise.size() > 9) noise[round % 2 ? 9 : 6] = round % 3 ? 6 : 0;
    read += parse(noise).has_value() ? 1 : 0;
  }
  EXPECT_GT(read, 1'000) << "the noise does reach the TCP header";
}

}  // namespace
}  // namespace conform::packet
