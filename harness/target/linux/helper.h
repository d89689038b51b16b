// Helper owns what happens inside the helper process: it makes the namespace and then serves sockets from it.
#pragma once

#include <array>
#include <cstdint>

#include "harness/target/linux/namespace.h"

namespace conform::kernel {

// The helper's first message. Plain octets, since it crosses a process boundary; texts end with a zero.
struct SetupReport {
  bool ok = false;
  bool ipv6 = false;
  bool user_namespace = false;
  DeviceKind kind = DeviceKind::Tun;
  int raw_index = 0;
  std::array<char, 1600> message{};  // errors, a line each, when not ok
  std::array<char, 400> hint{};
};

// A request for sockets, answered by one octet with the descriptors, and one more when the helper has closed its
// own copies: only then does closing ours close the socket.
struct SocketRequest {
  std::uint8_t family = 0;  // AF_INET or AF_INET6
  std::uint8_t count = 0;
};

// Runs in a fresh child process and never returns: sets everything up, reports, serves until `channel` is closed.
[[noreturn]] void run_helper(Fd channel, const NamespaceConfig& config);

}  // namespace conform::kernel
