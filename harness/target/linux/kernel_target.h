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
  std::vector<Session*> wait(Time deadline) override;

  // ---- for its sessions
  SocketDiag& diag() { return diag_; }
  const Namespace& space() const { return *space_; }
  Result<Fd> tcp_socket(Family family) { return space_->tcp_socket(family); }
  Status send(std::span<const std::uint8_t> datagram) {
    unread_ = true;
    return device_->send(datagram);
  }
  // A socket was told something: the kernel may have sent something.
  void touched() { unread_ = true; }
  // Waits until everything sent so far has been processed. `session` is the one that asks.
  Status barrier(const KernelSession& session);
  // Gives every session what the kernel has sent, and, if that was not done just now, what the sockets have to tell.
  void refresh();
  // Whether what was learnt at this time may still be taken for the present, if nothing was caused since.
  bool is_recent(Time then) const { return now() - then < kStale; }
  // The text of the longest segment that the kernel may send, in octets: what the MTU leaves beside the headers.
  int mss(Family family) const { return static_cast<int>(options_.mtu) - (family == Family::Ipv4 ? 40 : 60); }
  // Reports the events of a socket to its session from now on, until the socket is closed.
  void watch(const Fd& socket, KernelSession& session, std::uint32_t events);
  // The session has something to drain, or no longer has.
  void has_news(KernelSession& session) { news_.push_back(&session); }
  void has_no_news(KernelSession& session) { std::erase(news_, &session); }
  // The session is going: its port is free, its datagrams are dropped.
  void forget(KernelSession& session);

 private:
  KernelTarget(const LinuxOptions& options, std::unique_ptr<Namespace> space, std::unique_ptr<Device> device);
  struct Port {
    KernelSession* owner = nullptr;
    std::uint64_t freed = 0;  // the value of reads_ when it became free
  };
  static constexpr Duration kStale = std::chrono::microseconds(100);

  // Waits until datagrams of both families find their way in and out.
  Status come_up();
  // Sends a segment that is answered last of all sent so far, and waits for the answer.
  Status probe(Family family, Duration patience);
  void deliver(std::span<const std::uint8_t> datagram);
  // Gives every session what the kernel has sent to its peer, at most up to the answer to the last probe.
  void collect();
  // Collects, and lets the sockets tell, what has happened, waiting for the first of it at most that long.
  void take_events(Duration patience);
  std::uint16_t free_port(Family family);
  Port& port(Family family, std::uint16_t number) { return ports_[static_cast<std::size_t>(family)][number]; }

  LinuxOptions options_;
  std::unique_ptr<Namespace> space_;
  std::unique_ptr<Device> device_;
  SocketDiag diag_;
  Fd epoll_;
  std::chrono::steady_clock::time_point start_;
  std::string version_;
  Capabilities capabilities_;

  std::array<std::vector<Port>, 2> ports_;  // by family and number
  std::array<std::uint16_t, 2> next_port_;
  std::vector<KernelSession*> news_;  // sessions that have something to drain, in the order in which they got it
  bool unread_ = false;               // something was caused since the device was last read
  std::uint64_t reads_ = 1;           // how often it was
  Time refreshed_{-1};

  std::uint32_t probe_sequence_ = 0;
  bool probe_answered_ = true;
  Diagnostics trouble_;  // what receive() complained of; the next barrier reports it
};

}  // namespace conform::kernel
