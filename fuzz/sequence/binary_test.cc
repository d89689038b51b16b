// The binary form: lossless, canonical, compact, and made of any octets.
#include "fuzz/sequence/binary.h"

#include <random>

#include "fuzz/sequence/testing.h"

namespace conform::fuzz {
namespace {

using Octets = std::vector<std::uint8_t>;

std::string lines(const Sequence& sequence) {
  std::string text;
  for (const Event& event : sequence) text += to_string(event) + "\n";
  return text;
}

// The octets are a promise to whoever keeps a corpus: they may not change without a new version.
TEST(Binary, AConversationOctetByOctet) {
  const Octets octets = {
      1,                                            // version
      0x01,                                         // OPEN passive
      0x44, 0x02, 0x04, 4,    2,    4,    5, 0xb4,  // SYN at PEER.ISS, MSS 1460
      0x00, 0x10,                                   // ACK
      0x24, 0x18, 0x11, 0xe4, 0x0a,                 // RCV.NXT - 1, 1380 octets
      0x18, 0x10, 0xf6, 0xc7, 0x01, 0x00,           // ACK = SND.UNA - 100, WND = 0
      0x45, 0xe8, 0x07,                             // SEND 1000 push
      0x25, 0x64, 0x88, 0x27,                       // SEND 100 timeout=5s
      0x02, 0xf4, 0x03,                             // 500 ms
      0x13,                                         // the peer takes segment 1
      0x80, 0x30, 0x95, 0x14,                       // RSV=5, checksum, UP=20
      0x0d,                                         // CLOSE
      0xc1,                                         // OPEN active unspecified
  };
  const Sequence sequence = decode(octets);
  EXPECT_EQ(lines(sequence),
            "call: OPEN passive\n"
            "segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460>\n"
            "segment: <CTL=ACK>\n"
            "segment: <SEQ=RCV.NXT - 1><CTL=PSH,ACK><DATA=1380>\n"
            "segment: <ACK=SND.UNA - 100><CTL=ACK><WND=0>\n"
            "call: SEND 1000 push\n"
            "call: SEND 100 timeout=5000ms\n"
            "wait: 500 ms\n"
            "peer: takes 1\n"
            "segment: <CTL=URG,ACK><UP=20><RSV=5><BAD=checksum>\n"
            "call: CLOSE\n"
            "call: OPEN active unspecified\n");
  EXPECT_EQ(encode(sequence), octets);
}

TEST(Binary, WhatIsEncodedIsDecoded) {
  AnySequence any(2);
  for (int i = 0; i < 3000; ++i) {
    const Sequence sequence = any.next();
    const Octets octets = encode(sequence);
    ASSERT_EQ(decode(octets), sequence);
    ASSERT_LE(octets.size(), kMaxEncoded);
  }
}

TEST(Binary, AnyOctetsAreASequenceInRangeAndItsEncodingIsCanonical) {
  std::mt19937_64 engine(3);
  std::size_t events = 0, kinds[4] = {};
  for (int i = 0; i < 10'000; ++i) {
    Octets octets(engine() % 300);
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(engine());
    const Sequence sequence = decode(octets);
    ASSERT_TRUE(is_in_range(sequence));
    const Octets canonical = encode(sequence);
    ASSERT_EQ(decode(canonical), sequence);
    ASSERT_EQ(encode(decode(canonical)), canonical);
    events += sequence.size();
    for (const Event& event : sequence) ++kinds[static_cast<std::size_t>(event.kind)];
  }
  for (std::size_t count : kinds) EXPECT_GT(count, events / 8) << "every kind has its share";
}

TEST(Binary, EverySingleOctetAndPairOfOctetsIsASequence) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const Octets octets = {kBinaryVersion, static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
      const Sequence sequence = decode(octets);
      ASSERT_FALSE(sequence.empty());
      ASSERT_TRUE(is_in_range(sequence));
      ASSERT_EQ(decode(encode(sequence)), sequence);
    }
  }
}

TEST(Binary, ABeginningIsASequenceWithTheSameBeginning) {
  AnySequence any(4);
  for (int i = 0; i < 100; ++i) {
    const Sequence whole = any.next(8);
    const Octets octets = encode(whole);
    for (std::size_t size = 0; size <= octets.size(); ++size) {
      const Sequence part = decode(std::span(octets).first(size));
      ASSERT_TRUE(is_in_range(part));
      ASSERT_LE(part.size(), whole.size());
      for (std::size_t at = 0; at + 1 < part.size(); ++at) ASSERT_EQ(part[at], whole[at]);
    }
  }
}

TEST(Binary, NothingIsNothing) {
  EXPECT_TRUE(decode({}).empty());
  EXPECT_EQ(encode({}), Octets{kBinaryVersion});
  EXPECT_TRUE(decode(Octets{kBinaryVersion}).empty());
}

TEST(Binary, OtherVersionsAreReadAsThisOne) {
  AnySequence any(5);
  const Sequence sequence = any.next();
  Octets octets = encode(sequence);
  for (unsigned version : {0u, 2u, 255u}) {
    octets[0] = static_cast<std::uint8_t>(version);
    EXPECT_EQ(decode(octets), sequence);
  }
}

TEST(Binary, NoMoreEventsThanASequenceHas) {
  const Octets octets(1000, 0x0d);
  EXPECT_EQ(decode(octets).size(), kMaxEvents);
}

TEST(Binary, ASequenceIsUsedAgain) {
  AnySequence any(6);
  Sequence reused;
  for (int i = 0; i < 200; ++i) {
    const Octets octets = encode(any.next());
    decode_into(octets, reused);
    ASSERT_EQ(reused, decode(octets));
  }
}

TEST(Binary, ABufferTakesWholeEvents) {
  AnySequence any(7);
  for (int i = 0; i < 200; ++i) {
    const Sequence sequence = any.next(12);
    const Octets octets = encode(sequence);
    Octets buffer(any.below(octets.size() + 10));
    const std::size_t size = encode_into(sequence, buffer);
    ASSERT_LE(size, buffer.size());
    const Sequence part = decode(std::span(buffer).first(size));
    ASSERT_EQ(Sequence(sequence.begin(), sequence.begin() + static_cast<std::ptrdiff_t>(part.size())), part);
    if (buffer.size() >= octets.size()) {
      ASSERT_EQ(part, sequence);
    }
  }
}

TEST(Binary, NoEventIsLongerThanItsBound) {
  Event longest;
  longest.segment.ctl = 0xff;
  longest.segment.seq = longest.segment.ack = {Base::Iss, -0x7fffffff - 1};
  longest.segment.keeps_window = false;
  longest.segment.wnd = longest.segment.up = 0xffff;
  longest.segment.data = kMaxData;
  longest.segment.reserved = 15;
  for (int i = 0; i < 40; ++i) longest.segment.options.push_back(1);
  const Sequence sequence(kMaxEvents, longest);
  EXPECT_LE(encode(sequence).size(), kMaxEncoded);
  EXPECT_EQ(decode(encode(sequence)), sequence);
}

}  // namespace
}  // namespace conform::fuzz
