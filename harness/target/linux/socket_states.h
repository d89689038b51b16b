// Socket states: how many TCP sockets of the current network namespace are in each state, as netstat would count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "harness/base/result.h"
#include "stack/wire/state.h"

namespace conform {

// Counts by state, in the order of wire::kAllStates. CLOSED counts nothing: such sockets are in no table.
struct StateCounts {
  std::array<std::uint64_t, wire::kAllStates.size()> ipv4{}, ipv6{};

  std::uint64_t of(wire::State state) const {
    return ipv4[static_cast<std::size_t>(state)] + ipv6[static_cast<std::size_t>(state)];
  }
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const wire::State state : wire::kAllStates) sum += of(state);
    return sum;
  }
};

// Asks sock_diag for all TCP sockets of the network namespace of the calling thread, IPv4 and IPv6. A connection that
// is SYN-RECEIVED (a request socket) or TIME-WAIT (a mini socket) counts as much as any other.
Result<StateCounts> count_socket_states();

}  // namespace conform
