// KernelTarget owns what all sessions share: device, clock, ports, and who gets which datagram or socket event.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "harness/target/linux/datagram.h"
#include "harness/target/linux/device.h"
#include "harness/target/linux/linux_target.h"
#include "harness/target/linux/namespace.h"
#include "harness/target/linux/socket_diag.h"

namespace conform::kernel {

class KernelSession;

class KernelTarget final : public Target {
 public:
  static Result<std::unique_ptr<Target>> make(const LinuxOptions& options);

  std::string name() const override { return "linux"; }
  std::string version() const override { return version_; }
  const Capabilities& capabilities() const override { return capabilities_; }
  Result<std::unique_ptr<Session>> open(const SessionConfig& config) override;
  Time now() const override { return std::chrono::steady_clock::now() - start_; }
  void wait(Time deadline) override;

  // ---- for its sessions
  SocketDiag& diag() { return diag_; }
  const Namespace& space() const { return *space_; }
  Result<Fd> tcp_socket(Family family) { return space_->tcp_socket(family); }
  Status send(std::span<const std::uint8_t> datagram) { return device_->send(datagram); }
  // Waits until everything sent so far has been processed.
  Status barrier(Family family);
  // Gives every session what the kernel has sent to its peer.
  void collect();
  // As collect(), and lets the sockets tell what has happened; but not when it was done a moment ago: for a session
  // that has not caused anything since.
  void collect_if_stale();
  // The text of the longest segment that the kernel may send, in octets: what the MTU leaves beside the headers.
  int mss(Family family) const { return static_cast<int>(options_.mtu) - (family == Family::Ipv4 ? 40 : 60); }
  // Reports the events of a socket to its session from now on, until the socket is closed.
  void watch(const Fd& socket, KernelSession& session, std::uint32_t events);
  // A session's queue has become non-empty, or empty.
  void count_pending(int change) { pending_ += change; }
  // The session is going: its port is free, its datagrams are dropped.
  void forget(KernelSession& session);

 private:
  KernelTarget(const LinuxOptions& options, std::unique_ptr<Namespace> space, std::unique_ptr<Device> device);
  void deliver(std::span<const std::uint8_t> datagram);
  // Lets the sockets that have something to tell be looked at, waiting for the first of them at most that long.
  void take_events(Duration patience);
  std::uint16_t free_port(Family family);
  KernelSession*& owner(Family family, std::uint16_t port) { return owners_[static_cast<std::size_t>(family)][port]; }

  LinuxOptions options_;
  std::unique_ptr<Namespace> space_;
  std::unique_ptr<Device> device_;
  SocketDiag diag_;
  Fd epoll_;
  std::chrono::steady_clock::time_point start_;
  std::string version_;
  Capabilities capabilities_;

  std::array<std::vector<KernelSession*>, 2> owners_;  // by family and target port
  std::array<std::uint16_t, 2> next_port_;
  int pending_ = 0;  // sessions that have something to drain
  Time collected_{-1};

  std::uint32_t barrier_sequence_ = 0;
  std::array<bool, 2> barrier_answered_{};
  Diagnostics trouble_;  // what receive() complained of; the next barrier reports it
};

}  // namespace conform::kernel
