#include "harness/target/linux/socket_states.h"

#include "harness/target/linux/socket_diag.h"

namespace conform {

Result<StateCounts> count_socket_states() {
  Result<kernel::Fd> socket = kernel::open_diag_socket();
  if (!socket) return socket.diagnostics();
  kernel::SocketDiag diag(std::move(*socket));
  StateCounts counts;
  const Status visited = diag.visit_all([&counts](const kernel::SocketEntry& entry) {
    auto& family = entry.sockets.family == Family::Ipv4 ? counts.ipv4 : counts.ipv6;
    ++family[static_cast<std::size_t>(entry.state)];
  });
  if (!visited) return visited.diagnostics();
  return counts;
}

}  // namespace conform
