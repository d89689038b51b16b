// Descriptor passing: one message with file descriptors over a Unix socket (SCM_RIGHTS).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "harness/target/linux/fd.h"

namespace conform::kernel {

inline constexpr std::size_t kMaxPassed = 32;  // descriptors in one message

// Sends `bytes` and at most kMaxPassed descriptors, which stay open here. False when it could not; errno says why.
bool send_with_fds(int channel, std::span<const std::byte> bytes, std::span<const Fd> fds);

struct Received {
  std::size_t size = 0;  // octets put into the buffer; 0 at the end of the stream and on an error
  std::vector<Fd> fds;
};
// Waits for one message. `buffer` holds as much of it as fits.
Received receive_with_fds(int channel, std::span<std::byte> buffer);

}  // namespace conform::kernel
