#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/rawpdu.h>
#include <tins/tcp.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "harness/packet/damage.h"
#include "harness/packet/datagram.h"

namespace conform::packet {

namespace {

constexpr std::size_t kTcpHeader = 20;
constexpr std::uint8_t kTtl = 64;

// The fixed header by libtins; options and text are its payload, because libtins cannot hold a malformed list.
std::unique_ptr<Tins::TCP> make_tcp(const wire::Segment& segment, const SocketPair& sockets,
                                    std::vector<std::uint8_t> options_and_text) {
  auto tcp = std::make_unique<Tins::TCP>(sockets.target_port, sockets.peer_port);
  tcp->seq(segment.seq.raw());
  tcp->ack_seq(segment.ack.raw());
  tcp->flags(static_cast<std::uint16_t>((segment.reserved & 0x0F) << 8 | segment.flags.bits));
  tcp->window(segment.wnd);
  tcp->urg_ptr(segment.urgent_pointer);
  if (!options_and_text.empty()) {
    tcp->inner_pdu(std::make_unique<Tins::RawPDU>(std::move(options_and_text)).release());
  }
  return tcp;
}

Datagram serialize_ipv4(const SocketPair& sockets, std::unique_ptr<Tins::TCP> tcp, std::size_t tcp_length) {
  std::uint32_t target, peer;
  std::memcpy(&target, sockets.target_address.bytes.data(), sizeof target);
  std::memcpy(&peer, sockets.peer_address.bytes.data(), sizeof peer);
  // For a source of 0.0.0.0 libtins would look for an interface of this host: it gets another one, for a moment.
  const bool unspecified = peer == 0;
  Tins::IP ip{Tins::IPv4Address(target), Tins::IPv4Address(unspecified ? ~0u : peer)};
  ip.ttl(kTtl);
  ip.flags(Tins::IP::DONT_FRAGMENT);
  ip.inner_pdu(tcp.release());
  Datagram datagram = ip.serialize();
  if (unspecified) {
    std::fill_n(datagram.begin() + 12, 4, std::uint8_t{0});
    mend(datagram, tcp_length, Family::Ipv4);
  }
  return datagram;
}

Datagram serialize_ipv6(const SocketPair& sockets, std::unique_ptr<Tins::TCP> tcp) {
  Tins::IPv6 ip(Tins::IPv6Address(sockets.target_address.bytes.data()),
                Tins::IPv6Address(sockets.peer_address.bytes.data()));
  ip.hop_limit(kTtl);
  ip.inner_pdu(tcp.release());
  return ip.serialize();
}

}  // namespace

Datagram build(const wire::Segment& segment, const SocketPair& sockets, spec::Damage damage) {
  const wire::Options options = damaged_options(segment.options, damage);
  const std::size_t options_size = (options.bytes().size() + 3) / 4 * 4;  // zeros are padding (RFC 9293 3.1)
  const std::size_t text_size = std::min(segment.text.size(), kMaxText);
  std::vector<std::uint8_t> rest(options_size + text_size);
  std::ranges::copy(options.bytes(), rest.begin());
  std::copy_n(segment.text.begin(), text_size, rest.begin() + static_cast<std::ptrdiff_t>(options_size));

  const std::size_t tcp_length = kTcpHeader + rest.size();
  auto tcp = make_tcp(segment, sockets, std::move(rest));
  Datagram datagram = sockets.family == Family::Ipv4 ? serialize_ipv4(sockets, std::move(tcp), tcp_length)
                                                     : serialize_ipv6(sockets, std::move(tcp));
  if (options_size != 0) {
    std::uint8_t& offset = datagram[datagram.size() - tcp_length + 12];
    offset = static_cast<std::uint8_t>((kTcpHeader + options_size) / 4 << 4 | (offset & 0x0F));
    mend(datagram, tcp_length, sockets.family);
  }
  return damage == spec::Damage::None ? datagram : damaged(std::move(datagram), tcp_length, sockets.family, damage);
}

}  // namespace conform::packet
