// SocketDiag owns the conversation with NETLINK_SOCK_DIAG: one connection's exact state, its end, or all sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "harness/base/result.h"
#include "harness/target/linux/fd.h"
#include "harness/target/target.h"
#include "stack/wire/state.h"

namespace conform::kernel {

struct SocketEntry {
  wire::State state = wire::State::Closed;  // a TIME-WAIT mini socket shows its substate, a request SYN-RECEIVED
  SocketPair sockets;                       // the peer's part is zero for a listener
  std::uint32_t recv_queue = 0;             // as `ss` prints them
  std::uint32_t send_queue = 0;
};

// The state with one of the kernel's own numbers (include/net/tcp_states.h), which sock_diag and TCP_INFO both use.
std::optional<wire::State> state_of(int number);

// That number, as a TCP socket itself tells it: TCP_CLOSE also when its connection has gone on into TIME-WAIT.
int state_number(const Fd& socket);

// A socket of NETLINK_SOCK_DIAG in the caller's network namespace.
Result<Fd> open_diag_socket();

class SocketDiag {
 public:
  explicit SocketDiag(Fd socket) : socket_(std::move(socket)) {}

  // The socket that has exactly these two ends. Nothing inside when there is none: for a vanished connection the
  // kernel answers with the listener on its port, which is told apart by the ends in the answer.
  Result<std::optional<SocketEntry>> find(const SocketPair& sockets);

  // Ends the socket that has these two ends, whatever its state, with a RST where TCP sends one. True when there was
  // one. Takes a mini socket (SYN-RECEIVED, TIME-WAIT) too. False also when the kernel lacks INET_DIAG_DESTROY.
  bool destroy(const SocketPair& sockets);

  // Calls `visit` for every TCP socket of the namespace, both families, bound but unconnected ones left out.
  Status visit_all(const std::function<void(const SocketEntry&)>& visit);

 private:
  struct Answer {
    int error = 0;  // an errno value
    std::optional<SocketEntry> entry;
  };
  Answer exchange(std::uint16_t type, const SocketPair& sockets);

  Fd socket_;
  std::uint32_t sequence_ = 0;
};

// The line that `ss -tan` prints for a socket: State Recv-Q Send-Q Local Peer.
std::string format_like_ss(const SocketEntry& entry);

}  // namespace conform::kernel
