// Pcapng owns the capture file format: raw IP datagrams with a comment on each, as Wireshark reads and shows them.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "harness/base/result.h"
#include "harness/base/time.h"
#include "harness/target/target.h"

namespace conform::packet {

// Which way a packet went, as the target sees it.
enum class Direction : std::uint8_t { Inbound, Outbound };

struct CapturedPacket {
  Time at{};  // since the target was started; the file's clock starts at the same moment
  Direction direction = Direction::Inbound;
  Datagram datagram;
  std::string comment;  // shown with the packet; none when empty. UTF-8
};

// What the file says of itself.
struct CaptureInfo {
  std::string interface;    // the target: "linux"
  std::string application;  // "tcpconform 0.1.0"
  std::string comment;      // on the whole file
};

// The octets of the file: one section, one interface of link type RAW (101) with time stamps in nanoseconds, one
// enhanced packet block for each packet, little-endian. Comments are cut to the 65,535 octets that fit.
std::string to_pcapng(std::span<const CapturedPacket> packets, const CaptureInfo& info = {});

// Writes that to a file; see write_file() for errors.
Status write_pcapng(const std::string& path, std::span<const CapturedPacket> packets, const CaptureInfo& info = {});

}  // namespace conform::packet
