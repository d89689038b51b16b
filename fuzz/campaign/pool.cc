#include "fuzz/campaign/pool.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "fuzz/sequence/binary.h"

namespace conform::fuzz {

namespace fs = std::filesystem;

namespace {

// FNV-1a of 64 bits (G. Fowler, L. C. Noll, K.-P. Vo): equal sequences have equal names.
std::string name_of(const std::vector<std::uint8_t>& octets) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (std::uint8_t octet : octets) hash = (hash ^ octet) * 0x100000001b3u;
  return fmt::format("{:016x}", hash);
}

}  // namespace

std::vector<Sequence> Pool::read_new() {
  std::vector<Sequence> read;
  std::error_code error;
  if (folder_.empty()) return read;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    if (!known_files_.insert(entry.path().filename().string()).second) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::vector<std::uint8_t> octets{std::istreambuf_iterator<char>(in), {}};
    if (in) read.push_back(decode(octets));
  }
  return read;
}

Status Pool::add(Sequence sequence, bool write) {
  if (write && !folder_.empty()) {
    const std::vector<std::uint8_t> octets = encode(sequence);
    const std::string name = name_of(octets);
    if (known_files_.insert(name).second) {
      std::error_code error;
      fs::create_directories(folder_, error);
      std::ofstream out(fs::path(folder_) / name, std::ios::binary);
      out.write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
      if (!out.flush()) return conform::error(fmt::format("cannot write {}/{}", folder_, name));
    }
  }
  sequences_.push_back(std::move(sequence));
  return Done{};
}

const Sequence& Pool::pick(Random& random) const {
  const std::size_t count = sequences_.size();
  const std::size_t from = random.percent(50) ? count / 2 : 0;
  return sequences_[from + random.below(count - from)];
}

}  // namespace conform::fuzz
