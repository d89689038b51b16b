#include "fuzz/corpus/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <vector>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/yaml.h"
#include "harness/packet/file.h"

namespace conform::fuzz {

namespace fs = std::filesystem;

namespace {

constexpr const char* kReadable = ".yaml";

Diagnostics wrong(const fs::path& path, std::string what) { return {{path.string(), 0, 0, std::move(what), {}}}; }

bool is_readable(const fs::path& path) { return path.extension() == kReadable; }

// The files of one form in a folder, by name, so that the same folder always gives the same.
Result<std::vector<fs::path>> files_in(const fs::path& folder, bool readable) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code unknown;
    const bool counts = at->is_regular_file(unknown) && !at->path().filename().string().starts_with('.');
    if (counts && is_readable(at->path()) == readable) files.push_back(at->path());
  }
  if (error) return wrong(folder, "cannot read this folder: " + error.message());
  std::ranges::sort(files);
  return files;
}

Status convert(const fs::path& from, const fs::path& to, const spec::Suite& suite) {
  const auto sequence = read_sequence(from.string(), suite);
  if (!sequence) return sequence.diagnostics();
  return write_sequence(*sequence, to.string());
}

Result<std::size_t> convert_all(const fs::path& from, const fs::path& to, const spec::Suite& suite, bool readable) {
  std::error_code error;
  if (!fs::is_directory(from, error)) {
    const Status status = convert(from, to, suite);
    if (!status) return status.diagnostics();
    return std::size_t{1};
  }
  const auto files = files_in(from, readable);
  if (!files) return files.diagnostics();
  fs::create_directories(to, error);
  if (error) return wrong(to, "cannot make this folder: " + error.message());
  Diagnostics all;
  for (const fs::path& file : *files) {
    const fs::path name = readable ? file.stem() : fs::path(file.filename().string() + kReadable);
    const Status status = convert(file, to / name, suite);
    if (!status) std::ranges::copy(status.diagnostics(), std::back_inserter(all));
  }
  if (!all.empty()) return all;
  return files->size();
}

}  // namespace

Result<Sequence> read_sequence(const std::string& path, const spec::Suite& suite) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream content;
  if (in) content << in.rdbuf();
  std::error_code error;
  if (!in || fs::is_directory(path, error)) return wrong(path, std::string("cannot read: ") + std::strerror(errno != 0 ? errno : EISDIR));
  const std::string octets = content.str();
  if (is_readable(path)) return from_yaml(octets, path, suite);
  return decode({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

Status write_sequence(const Sequence& sequence, const std::string& path, const std::string& title) {
  if (is_readable(path)) return packet::write_file(path, to_yaml(sequence, fs::path(path).stem().string(), title));
  const auto octets = encode(sequence);
  return packet::write_file(path, {reinterpret_cast<const char*>(octets.data()), octets.size()});
}

Result<std::size_t> encode_files(const std::string& from, const std::string& to, const spec::Suite& suite) {
  return convert_all(from, to, suite, true);
}

Result<std::size_t> decode_files(const std::string& from, const std::string& to, const spec::Suite& suite) {
  return convert_all(from, to, suite, false);
}

}  // namespace conform::fuzz
