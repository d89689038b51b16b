#include "harness/target/linux/namespace.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <string_view>

#include "harness/target/linux/fd_passing.h"
#include "harness/target/linux/helper.h"

namespace conform::kernel {
namespace {

// The helper's errors as diagnostics, the hint with the first.
Diagnostics diagnostics_of(const SetupReport& report) {
  Diagnostics all;
  std::string_view rest(report.message.data());
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    all.push_back({{}, 0, 0, std::string(rest.substr(0, end)), all.empty() ? report.hint.data() : ""});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (all.empty()) all = error("the namespace could not be set up");
  return all;
}

}  // namespace

Result<std::unique_ptr<Namespace>> Namespace::create(const NamespaceConfig& config) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return error(fmt::format("no Unix socket: {}", std::strerror(errno)));
  }
  Fd ours(ends[0]), theirs(ends[1]);
  const pid_t child = fork();
  if (child < 0) return error(fmt::format("cannot fork the helper: {}", std::strerror(errno)));
  if (child == 0) {
    ours.reset();
    run_helper(std::move(theirs), config);
  }
  theirs.reset();
  std::unique_ptr<Namespace> space(new Namespace());  // private constructor: make_unique cannot
  space->channel_ = std::move(ours);
  space->helper_ = child;
  SetupReport report;
  Received received = receive_with_fds(space->channel_.get(), std::as_writable_bytes(std::span(&report, 1)));
  if (received.size != sizeof report) return error("the helper process ended before the namespace was ready");
  if (!report.ok || received.fds.size() != 2) return diagnostics_of(report);
  space->device_ = std::move(received.fds[0]);
  space->diag_ = std::move(received.fds[1]);
  space->kind_ = report.kind;
  space->raw_index_ = report.raw_index;
  space->ipv6_ = report.ipv6;
  space->user_namespace_ = report.user_namespace;
  return space;
}

Namespace::~Namespace() {
  channel_.reset();
  if (helper_ <= 0) return;
  while (waitpid(helper_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Status Namespace::refill(Family family) {
  const SocketRequest request{static_cast<std::uint8_t>(family == Family::Ipv4 ? AF_INET : AF_INET6), kMaxPassed};
  if (!send_with_fds(channel_.get(), std::as_bytes(std::span(&request, 1)), {})) {
    return error("the helper process in the namespace is gone");
  }
  std::byte done{};
  Received received = receive_with_fds(channel_.get(), std::span(&done, 1));
  if (received.size == 0 || receive_with_fds(channel_.get(), std::span(&done, 1)).size == 0) {
    return error("the helper process in the namespace is gone");
  }
  if (received.fds.empty()) {
    return error("no more sockets can be made", "raise the limit of open files (ulimit -n)");
  }
  pools_[static_cast<std::size_t>(family)] = std::move(received.fds);
  return Done{};
}

Result<Fd> Namespace::tcp_socket(Family family) {
  auto& pool = pools_[static_cast<std::size_t>(family)];
  if (pool.empty()) {
    if (Status s = refill(family); !s) return s.diagnostics();
  }
  Fd fd = std::move(pool.back());
  pool.pop_back();
  return fd;
}

}  // namespace conform::kernel
