// The stack's codec against the harness's libtins: two readings of the same octets must agree, and what either builds
// the other must read as it was meant. The first octet says which: even, the rest is a datagram to be read; odd, the rest
// describes a segment to be built.
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "fuzz/entry/datagram_mutator.h"
#include "fuzz/entry/finding.h"
#include "harness/packet/datagram.h"
#include "stack/codec/datagram.h"
#include "stack/wire/notation.h"

namespace conform::fuzz {
namespace {

using Octets = std::span<const std::uint8_t>;

std::string describe(const wire::Segment& segment) {
  return fmt::format("{}:{} {} RSV={} UP={} ACK={} OPT={:02x} TEXT={}", segment.source_port, segment.destination_port,
                     wire::to_string(segment), segment.reserved, segment.urgent_pointer, segment.ack.raw(),
                     fmt::join(segment.options.bytes(), ""), segment.text.size());
}

// RFC 9293 3.1, MUST-68 and MUST-69, once more: whether every option lies within the list with a length of its own, and
// nothing but zeros follow its end.
bool proper(Octets options) {
  while (!options.empty() && options[0] != 0) {
    const std::size_t length = options[0] == 1 ? 1 : options.size() > 1 ? options[1] : 0;
    if (length == 0 || length > options.size() || (options[0] != 1 && length < 2)) return false;
    options = options.subspan(length);
  }
  return std::all_of(options.begin(), options.end(), [](std::uint8_t octet) { return octet == 0; });
}

bool same_address(const codec::IpAddress& ours, Family family, const Address& theirs) {
  return (ours.version == codec::IpVersion::V6) == (family == Family::Ipv6) &&
         std::ranges::equal(ours.octets, theirs.bytes);
}

// Everything that both readers tell of a segment.
void require_same(const codec::Received& ours, const packet::Parsed& theirs) {
  require(ours.segment == theirs.segment, "fields differ: codec {}; libtins {}", describe(ours.segment),
          describe(theirs.segment));
  require(same_address(ours.ip.source, theirs.sockets.family, theirs.sockets.target_address), "source addresses differ");
  require(same_address(ours.ip.destination, theirs.sockets.family, theirs.sockets.peer_address),
          "destination addresses differ");
  require(theirs.sockets.target_port == ours.segment.source_port &&
              theirs.sockets.peer_port == ours.segment.destination_port,
          "ports differ");
}

// ---- reading

std::size_t ip_length(Octets datagram) {
  if (datagram[0] >> 4 == 4) return static_cast<std::size_t>(datagram[2] << 8 | datagram[3]);
  return 40u + static_cast<std::size_t>(datagram[4] << 8 | datagram[5]);
}

// The codec takes it: so does the other, which besides finds fault with octets after the datagram and improper options.
void compare_accepted(Octets datagram, const codec::Received& ours, const std::optional<packet::Parsed>& theirs) {
  require(theirs.has_value(), "the codec reads {}, libtins no TCP at all", describe(ours.segment));
  require_same(ours, *theirs);
  require(theirs->checksum_ok, "the codec finds the checksums right, libtins does not: {}", describe(ours.segment));
  const bool faultless = ip_length(datagram) == datagram.size() && proper(ours.segment.options.bytes());
  require(theirs->malformed.empty() == faultless, "malformed is '{}', but the header is {}: {}", theirs->malformed,
          faultless ? "faultless" : "not", describe(ours.segment));
}

// The codec refuses it: the other must have seen why, unless it looks further by its contract (IPv6 extension headers).
void compare_refused(Octets datagram, codec::Reject reject, const std::optional<packet::Parsed>& theirs) {
  using enum codec::Reject;
  const std::string_view why = codec::to_string(reject);
  const bool faultless = theirs && theirs->malformed.empty() && theirs->checksum_ok;
  const bool extended = !datagram.empty() && datagram[0] >> 4 == 6 && (reject == NotTcp || reject == Fragment);
  require(!faultless || extended, "the codec says '{}', libtins reads {}", why,
          faultless ? describe(theirs->segment) : "");
  switch (reject) {
    case Truncated:
    case BadIpHeaderLength:
    case BadTotalLength:
      require(!theirs || !theirs->malformed.empty(), "the codec says '{}', libtins finds no fault in the header", why);
      break;
    case BadVersion: require(!theirs, "the codec says '{}', libtins reads TCP", why); break;
    case BadIpChecksum: require(!theirs || !theirs->checksum_ok, "libtins finds the IPv4 checksum right"); break;
    case Fragment:
      require(extended || !theirs || !theirs->malformed.empty(), "libtins takes a fragment for a datagram");
      break;
    case NotTcp: require(extended || !theirs, "the codec says '{}', libtins reads TCP", why); break;
    case TcpTruncated:
    case BadDataOffset:
      require(theirs && !theirs->malformed.empty(), "the codec says '{}', libtins finds no fault in the header", why);
      break;
    case BadTcpChecksum: {
      require(theirs && !theirs->checksum_ok, "the codec says '{}', libtins finds it right", why);
      const auto unverified = codec::decode(datagram, false);
      require(std::holds_alternative<codec::Received>(unverified), "refused even without a look at the checksum");
      require_same(std::get<codec::Received>(unverified), *theirs);
      break;
    }
    case NotForUs:
    case BadSource: require(false, "decode() says '{}', which is for a host to say", why);
  }
}

// What libtins' side finds behind extension headers the codec must read without them.
void compare_unextended(Octets datagram, const packet::Parsed& theirs) {
  const auto ip = packet::find_tcp(datagram);
  codec::Datagram plain(datagram.begin(), datagram.begin() + 40);
  plain[4] = static_cast<std::uint8_t>(ip->tcp.size() >> 8);
  plain[5] = static_cast<std::uint8_t>(ip->tcp.size());
  plain[6] = 6;
  plain.insert(plain.end(), ip->tcp.begin(), ip->tcp.end());
  const auto ours = codec::decode(plain);
  const auto* received = std::get_if<codec::Received>(&ours);
  require(received != nullptr, "without its extension headers the codec refuses {}", describe(theirs.segment));
  require_same(*received, theirs);
}

void compare_readings(Octets datagram) {
  const auto ours = codec::decode(datagram);
  const auto theirs = packet::parse(datagram);
  if (const auto* received = std::get_if<codec::Received>(&ours)) return compare_accepted(datagram, *received, theirs);
  compare_refused(datagram, std::get<codec::Reject>(ours), theirs);
  if (theirs && theirs->malformed.empty() && theirs->checksum_ok) compare_unextended(datagram, *theirs);
}

// ---- building

// Takes octets from the front; zeros when there are no more.
class Source {
 public:
  explicit Source(Octets octets) : octets_(octets) {}

