// DatagramMutator owns how the bytes of a datagram are mutated so that most of them stay a datagram: after a change,
// lengths and checksums are set right, so that what lies behind them is reached.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "harness/packet/checksum.h"
#include "harness/packet/ip.h"

// libFuzzer's own mutation of `size` octets at `data`; gives the new size, at most `max_size`.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace conform::fuzz {

class DatagramMutator {
 public:
  explicit DatagramMutator(unsigned seed) : random_(seed) {}

  // Changes the `size` octets at `data`, of which there may become `max_size`. Gives the new size.
  std::size_t mutate(std::uint8_t* data, std::size_t size, std::size_t max_size) {
    const std::size_t header = size > 0 && data[0] >> 4 == 6 ? 40 : 20;
    switch (below(4)) {
      case 0: change(data, std::min(size, header)); break;
      case 1:
        if (size > header) change(data + header, std::min<std::size_t>(size - header, 60));
        break;
      default: size = LLVMFuzzerMutate(data, size, max_size);
    }
    if (size < 20) return size;
    const std::span datagram(data, size);
    const unsigned level = below(8);
    if (level >= 3) set_headers(datagram);
    if (level >= 2) set_lengths(datagram);
    if (level >= 1) set_checksums(datagram);
    return size;
  }

 private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_()) % bound; }

  // Mutates in place; what libFuzzer takes away stays as it was.
  static void change(std::uint8_t* data, std::size_t size) {
    if (size > 0) LLVMFuzzerMutate(data, size, size);
  }

  static void put(std::span<std::uint8_t> octets, std::size_t at, std::size_t value) {
    octets[at] = static_cast<std::uint8_t>(value >> 8);
    octets[at + 1] = static_cast<std::uint8_t>(value);
  }

  // A version, a header length and a protocol that lead to TCP, and a Data Offset within it.
  void set_headers(std::span<std::uint8_t> datagram) {
    const bool v6 = datagram.size() >= 40 && (datagram[0] >> 4 == 6 || (datagram[0] >> 4 != 4 && below(2) == 0));
    std::size_t tcp = 40;
    if (v6) {
      datagram[0] = static_cast<std::uint8_t>(0x60 | (datagram[0] & 0x0f));
      if (below(4) != 0) datagram[6] = 6;  // otherwise extension headers may lead there
    } else {
      const unsigned words = datagram[0] & 0x0f;
      tcp = words < 5 || words * 4 > datagram.size() || below(4) == 0 ? 20 : words * 4;
      datagram[0] = static_cast<std::uint8_t>(0x40 | tcp / 4);
      put(datagram, 6, below(2) * 0x4000);
      datagram[9] = 6;
    }
    if (datagram.size() < tcp + 20) return;
    const std::size_t most = std::min<std::size_t>((datagram.size() - tcp) / 4, 15);
    std::uint8_t& offset = datagram[tcp + 12];
    if (offset >> 4 < 5 || offset >> 4 > most)
      offset = static_cast<std::uint8_t>((5 + below(static_cast<unsigned>(most) - 4)) << 4 | (offset & 0x0f));
  }

  // The IP length is that of the datagram; now and then a little less, so that octets follow it.
  void set_lengths(std::span<std::uint8_t> datagram) {
    const std::size_t size = datagram.size() - (below(8) == 0 ? below(8) : 0);
    if (datagram[0] >> 4 == 4) put(datagram, 2, std::min<std::size_t>(size, 0xffff));
    if (datagram[0] >> 4 == 6 && size >= 40) put(datagram, 4, std::min<std::size_t>(size - 40, 0xffff));
  }

  static void set_checksums(std::span<std::uint8_t> datagram) {
    const std::size_t header = (datagram[0] & 0x0fu) * 4u;
    if (datagram[0] >> 4 == 4 && header >= 20 && header <= datagram.size()) {
      put(datagram, 10, 0);
      put(datagram, 10, complement(packet::add_words(0, datagram.first(header))));
    }
    const auto ip = packet::find_tcp(datagram);
    if (!ip || ip->tcp.size() < 18) return;
    const auto tcp = datagram.subspan(static_cast<std::size_t>(ip->tcp.data() - datagram.data()), ip->tcp.size());
    put(tcp, 16, 0);
    const auto pseudo = packet::pseudo_header_sum(ip->family, ip->source, ip->destination, tcp.size());
    put(tcp, 16, complement(packet::add_words(pseudo, tcp)));
  }
  static std::uint16_t complement(std::uint64_t sum) { return static_cast<std::uint16_t>(~packet::fold(sum)); }

  std::minstd_rand random_;
};

}  // namespace conform::fuzz
