// Datagrams against known-good octets, and every way in which one can be wrong.
#include "stack/codec/datagram.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "stack/codec/checksum.h"
#include "stack/wire/notation.h"

namespace codec {
namespace {

using Octets = std::vector<std::uint8_t>;

Octets from_hex(std::string_view hex) {
  Octets octets;
  std::string digits;
  for (char c : hex) {
    if (c != ' ') digits += c;
  }
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    octets.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return octets;
}

std::string why(std::span<const std::uint8_t> datagram) {
  const auto result = decode(datagram);
  if (const Reject* reject = std::get_if<Reject>(&result)) return std::string(to_string(*reject));
  return "accepted";
}

wire::Segment decoded(std::span<const std::uint8_t> datagram) {
  const auto result = decode(datagram);
  if (std::holds_alternative<Reject>(result)) {
    ADD_FAILURE() << to_string(std::get<Reject>(result));
    return {};
  }
  return std::get<Received>(result).segment;
}

// The checksums below were worked out with an independent implementation of RFC 1071.
const Octets kSynV4 = from_hex(
    "4500 002c 0000 4000 4006 b6c8 c000 0202 c000 0201"
    "0fa0 0050 0000 012c 0000 0000 6002 ffff 0307 0000 0204 05b4");
const Octets kOddV6 = from_hex(
    "6000 0000 0017 0640 2001 0db8 0000 0000 0000 0000 0000 0002 2001 0db8 0000 0000 0000 0000 0000 0001"
    "0fa0 0050 0000 012d 0000 0065 5018 1000 6e70 0000 6162 63");

TEST(Checksum, Rfc1071Example) {
  Checksum checksum;
  const Octets octets = from_hex("0001 f203 f4f5 f6f7");
  checksum.add(octets);
  EXPECT_EQ(checksum.value(), static_cast<std::uint16_t>(~0xddf2));
}

TEST(Checksum, OddLengthCountsAsIfAZeroFollowed) {
  Checksum odd, even;
  odd.add(from_hex("0102 03"));
  even.add(from_hex("0102 0300"));
  EXPECT_EQ(odd.value(), even.value());
}

TEST(Decode, Ipv4Syn) {
  ASSERT_EQ(why(kSynV4), "accepted");
  EXPECT_EQ(wire::to_string(decoded(kSynV4)), "<SEQ=300><CTL=SYN><WND=65535><MSS=1460>");
  EXPECT_EQ(decoded(kSynV4).source_port, 4000);
  EXPECT_EQ(decoded(kSynV4).destination_port, 80);
}

TEST(Decode, Ipv6OddLength) {
  ASSERT_EQ(why(kOddV6), "accepted");
  EXPECT_EQ(wire::to_string(decoded(kOddV6)), "<SEQ=301><ACK=101><CTL=PSH,ACK><WND=4096><DATA=3>");
  EXPECT_EQ(decoded(kOddV6).text, (Octets{'a', 'b', 'c'}));
}

TEST(Encode, GivesTheKnownOctets) {
  const auto again = [](const Octets& known) {
    const auto received = std::get<Received>(decode(known));
    return encode(received.ip, received.segment);
  };
  EXPECT_EQ(again(kSynV4), kSynV4);
  EXPECT_EQ(again(kOddV6), kOddV6);
}

TEST(Decode, EveryTruncationIsRefused) {
  for (const Octets& known : {kSynV4, kOddV6}) {
    for (std::size_t size = 0; size < known.size(); ++size) {
      EXPECT_EQ(why(std::span(known).first(size)), "truncated datagram") << size;
    }
  }
}

TEST(Decode, EverySingleBitErrorInTcpIsRefused) {
  for (const auto& [known, header] : {std::pair{kSynV4, 20}, std::pair{kOddV6, 40}}) {
    for (std::size_t bit = static_cast<std::size_t>(header) * 8; bit < known.size() * 8; ++bit) {
      Octets wrong = known;
      wrong[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> (bit % 8));
      EXPECT_NE(why(wrong), "accepted") << "bit " << bit;
    }
  }
}

// The same datagram with some octets of the IP header changed and its checksum mended.
Octets with_ip(Octets datagram, std::size_t at, std::uint8_t value) {
  datagram[at] = value;
  datagram[10] = datagram[11] = 0;
  Checksum checksum;
  checksum.add(std::span(datagram).first(20));
  datagram[10] = static_cast<std::uint8_t>(checksum.value() >> 8);
  datagram[11] = static_cast<std::uint8_t>(checksum.value());
  return datagram;
}

TEST(Decode, IpHeaders) {
  EXPECT_EQ(why(with_ip(kSynV4, 0, 0x55)), "bad IP version");
  EXPECT_EQ(why(with_ip(kSynV4, 0, 0x44)), "bad IP header length");
  EXPECT_EQ(why(with_ip(kSynV4, 0, 0x4f)), "bad IP header length");
  EXPECT_EQ(why(with_ip(kSynV4, 3, 19)), "bad IP total length");
  EXPECT_EQ(why(with_ip(kSynV4, 3, 45)), "truncated datagram");
  EXPECT_EQ(why(with_ip(kSynV4, 3, 39)), "truncated TCP header");
  EXPECT_EQ(why(with_ip(kSynV4, 3, 40)), "bad data offset");
  EXPECT_EQ(why(with_ip(kSynV4, 6, 0x60)), "fragment") << "more fragments";
  EXPECT_EQ(why(with_ip(kSynV4, 7, 1)), "fragment") << "an offset";
  EXPECT_EQ(why(with_ip(kSynV4, 9, 17)), "not TCP");
  Octets wrong = kSynV4;
  wrong[8] ^= 1;
  EXPECT_EQ(why(wrong), "bad IP header checksum");
  wrong = kOddV6;
  wrong[6] = 44;
  EXPECT_EQ(why(wrong), "fragment");
  wrong[6] = 0;
  EXPECT_EQ(why(wrong), "not TCP");
  wrong = kOddV6;
  wrong[5] = 0x18;
  EXPECT_EQ(why(wrong), "truncated datagram");
  wrong[5] = 0x13;
  EXPECT_EQ(why(wrong), "truncated TCP header");
}

TEST(Decode, DataOffset) {
  for (unsigned offset = 0; offset < 16; ++offset) {
    Octets wrong = kSynV4;  // 24 octets of TCP
    wrong[32] = static_cast<std::uint8_t>(offset << 4);
    EXPECT_EQ(why(wrong), offset < 5 || offset > 6 ? "bad data offset" : offset == 6 ? "accepted" : "bad TCP checksum");
  }
}

TEST(Decode, IpOptionsAreSkippedAndPaddingIgnored) {
  Octets datagram = kSynV4;
  const Octets options = {0x01, 0x01, 0x07, 0x01};  // one of them malformed: none of TCP's business
  datagram.insert(datagram.begin() + 20, options.begin(), options.end());
  datagram[0] = 0x46;
  datagram[3] = 48;
  datagram[10] = datagram[11] = 0;
  Checksum checksum;
  checksum.add(std::span(datagram).first(24));
  datagram[10] = static_cast<std::uint8_t>(checksum.value() >> 8);
  datagram[11] = static_cast<std::uint8_t>(checksum.value());
  datagram.push_back(0xee);  // a link's padding
  ASSERT_EQ(why(datagram), "accepted");
  EXPECT_EQ(wire::to_string(decoded(datagram)), "<SEQ=300><CTL=SYN><WND=65535><MSS=1460>");
}

TEST(Encode, EverySegmentComesBackAsItWas) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    wire::Segment segment;
    segment.source_port = static_cast<std::uint16_t>(random());
    segment.destination_port = static_cast<std::uint16_t>(random());
    segment.seq = wire::SeqNum(static_cast<std::uint32_t>(random()));
    segment.ack = wire::SeqNum(static_cast<std::uint32_t>(random()));
    segment.flags.bits = static_cast<std::uint8_t>(random());
    segment.reserved = random() & 0x0f;
    segment.wnd = static_cast<std::uint16_t>(random());
    segment.urgent_pointer = static_cast<std::uint16_t>(random());
    Octets options(random() % 11 * 4);
    for (auto& octet : options) octet = static_cast<std::uint8_t>(random());
    segment.options.append(options);
    segment.text.resize(random() % 70);
    for (auto& octet : segment.text) octet = static_cast<std::uint8_t>(random());
    const IpHeader v4{IpAddress::v4(192, 0, 2, 2), IpAddress::v4(192, 0, 2, 1), 9, 0xb9};
    const IpHeader v6{IpAddress::v6({0x20, 1, 0xd, 0xb8}), IpAddress::v6({0x20, 1, 0xd, 0xb9}), 9, 0xb9};
    for (const IpHeader& ip : {v4, v6}) {
      const auto result = decode(encode(ip, segment));
      ASSERT_TRUE(std::holds_alternative<Received>(result)) << to_string(std::get<Reject>(result));
      const Received& received = std::get<Received>(result);
      EXPECT_EQ(received.segment, segment);
      EXPECT_EQ(received.ip.source, ip.source);
      EXPECT_EQ(received.ip.destination, ip.destination);
      EXPECT_EQ(received.ip.ttl, 9);
      EXPECT_EQ(received.ip.diffserv, 0xb9);
    }
  }
}

TEST(Encode, OptionsArePaddedWithZeros) {
  wire::Segment segment;
  const std::uint8_t option[] = {8, 3, 7};
  segment.options.append(option);
  const Datagram datagram = encode({IpAddress::v4(1, 2, 3, 4), IpAddress::v4(1, 2, 3, 5), 64, 0}, segment);
  EXPECT_EQ(Octets(datagram.begin() + 40, datagram.end()), (Octets{8, 3, 7, 0}));
  EXPECT_EQ(datagram[32], 0x60);
}

TEST(Decode, NoiseIsNeverTrusted) {
  std::mt19937 random(2);
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    Octets noise(random() % 100);
    for (auto& octet : noise) octet = static_cast<std::uint8_t>(random());
    if (!noise.empty()) noise[0] = static_cast<std::uint8_t>(random() % 2 ? 0x45 : 0x60);
    accepted += why(noise) == "accepted";
    const auto unverified = decode(noise, false);
    if (const auto* received = std::get_if<Received>(&unverified)) {
      EXPECT_LE(received->segment.text.size() + 40, noise.size());
    }
  }
  EXPECT_EQ(accepted, 0);
}

}  // namespace
}  // namespace codec
