#include "stack/tcp/isn.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "stack/tcp/defects.h"

namespace tcp {

namespace {

// The finalizer of SplitMix64: spreads a seed of few bits over 64.
std::uint64_t spread(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1, v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0, v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1, v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2, v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }
  void absorb(std::uint64_t word) {
    v3 ^= word;
    round(), round();
    v0 ^= word;
  }
};

// The octets of both sockets, one after the other.
class SocketOctets {
 public:
  void add(const Socket& socket) {
    for (std::uint8_t octet : socket.address.bytes()) octets_[size_++] = octet;
    octets_[size_++] = static_cast<std::uint8_t>(socket.port >> 8);
    octets_[size_++] = static_cast<std::uint8_t>(socket.port);
  }
  std::span<const std::uint8_t> bytes() const { return {octets_.data(), size_}; }

 private:
  std::array<std::uint8_t, 36> octets_{};
  std::size_t size_ = 0;
};

}  // namespace

std::uint64_t siphash(const std::array<std::uint64_t, 2>& key, std::span<const std::uint8_t> octets) {
  SipState state{key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du, key[0] ^ 0x6c7967656e657261u,
                 key[1] ^ 0x7465646279746573u};
  const auto word = [&](std::size_t from) {
    std::uint64_t value = 0;
    const std::size_t count = std::min<std::size_t>(8, octets.size() - from);
    for (std::size_t i = 0; i < count; ++i) value |= static_cast<std::uint64_t>(octets[from + i]) << (8 * i);
    return value;
  };
  std::size_t at = 0;
  for (; at + 8 <= octets.size(); at += 8) state.absorb(word(at));
  state.absorb(word(at) | static_cast<std::uint64_t>(octets.size()) << 56);
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

IsnGenerator::IsnGenerator(std::uint64_t seed) : key_{spread(seed), spread(~seed)} {}

wire::SeqNum IsnGenerator::next(const Socket& local, const Socket& remote, Time now) const {
  SocketOctets octets;
  octets.add(local);
  octets.add(remote);
  const auto clock = static_cast<std::uint32_t>(now / std::chrono::microseconds(4));
  if (defects::on(Defect::IssPredictable)) return wire::SeqNum(clock);
  return wire::SeqNum(static_cast<std::uint32_t>(siphash(key_, octets.bytes()))) + clock;
}

std::uint16_t IsnGenerator::ephemeral_port(const Socket& remote, std::uint32_t attempt) const {
  SocketOctets octets;
  octets.add(remote);
  constexpr std::uint32_t kFirst = 49152, kCount = 16384;
  const auto offset = static_cast<std::uint32_t>(siphash(key_, octets.bytes()) >> 32);
  return static_cast<std::uint16_t>(kFirst + (offset + attempt) % kCount);
}

}  // namespace tcp
