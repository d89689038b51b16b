#include <fmt/format.h>
#include <tins/exceptions.h>
#include <tins/tcp.h>

#include <algorithm>
#include <array>

#include "harness/packet/checksum.h"
#include "harness/packet/datagram.h"
#include "harness/packet/ip.h"

namespace conform::packet {

namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t kTcpHeader = 20;

// Reads the twenty fixed octets through libtins. Options are left to us: libtins throws at the first malformed one and
// would copy every other.
wire::Segment read_fixed_header(Octets tcp) {
  std::array<std::uint8_t, kTcpHeader> fixed;
  std::copy_n(tcp.begin(), kTcpHeader, fixed.begin());
  fixed[12] = static_cast<std::uint8_t>(5 << 4 | (fixed[12] & 0x0F));  // just these octets, whatever follows them
  const Tins::TCP header(fixed.data(), kTcpHeader);

  wire::Segment segment;
  segment.source_port = header.sport();
  segment.destination_port = header.dport();
  segment.seq = wire::SeqNum(header.seq());
  segment.ack = wire::SeqNum(header.ack_seq());
  const std::uint16_t bits = header.flags();
  segment.flags.bits = static_cast<std::uint8_t>(bits);
  segment.reserved = static_cast<std::uint8_t>(bits >> 8 & 0x0F);
  segment.wnd = header.window();
  segment.urgent_pointer = header.urg_ptr();
  return segment;
}

// RFC 9293 3.1: every option but the two of one octet has a length (MUST-68), and only zeros follow the End of Option
// List (MUST-69). Empty when the list is proper.
std::string judge_options(Octets options) {
  constexpr std::uint8_t kEndOfList = 0, kNoOperation = 1;
  std::size_t at = 0;
  while (at < options.size() && options[at] != kEndOfList) {
    const int kind = options[at];
    if (kind == kNoOperation) {
      ++at;
      continue;
    }
    if (at + 1 == options.size()) return fmt::format("option {} has no room for its length (RFC 9293 3.1)", kind);
    const std::size_t length = options[at + 1];
    if (length < 2) return fmt::format("option {} says length {} (RFC 9293 3.1)", kind, length);
    if (length > options.size() - at) {
      return fmt::format("option {} of length {} runs over the header's end (RFC 9293 3.1)", kind, length);
    }
    at += length;
  }
  const bool zeros = std::all_of(options.begin() + static_cast<std::ptrdiff_t>(at), options.end(),
                                 [](std::uint8_t octet) { return octet == kEndOfList; });
  return zeros ? "" : "padding after the End of Option List is not zero (RFC 9293 3.1, MUST-69)";
}

// Fills in options and text. Gives what is wrong with them.
std::string read_options_and_text(Octets tcp, wire::Segment& segment) {
  const std::size_t offset = (tcp[12] >> 4) * 4u;
  if (offset < kTcpHeader) return fmt::format("Data Offset {} is below 5 (RFC 9293 3.1)", offset / 4);
  if (offset > tcp.size()) {
    return fmt::format("Data Offset {} is beyond a segment of {} octets (RFC 9293 3.1)", offset / 4, tcp.size());
  }
  segment.options.append(tcp.subspan(kTcpHeader, offset - kTcpHeader));
  const Octets text = tcp.subspan(offset);
  segment.text.assign(text.begin(), text.end());
  return judge_options(segment.options.bytes());
}

}  // namespace

std::optional<Parsed> parse(std::span<const std::uint8_t> datagram) {
  const auto ip = find_tcp(datagram);
  if (!ip) return std::nullopt;

  Parsed parsed;
  parsed.sockets.family = ip->family;
  parsed.sockets.target_address = ip->source;
  parsed.sockets.peer_address = ip->destination;
  parsed.malformed = ip->malformed;
  if (!ip->first_fragment) return parsed;
  if (ip->tcp.size() < kTcpHeader) {
    if (parsed.malformed.empty()) parsed.malformed = fmt::format("TCP header of {} octets", ip->tcp.size());
    return parsed;
  }

  const std::uint64_t pseudo = pseudo_header_sum(ip->family, ip->source, ip->destination, ip->tcp.size());
  parsed.checksum_ok = ip->checksum_ok && fold(add_words(pseudo, ip->tcp)) == 0xFFFF;
  try {
    parsed.segment = read_fixed_header(ip->tcp);
    std::string wrong = read_options_and_text(ip->tcp, parsed.segment);
    if (parsed.malformed.empty()) parsed.malformed = std::move(wrong);
  } catch (const Tins::exception_base& refused) {
    if (parsed.malformed.empty()) parsed.malformed = fmt::format("TCP header: {}", refused.what());
  }
  parsed.sockets.target_port = parsed.segment.source_port;
  parsed.sockets.peer_port = parsed.segment.destination_port;
  return parsed;
}

}  // namespace conform::packet
