#include "fuzz/campaign/shared.h"

#include <sys/mman.h>

#include <new>

namespace conform::fuzz {

void WorkerBoard::begins(const Sequence& sequence) {
  beats.fetch_add(1, std::memory_order_relaxed);
  size.store(static_cast<std::uint32_t>(encode_into(sequence, input)), std::memory_order_release);
}

Sequence WorkerBoard::under_way() const {
  return decode({input.data(), size.load(std::memory_order_acquire)});
}

std::uint64_t Board::executions() const {
  std::uint64_t sum = 0;
  for (const WorkerBoard& worker : workers) sum += worker.executions.load(std::memory_order_relaxed);
  return sum;
}

void UnmapBoard::operator()(Board* board) const {
  board->~Board();
  munmap(board, sizeof(Board));
}

std::unique_ptr<Board, UnmapBoard> make_board() {
  void* memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return std::unique_ptr<Board, UnmapBoard>(new (memory) Board);
}

}  // namespace conform::fuzz
