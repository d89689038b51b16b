// Random owns the fuzzers' chance: small, fast, and the same for a seed on every machine (the standard library's
// distributions are not).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace conform::fuzz {

// SplitMix64: G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  // 0 .. bound-1; 0 for a bound of 0. By multiplication (D. Lemire, "Fast Random Integer Generation in an Interval",
  // 2019), without the rejection that would make it exact: the bias is below 2^-16 for what is drawn here.
  std::uint32_t below(std::size_t bound) {
    return static_cast<std::uint32_t>((next() >> 32) * static_cast<std::uint32_t>(bound) >> 32);
  }
  // first .. last, both included.
  std::int32_t between(std::int32_t first, std::int32_t last) {
    const auto width = static_cast<std::uint32_t>(last) - static_cast<std::uint32_t>(first) + 1;
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(first) + below(width));
  }
  bool percent(std::uint32_t chance) { return below(100) < chance; }

  template <typename T, std::size_t n>
  const T& pick(const T (&items)[n]) {
    return items[below(n)];
  }
  template <typename T, std::size_t n>
  const T& pick(const std::array<T, n>& items) {
    return items[below(n)];
  }

 private:
  std::uint64_t state_;
};

// A choice among things, each with its weight.
template <typename T>
struct Weighted {
  std::uint8_t weight;
  T value;
};
template <typename T, std::size_t n>
const T& pick(const Weighted<T> (&items)[n], Random& random) {
  std::uint32_t sum = 0;
  for (const auto& item : items) sum += item.weight;
  std::uint32_t left = random.below(sum);
  for (const auto& item : items) {
    if (left < item.weight) return item.value;
    left -= item.weight;
  }
  return items[0].value;
}

}  // namespace conform::fuzz
