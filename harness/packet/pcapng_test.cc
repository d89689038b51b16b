#include "harness/packet/pcapng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>

#include "harness/packet/datagram.h"

namespace conform::packet {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// ---- a reader of the format, written from its specification and not from the writer

struct ReadBlock {
  std::uint32_t type = 0;
  std::string body;
};

std::uint64_t number(std::string_view octets, std::size_t at, int size) {
  std::uint64_t value = 0;
  for (int i = size - 1; i >= 0; --i) value = value << 8 | static_cast<std::uint8_t>(octets.at(at + i));
  return value;
}

std::vector<ReadBlock> read_blocks(std::string_view file) {
  std::vector<ReadBlock> blocks;
  while (!file.empty()) {
    const auto length = number(file, 4, 4);
    if (length % 4 != 0 || length < 12 || length > file.size()) throw std::runtime_error("block length");
    if (number(file, length - 4, 4) != length) throw std::runtime_error("the two lengths differ");
    blocks.push_back({static_cast<std::uint32_t>(number(file, 0, 4)), std::string(file.substr(8, length - 12))});
    file.remove_prefix(length);
  }
  return blocks;
}

std::map<int, std::string> read_options(std::string_view body, std::size_t at) {
  std::map<int, std::string> options;
  for (;;) {
    const int code = static_cast<int>(number(body, at, 2));
    const auto length = number(body, at + 2, 2);
    if (code == 0) {
      if (at + 4 != body.size()) throw std::runtime_error("octets after the end of options");
      return options;
    }
    options[code] = std::string(body.substr(at + 4, length));
    at += 4 + (length + 3) / 4 * 4;
  }
}

Datagram syn(Family family) {
  SocketPair pair;
  pair.family = family;
  pair.target_port = 7;
  pair.peer_port = 40'000;
  pair.target_address.bytes = {192, 0, 2, 1};
  pair.peer_address.bytes = {192, 0, 2, 2};
  wire::Segment segment;
  segment.seq = wire::SeqNum(100);
  segment.flags.bits = wire::Flags::kSyn;
  segment.options.append_mss(1'460);
  segment.text = {'o', 'd', 'd'};
  return build(segment, pair);
}

std::filesystem::path scratch(const char* name) {
  return std::filesystem::path(::testing::TempDir()) / (std::to_string(::getpid()) + name);
}

TEST(Pcapng, IsReadBack) {
  const std::vector<CapturedPacket> packets = {
      {Time(1), Direction::Inbound, syn(Family::Ipv4), "<SEQ=0><CTL=SYN>"},
      {std::chrono::hours(2), Direction::Outbound, syn(Family::Ipv6), ""},
  };
  const auto blocks = read_blocks(to_pcapng(packets, {"linux", "tcpconform", "one case"}));
  ASSERT_THAT(blocks, SizeIs(4));

  EXPECT_EQ(blocks[0].type, 0x0A0D0D0A);
  EXPECT_EQ(number(blocks[0].body, 0, 4), 0x1A2B3C4D);
  EXPECT_EQ(number(blocks[0].body, 4, 4), 1u) << "version 1.0";
  EXPECT_EQ(number(blocks[0].body, 8, 8), ~std::uint64_t{0});
  EXPECT_EQ(read_options(blocks[0].body, 16), (std::map<int, std::string>{{1, "one case"}, {4, "tcpconform"}}));

  EXPECT_EQ(blocks[1].type, 1u);
  EXPECT_EQ(number(blocks[1].body, 0, 2), 101u);
  EXPECT_EQ(read_options(blocks[1].body, 8), (std::map<int, std::string>{{2, "linux"}, {9, "\x09"}}));

  for (std::size_t i : {0, 1}) {
    const std::string& body = blocks[2 + i].body;
    EXPECT_EQ(blocks[2 + i].type, 6u);
    const auto at = number(body, 4, 4) << 32 | number(body, 8, 4);
    EXPECT_EQ(at, static_cast<std::uint64_t>(packets[i].at.count()));
    const auto length = number(body, 12, 4);
    EXPECT_EQ(length, packets[i].datagram.size());
    EXPECT_EQ(number(body, 16, 4), length);
    EXPECT_EQ(body.substr(20, length), std::string(packets[i].datagram.begin(), packets[i].datagram.end()));
    auto options = read_options(body, 20 + (length + 3) / 4 * 4);
    EXPECT_EQ(number(options.at(2), 0, 4), i + 1) << "direction";
    EXPECT_EQ(options[1], packets[i].comment);
  }
}

TEST(Pcapng, NoPacketsAreStillAFile) { EXPECT_THAT(read_blocks(to_pcapng({})), SizeIs(2)); }

TEST(Pcapng, LongCommentsAreCut) {
  const CapturedPacket packet{Time(0), Direction::Inbound, syn(Family::Ipv4), std::string(100'000, 'x')};
  const auto blocks = read_blocks(to_pcapng(std::span(&packet, 1)));
  const auto length = (packet.datagram.size() + 3) / 4 * 4;
  EXPECT_THAT(read_options(blocks[2].body, 20 + length)[1], SizeIs(65'535));
}

// Wireshark's own reader, where it is installed: each packet dissects, its checksum is right, its comment is shown.
TEST(Pcapng, WiresharkReadsIt) {
  if (std::system("command -v tshark >/dev/null 2>&1") != 0) GTEST_SKIP() << "tshark is not installed";
  const auto path = scratch(".pcapng");
  const std::vector<CapturedPacket> packets = {
      {Time(1), Direction::Inbound, syn(Family::Ipv4), "first – conforms"},
      {Time(2), Direction::Outbound, syn(Family::Ipv6), "second"},
  };
  ASSERT_TRUE(write_pcapng(path, packets).ok());
  const std::string command = "tshark -r " + path.string() +
                              " -o tcp.check_checksum:TRUE -T fields -E separator=/s -e frame.time_epoch -e tcp.seq_raw"
                              " -e tcp.checksum.status -e tcp.options.mss_val -e frame.comment 2>/dev/null";
  std::string lines;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  ASSERT_NE(pipe, nullptr);
  std::array<char, 256> buffer;
  while (std::fgets(buffer.data(), buffer.size(), pipe.get())) lines += buffer.data();
  std::filesystem::remove(path);
  EXPECT_EQ(lines, "0.000000001 100 1 1460 first – conforms\n0.000000002 100 1 1460 second\n");
}

TEST(Pcapng, AnUnwritableFileIsReported) {
  const auto status = write_pcapng("/nonexistent/x.pcapng", {});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(to_string(status.diagnostics()), "/nonexistent/x.pcapng: error: cannot open: No such file or directory\n");
}

}  // namespace
}  // namespace conform::packet
