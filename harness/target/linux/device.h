// Device owns the way in and out of the kernel under test: datagrams through TUN, or a packet socket on a veth pair.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "harness/base/result.h"
#include "harness/target/linux/fd.h"

namespace conform::kernel {

// Makes the TUN device in the namespace of the calling process: no packet information, no virtio-net header, hence
// no offload. Non-blocking.
Result<Fd> open_tun(const char* name);

// A packet socket bound to a device of the namespace of the calling process, which sees what arrives there, without
// link headers, and not what is sent there. Non-blocking.
Result<Fd> open_packet_socket(int index);

class Device {
 public:
  // Gives whether it wants more.
  using Sink = std::function<bool(std::span<const std::uint8_t>)>;

  virtual ~Device() = default;
  // Becomes readable when there is something to receive.
  virtual int fd() const = 0;
  // Whether the kernel has processed a datagram, and put its answer where receive() finds it, before send() returns.
  virtual bool processes_at_once() const = 0;
  // Hands a datagram to the kernel. What is no IP, or larger than the device can carry, is lost as it would be on a
  // network. An error: the device is gone.
  virtual Status send(std::span<const std::uint8_t> datagram) = 0;
  // Passes what the kernel has sent to `sink`, without waiting, until there is no more or it wants no more. An error:
  // the device is gone, or has lost datagrams since the last call.
  virtual Status receive(const Sink& sink) = 0;
};

std::unique_ptr<Device> make_tun_device(Fd fd);
Result<std::unique_ptr<Device>> make_packet_device(Fd fd, int index);

}  // namespace conform::kernel
