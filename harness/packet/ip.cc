#include "harness/packet/ip.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/packet/checksum.h"

namespace conform::packet {

namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::uint8_t kTcp = 6;
constexpr std::size_t kIpv4Header = 20, kIpv6Header = 40;

std::uint16_t word(Octets octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

Address address(Octets octets) {
  Address result;
  std::ranges::copy(octets, result.bytes.begin());
  return result;
}

// Keeps the first complaint: what follows from it is noise.
void complain(IpView& view, std::string what) {
  if (view.malformed.empty()) view.malformed = std::move(what);
}

// The datagram as far as its own length says, and a complaint if that is not where it ends.
Octets cut_to(Octets datagram, std::size_t said, IpView& view) {
  if (said > datagram.size()) {
    complain(view, fmt::format("IP length says {} octets, the datagram has {}", said, datagram.size()));
    return datagram;
  }
  if (said < datagram.size()) {
    complain(view, fmt::format("{} octets after the end of the datagram", datagram.size() - said));
  }
  return datagram.first(said);
}

// RFC 791 3.1.
std::optional<IpView> find_in_ipv4(Octets datagram) {
  if (datagram.size() < kIpv4Header || datagram[9] != kTcp) return std::nullopt;
  IpView view;
  view.source = address(datagram.subspan(12, 4));
  view.destination = address(datagram.subspan(16, 4));

  const std::size_t header = (datagram[0] & 0x0Fu) * 4u;
  if (header < kIpv4Header || header > datagram.size()) {
    view.checksum_ok = false;
    complain(view, fmt::format("IPv4 header length is {} octets of {}", header, datagram.size()));
    return view;
  }
  view.checksum_ok = fold(add_words(0, datagram.first(header))) == 0xFFFF;
  const std::size_t total = word(datagram, 2);
  if (total < header) {
    complain(view, fmt::format("IPv4 total length {} is less than its header's {}", total, header));
    return view;
  }
  const Octets whole = cut_to(datagram, total, view);
  const std::uint16_t fragment = word(datagram, 6);
  constexpr std::uint16_t kMoreFragments = 0x2000, kOffset = 0x1FFF;
  view.first_fragment = (fragment & kOffset) == 0;
  if (fragment & (kMoreFragments | kOffset)) complain(view, "IPv4 fragment");
  view.tcp = whole.subspan(header);
  return view;
}

// One extension header of IPv6 (RFC 8200 4): how long it is and what follows. A length of 0 means that it cannot be
// walked over.
struct Extension {
  std::uint8_t next = 0;
  std::size_t length = 0;
};

constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kFragment = 44, kAuthentication = 51, kDestination = 60;

bool is_extension(std::uint8_t next) {
  return next == kHopByHop || next == kRouting || next == kFragment || next == kAuthentication || next == kDestination;
}

Extension read_extension(std::uint8_t kind, Octets rest) {
  if (rest.size() < 8) return {};
  std::size_t length = 8;
  if (kind == kAuthentication) {
    length = (rest[1] + 2u) * 4u;  // RFC 4302 2.2: in words of 32 bits, minus 2
  } else if (kind != kFragment) {
    length = (rest[1] + 1u) * 8u;
  }
  return length > rest.size() ? Extension{} : Extension{rest[0], length};
}

// Complains of what a target must not do towards a peer that is on its own link.
void judge_extension(std::uint8_t kind, Octets header, IpView& view) {
  if (kind == kRouting && header[3] != 0) complain(view, "IPv6 routing header with segments left");
  if (kind != kFragment) return;
  const std::uint16_t fragment = word(header, 2);
  view.first_fragment = (fragment >> 3) == 0;
  if (fragment & 0xFFF9) complain(view, "IPv6 fragment");  // RFC 6946: offset 0 and no more is a whole datagram
}

std::optional<IpView> find_in_ipv6(Octets datagram) {
  if (datagram.size() < kIpv6Header) return std::nullopt;
  IpView view;
  view.family = Family::Ipv6;
  view.source = address(datagram.subspan(8, 16));
  view.destination = address(datagram.subspan(24, 16));
  Octets rest = cut_to(datagram, kIpv6Header + word(datagram, 4), view).subspan(kIpv6Header);

  std::uint8_t next = datagram[6];
  for (bool first = true; is_extension(next); first = false) {
    if (next == kHopByHop && !first) complain(view, "IPv6 hop-by-hop header that is not the first");
    const Extension extension = read_extension(next, rest);
    if (extension.length == 0) return std::nullopt;  // whether TCP follows cannot be known
    judge_extension(next, rest, view);
    rest = rest.subspan(extension.length);
    next = extension.next;
    if (!view.first_fragment) break;  // what follows is text of the first header's
  }
  if (next != kTcp) return std::nullopt;
  view.tcp = rest;
  return view;
}

}  // namespace

std::optional<IpView> find_tcp(Octets datagram) {
  if (datagram.empty()) return std::nullopt;
  switch (datagram[0] >> 4) {
    case 4: return find_in_ipv4(datagram);
    case 6: return find_in_ipv6(datagram);
    default: return std::nullopt;
  }
}

}  // namespace conform::packet