  std::uint8_t octet() {
    if (octets_.empty()) return 0;
    const std::uint8_t first = octets_[0];
    octets_ = octets_.subspan(1);
    return first;
  }
  std::uint16_t word() {
    const unsigned high = octet();
    return static_cast<std::uint16_t>(high << 8 | octet());
  }
  std::uint32_t double_word() {
    const std::uint32_t high = word();
    return high << 16 | word();
  }
  Octets take(std::size_t most) {
    const Octets taken = octets_.first(std::min(most, octets_.size()));
    octets_ = octets_.subspan(taken.size());
    return taken;
  }
  Octets rest() const { return octets_; }

 private:
  Octets octets_;
};

struct Plan {
  wire::Segment segment;
  codec::IpHeader ip;
  spec::Damage damage = spec::Damage::None;
};

constexpr spec::Damage kDamages[] = {spec::Damage::Checksum,     spec::Damage::OffsetShort,
                                     spec::Damage::OffsetLong,   spec::Damage::Truncated,
                                     spec::Damage::OptionLength, spec::Damage::OptionOverrun,
                                     spec::Damage::Security,     spec::Damage::None};

Plan read_plan(Octets input) {
  Source source(input);
  Plan plan;
  const std::uint8_t shape = source.octet();
  plan.damage = kDamages[shape & 7];
  plan.ip.source.version = plan.ip.destination.version = shape & 8 ? codec::IpVersion::V6 : codec::IpVersion::V4;
  for (codec::IpAddress* address : {&plan.ip.source, &plan.ip.destination})
    std::ranges::copy(source.take(address->size()), address->octets.begin());
  plan.ip.ttl = source.octet();
  plan.ip.diffserv = source.octet();
  wire::Segment& segment = plan.segment;
  segment.source_port = source.word();
  segment.destination_port = source.word();
  segment.seq = wire::SeqNum(source.double_word());
  segment.ack = wire::SeqNum(source.double_word());
  segment.flags.bits = source.octet();
  segment.reserved = source.octet() & 0x0f;
  segment.wnd = source.word();
  segment.urgent_pointer = source.word();
  segment.options.append(source.take(source.octet() % (wire::Options::kMaxSize + 1)));
  segment.text.assign(source.rest().begin(), source.rest().end());
  // Now and then as much text as there can be.
  if ((shape & 0xf0) == 0xf0 && !segment.text.empty()) {
    const std::size_t had = segment.text.size();
    segment.text.resize(packet::kMaxText);
    for (std::size_t i = had; i < segment.text.size(); ++i) segment.text[i] = segment.text[i - had];
  }
  segment.text.resize(std::min(segment.text.size(), packet::kMaxText));
  return plan;
}

// The segment as a datagram must give it back: its options in whole words (RFC 9293 3.1, MUST-69).
wire::Segment padded(wire::Segment segment) {
  constexpr std::uint8_t kZeros[3] = {};
  const std::size_t over = segment.options.bytes().size() % 4;
  if (over != 0) segment.options.append(Octets(kZeros).first(4 - over));
  return segment;
}

void require_reads_back(const std::string& who, Octets datagram, const wire::Segment& meant, const codec::IpHeader& ip) {
  const auto ours = codec::decode(datagram);
  const auto* received = std::get_if<codec::Received>(&ours);
  require(received != nullptr, "what {} builds the codec calls '{}': {}", who,
          received ? "" : codec::to_string(std::get<codec::Reject>(ours)), describe(meant));
  require(received->segment == meant, "what {} builds the codec reads as {}, meant was {}", who,
          describe(received->segment), describe(meant));
  require(received->ip.source == ip.source && received->ip.destination == ip.destination,
          "what {} builds has other addresses to the codec", who);
  const auto theirs = packet::parse(datagram);
  require(theirs.has_value(), "what {} builds is no TCP to libtins: {}", who, describe(meant));
  compare_accepted(datagram, *received, theirs);
}

SocketPair sockets_of(const Plan& plan) {
  SocketPair sockets;
  sockets.family = plan.ip.source.version == codec::IpVersion::V6 ? Family::Ipv6 : Family::Ipv4;
  sockets.peer_address.bytes = plan.ip.source.octets;
  sockets.target_address.bytes = plan.ip.destination.octets;
  sockets.peer_port = plan.segment.source_port;
  sockets.target_port = plan.segment.destination_port;
  return sockets;
}

// What the codec must say of a damaged datagram; nothing if it must take it.
std::optional<codec::Reject> expected(spec::Damage damage, const Plan& plan) {
  switch (damage) {
    case spec::Damage::Checksum: return codec::Reject::BadTcpChecksum;
    case spec::Damage::OffsetShort:
    case spec::Damage::OffsetLong: return codec::Reject::BadDataOffset;
    case spec::Damage::Truncated: return codec::Reject::TcpTruncated;
    case spec::Damage::Security:
      if (plan.ip.source.version == codec::IpVersion::V6) return codec::Reject::NotTcp;
      return std::nullopt;
    case spec::Damage::None:
    case spec::Damage::OptionLength:
    case spec::Damage::OptionOverrun: break;
  }
  return std::nullopt;
}

void compare_damaged(const Plan& plan, const SocketPair& sockets) {
  const Datagram datagram = packet::build(plan.segment, sockets, plan.damage);
  compare_readings(datagram);
  const auto ours = codec::decode(datagram);
  const auto reject = expected(plan.damage, plan);
  const auto* refused = std::get_if<codec::Reject>(&ours);
  const int number = static_cast<int>(plan.damage);
  require((refused ? std::optional(*refused) : std::nullopt) == reject, "damage {}: the codec says '{}', not '{}': {}",
          number, refused ? codec::to_string(*refused) : "nothing", reject ? codec::to_string(*reject) : "nothing",
          describe(plan.segment));
  if (plan.damage != spec::Damage::OptionLength && plan.damage != spec::Damage::OptionOverrun) return;
  const auto theirs = packet::parse(datagram);
  require(theirs && !theirs->malformed.empty(), "damage {} leaves a proper list of options: {}", number,
          describe(plan.segment));
}

void compare_buildings(Octets input) {
  const Plan plan = read_plan(input);
  const wire::Segment meant = padded(plan.segment);
  const codec::Datagram ours = codec::encode(plan.ip, plan.segment);
  require_reads_back("the codec", ours, meant, plan.ip);
  const SocketPair sockets = sockets_of(plan);
  const Datagram theirs = packet::build(plan.segment, sockets);
  require_reads_back("libtins", theirs, meant, plan.ip);
  const std::size_t header = codec::ip_header_size(plan.ip.source.version);
  require(std::ranges::equal(Octets(ours).subspan(header), Octets(theirs).subspan(header)),
          "the codec and libtins build different octets of {}", describe(meant));
  if (plan.damage != spec::Damage::None) compare_damaged(plan, sockets);
}

}  // namespace
}  // namespace conform::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> input(data + 1, size - 1);
  if (data[0] % 2 == 0)
    conform::fuzz::compare_readings(input);
  else
    conform::fuzz::compare_buildings(input);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  if (size < 2 || data[0] % 2 != 0 || seed % 16 == 0) return LLVMFuzzerMutate(data, size, max_size);
  return 1 + conform::fuzz::DatagramMutator(seed).mutate(data + 1, size - 1, max_size - 1);
}
