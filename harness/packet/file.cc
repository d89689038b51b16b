#include "harness/packet/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace conform::packet {

namespace {

Diagnostics failed(const std::string& path, const char* doing, int code) {
  return {Diagnostic{path, 0, 0, fmt::format("cannot {}: {}", doing, std::generic_category().message(code)), {}}};
}

// An open file that is closed whatever happens.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  // Closes now. False, with errno, when the system only tells here that it could not write.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

// 0, or the errno that stopped it.
int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Status write_to(const std::string& path, const std::string& named, int flags, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0666));
  if (file.get() < 0) return failed(named, "open", errno);
  if (const int code = write_all(file.get(), content)) return failed(named, "write", code);
  if (!file.close()) return failed(named, "write", errno);
  return Done{};
}

}  // namespace

Status write_file(const std::string& path, std::string_view content) {
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode)) {
    return write_to(path, path, 0, content);
  }
  const std::string partial = fmt::format("{}.{}.part", path, ::getpid());
  Status status = write_to(partial, path, O_CREAT | O_TRUNC, content);
  if (status && ::rename(partial.c_str(), path.c_str()) != 0) status = failed(path, "replace", errno);
  if (!status) ::unlink(partial.c_str());
  return status;
}

}  // namespace conform::packet
