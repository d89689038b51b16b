// InlineVector owns a short sequence kept in place: no allocation, a fixed capacity, silently full beyond it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

namespace conform {

// A copy costs what is in it, not what it has room for. push_back on a full vector drops the element and sets
// overflowed(): callers for whom that matters ask.
template <typename T, std::size_t N>
class InlineVector {
  static_assert(std::is_trivially_copyable_v<T>, "elements are copied, and never destroyed");

 public:
  InlineVector() {}
  InlineVector(const InlineVector& other) { *this = other; }
  InlineVector& operator=(const InlineVector& other) {
    if (this == &other) return *this;
    std::uninitialized_copy(other.begin(), other.end(), items_);
    size_ = other.size_;
    overflowed_ = other.overflowed_;
    return *this;
  }

  void push_back(const T& value) {
    if (size_ == N) {
      overflowed_ = true;
      return;
    }
    std::construct_at(items_ + size_++, value);
  }
  void erase(std::size_t at) {
    std::copy(begin() + at + 1, end(), begin() + at);
    --size_;
  }
  void clear() { size_ = 0; overflowed_ = false; }

  bool empty() const { return size_ == 0; }
  bool overflowed() const { return overflowed_; }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return items_[i]; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  T& back() { return items_[size_ - 1]; }
  const T& back() const { return items_[size_ - 1]; }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + size_; }

  bool operator==(const InlineVector& other) const { return std::equal(begin(), end(), other.begin(), other.end()); }

 private:
  union {
    T items_[N];   // only the first size_ of them live
  };
  std::uint32_t size_ = 0;
  bool overflowed_ = false;
};

}  // namespace conform
