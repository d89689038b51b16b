#include "harness/packet/damage.h"

#include <algorithm>
#include <array>
#include <span>

#include "harness/packet/checksum.h"

namespace conform::packet {

namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t kIpv4Header = 20, kIpv6Header = 40;
constexpr std::size_t kDataOffset = 12, kChecksum = 16;  // in the TCP header

void put_word(Datagram& datagram, std::size_t at, std::size_t value) {
  datagram[at] = static_cast<std::uint8_t>(value >> 8);
  datagram[at + 1] = static_cast<std::uint8_t>(value);
}

Address address_at(const Datagram& datagram, std::size_t at, Family family) {
  Address address;
  std::copy_n(datagram.begin() + static_cast<std::ptrdiff_t>(at), address_size(family), address.bytes.begin());
  return address;
}

// How many octets from the start are whole options that leave `room` free. Stops before an End of Option List, which
// would hide what follows it, and before anything that is malformed already.
std::size_t whole_options(Octets options, std::size_t room) {
  constexpr std::uint8_t kEndOfList = 0, kNoOperation = 1;
  std::size_t at = 0;
  while (at < options.size() && options[at] != kEndOfList) {
    std::size_t length = 1;
    if (options[at] != kNoOperation) {
      if (at + 1 == options.size() || options[at + 1] < 2) break;
      length = options[at + 1];
    }
    if (at + length > options.size() || at + length + room > wire::Options::kMaxSize) break;
    at += length;
  }
  return at;
}

void truncate(Datagram& datagram, std::size_t tcp_length, std::size_t keep, Family family) {
  datagram.resize(datagram.size() - tcp_length + keep);
  mend(datagram, keep, family);
}

void set_offset(Datagram& datagram, std::size_t tcp_length, std::uint8_t words, Family family) {
  std::uint8_t& octet = datagram[datagram.size() - tcp_length + kDataOffset];
  octet = static_cast<std::uint8_t>(words << 4 | (octet & 0x0F));
  mend(datagram, tcp_length, family);
}

// RFC 5570 5.1.7: CRC-16 of X.25 over the option with a zero checksum field, stored low octet first.
std::uint16_t calipso_crc(Octets option) {
  std::uint16_t crc = 0xFFFF;
  for (std::uint8_t octet : option) {
    crc = static_cast<std::uint16_t>(crc ^ octet);
    for (int bit = 0; bit < 8; ++bit) crc = static_cast<std::uint16_t>(crc & 1 ? crc >> 1 ^ 0x8408 : crc >> 1);
  }
  return static_cast<std::uint16_t>(~crc);
}

void add_security(Datagram& datagram, std::size_t tcp_length, Family family) {
  if (family == Family::Ipv4) {
    // Type, length, S field "secret", then compartments, handling restrictions and transmission control: none.
    constexpr std::array<std::uint8_t, 12> kOption = {130, 11, 0xD7, 0x88, 0, 0, 0, 0, 0, 0, 0, 0};
    datagram.insert(datagram.begin() + kIpv4Header, kOption.begin(), kOption.end());
    datagram[0] = 0x40 | (kIpv4Header + kOption.size()) / 4;
  } else {
    // Hop-by-hop header of 16 octets: CALIPSO (type 7, so unknown means skip) in DOI 1, no compartments, level 1.
    std::array<std::uint8_t, 16> header = {datagram[6], 1, 7, 8, 0, 0, 0, 1, 0, 1, 0, 0, 1, 2, 0, 0};
    const std::uint16_t crc = calipso_crc(Octets(header).subspan(2, 10));
    header[10] = static_cast<std::uint8_t>(crc);
    header[11] = static_cast<std::uint8_t>(crc >> 8);
    datagram[6] = 0;
    datagram.insert(datagram.begin() + kIpv6Header, header.begin(), header.end());
  }
  mend(datagram, tcp_length, family);
}

}  // namespace

void mend(Datagram& datagram, std::size_t tcp_length, Family family) {
  const bool ipv4 = family == Family::Ipv4;
  const std::size_t first_address = ipv4 ? 12 : 8;
  if (ipv4) {
    const std::size_t header = (datagram[0] & 0x0Fu) * 4u;
    put_word(datagram, 2, datagram.size());
    put_word(datagram, 10, 0);
    put_word(datagram, 10, static_cast<std::uint16_t>(~fold(add_words(0, Octets(datagram).first(header)))));
  } else {
    put_word(datagram, 4, datagram.size() - kIpv6Header);
  }
  if (tcp_length < kChecksum + 2) return;
  const std::size_t tcp = datagram.size() - tcp_length;
  put_word(datagram, tcp + kChecksum, 0);
  const auto pseudo = pseudo_header_sum(family, address_at(datagram, first_address, family),
                                        address_at(datagram, first_address + address_size(family), family), tcp_length);
  put_word(datagram, tcp + kChecksum,
           static_cast<std::uint16_t>(~fold(add_words(pseudo, Octets(datagram).subspan(tcp)))));
}

wire::Options damaged_options(const wire::Options& options, spec::Damage damage) {
  if (damage != spec::Damage::OptionLength && damage != spec::Damage::OptionOverrun) return options;
  // Four octets at the end of the header: No-Operations in front bring them to a word boundary. Nothing can follow, so
  // that a length of 12 is over the end whatever the text is.
  constexpr std::uint8_t kExperiment = 253;
  const std::array<std::uint8_t, 4> bad = {
      kExperiment, static_cast<std::uint8_t>(damage == spec::Damage::OptionLength ? 0 : 12), 0, 0};
  wire::Options result;
  result.append(options.bytes().first(whole_options(options.bytes(), bad.size())));
  result.pad();
  result.append(bad);
  return result;
}

Datagram damaged(Datagram datagram, std::size_t tcp_length, Family family, spec::Damage damage) {
  switch (damage) {
    case spec::Damage::None:
    case spec::Damage::OptionLength:
    case spec::Damage::OptionOverrun: break;
    case spec::Damage::Checksum:
      // One more or one less is never a multiple of 0xFFFF, so the sum cannot come out right by chance.
      datagram[datagram.size() - tcp_length + kChecksum + 1] ^= 1;
      break;
    case spec::Damage::OffsetShort: set_offset(datagram, tcp_length, 4, family); break;
    case spec::Damage::OffsetLong: {
      constexpr std::size_t kMost = 60;
      const std::size_t keep = std::min(tcp_length, kMost - 4);
      datagram.resize(datagram.size() - tcp_length + keep);
      set_offset(datagram, keep, 15, family);
      break;
    }
    case spec::Damage::Truncated: truncate(datagram, tcp_length, kChecksum + 2, family); break;
    case spec::Damage::Security: add_security(datagram, tcp_length, family); break;
  }
  return datagram;
}

}  // namespace conform::packet
