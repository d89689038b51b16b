#include "harness/packet/pcapng.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "harness/packet/file.h"

namespace conform::packet {

namespace {

// Block types and option codes of the format (draft-ietf-opsawg-pcapng 4).
constexpr std::uint32_t kSection = 0x0A0D0D0A, kInterface = 1, kEnhancedPacket = 6;
constexpr std::uint16_t kEndOfOptions = 0, kComment = 1;
constexpr std::uint16_t kUserApplication = 4;                     // of a section
constexpr std::uint16_t kInterfaceName = 2, kTimeResolution = 9;  // of an interface
constexpr std::uint16_t kFlags = 2;                               // of a packet
constexpr std::uint16_t kLinkTypeRaw = 101;

// One block: its body is appended, and finish() puts the type and the two lengths around it.
class Block {
 public:
  explicit Block(std::uint32_t type) : type_(type) {}

  void put16(std::uint16_t value) { put(value, 2); }
  void put32(std::uint32_t value) { put(value, 4); }
  void put64(std::uint64_t value) { put(value, 8); }

  // Octets, filled up with zeros to a multiple of four.
  void put_padded(std::string_view octets) {
    body_ += octets;
    body_.append((4 - octets.size() % 4) % 4, '\0');
  }
  void put_option(std::uint16_t code, std::string_view value) {
    constexpr std::size_t kMost = 0xFFFF;
    value = value.substr(0, kMost);
    put16(code);
    put16(static_cast<std::uint16_t>(value.size()));
    put_padded(value);
  }
  void put_text(std::uint16_t code, std::string_view text) {
    if (!text.empty()) put_option(code, text);
  }

  std::string finish() && {
    const auto length = static_cast<std::uint32_t>(body_.size() + 12);
    Block whole(type_);
    whole.put32(type_);
    whole.put32(length);
    whole.body_ += body_;
    whole.put32(length);
    return std::move(whole.body_);
  }

 private:
  void put(std::uint64_t value, int octets) {
    for (int i = 0; i < octets; ++i) body_ += static_cast<char>(value >> 8 * i & 0xFF);
  }

  std::uint32_t type_;
  std::string body_;
};

std::string section_block(const CaptureInfo& info) {
  Block block(kSection);
  block.put32(0x1A2B3C4D);  // byte-order magic
  block.put16(1);           // version 1.0
  block.put16(0);
  block.put64(~std::uint64_t{0});  // length of the section: not said
  block.put_text(kComment, info.comment);
  block.put_text(kUserApplication, info.application);
  block.put_option(kEndOfOptions, {});
  return std::move(block).finish();
}

std::string interface_block(const CaptureInfo& info) {
  Block block(kInterface);
  block.put16(kLinkTypeRaw);
  block.put16(0);
  block.put32(0);  // no limit of length
  block.put_text(kInterfaceName, info.interface);
  block.put_option(kTimeResolution, "\x09");  // 10^-9 s
  block.put_option(kEndOfOptions, {});
  return std::move(block).finish();
}

std::string packet_block(const CapturedPacket& packet) {
  const auto at = static_cast<std::uint64_t>(std::max<std::int64_t>(packet.at.count(), 0));
  const auto length = static_cast<std::uint32_t>(packet.datagram.size());
  Block block(kEnhancedPacket);
  block.put32(0);  // the only interface
  block.put32(static_cast<std::uint32_t>(at >> 32));
  block.put32(static_cast<std::uint32_t>(at));
  block.put32(length);
  block.put32(length);
  block.put_padded({reinterpret_cast<const char*>(packet.datagram.data()), packet.datagram.size()});
  block.put_text(kComment, packet.comment);
  const char direction = packet.direction == Direction::Inbound ? 1 : 2;
  block.put_option(kFlags, std::string{direction, 0, 0, 0});
  block.put_option(kEndOfOptions, {});
  return std::move(block).finish();
}

}  // namespace

std::string to_pcapng(std::span<const CapturedPacket> packets, const CaptureInfo& info) {
  std::string file = section_block(info) + interface_block(info);
  for (const CapturedPacket& packet : packets) file += packet_block(packet);
  return file;
}

Status write_pcapng(const std::string& path, std::span<const CapturedPacket> packets, const CaptureInfo& info) {
  return write_file(path, to_pcapng(packets, info));
}

}  // namespace conform::packet
