// InlineVector owns a short sequence kept in place: no allocation, a fixed capacity, silently full beyond it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace conform {

// Elements must be trivially copyable for a copy to be cheap. push_back on a full vector drops the element and sets
// overflowed(): callers for whom that matters ask.
template <typename T, std::size_t N>
class InlineVector {
 public:
  void push_back(const T& value) {
    if (size_ == N) {
      overflowed_ = true;
      return;
    }
    items_[size_++] = value;
  }
  void erase(std::size_t at) {
    for (std::size_t i = at; i + 1 < size_; ++i) items_[i] = items_[i + 1];
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
  T* begin() { return items_.data(); }
  T* end() { return items_.data() + size_; }
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + size_; }

  bool operator==(const InlineVector& other) const {
    if (size_ != other.size_) return false;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!(items_[i] == other.items_[i])) return false;
    }
    return true;
  }

 private:
  std::array<T, N> items_{};
  std::uint32_t size_ = 0;
  bool overflowed_ = false;
};

}  // namespace conform
