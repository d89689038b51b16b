// Namespace owns the network namespace that the kernel under test lives in, and makes sockets inside it.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/target/linux/fd.h"
#include "harness/target/target.h"

namespace conform::kernel {

enum class DeviceKind : std::uint8_t { Auto, Tun, Veth };

struct NamespaceConfig {
  DeviceKind device = DeviceKind::Auto;  // Auto: TUN where /dev/net/tun may be opened, else a veth pair
  bool force_user_namespace = false;     // also when a network namespace alone is permitted
  std::uint32_t mtu = 1500;
  std::map<std::string, std::string> sysctls;
};

// A helper process lives in the namespace and makes sockets for us, which it hands over through a Unix socket: thus
// neither this process nor any of its threads ever moves, and a process with many threads, which may not enter a
// user namespace, works as well. The helper ends when its end of the Unix socket is closed, however we ended; the
// namespace, with its devices and sockets, ends with the last descriptor into it.
class Namespace {
 public:
  // Makes the namespace, the device and the settings. An error says which step is not permitted, and the remedy.
  static Result<std::unique_ptr<Namespace>> create(const NamespaceConfig& config);
  ~Namespace();

  // A TCP socket inside, non-blocking, IPv6 ones for IPv6 only.
  Result<Fd> tcp_socket(Family family);

  // The TUN device, or the packet socket on the raw end of the veth pair. Once.
  Fd take_device() { return std::move(device_); }
  // A sock_diag socket inside. Once.
  Fd take_diag() { return std::move(diag_); }

  DeviceKind device_kind() const { return kind_; }  // Tun or Veth
  int raw_index() const { return raw_index_; }      // interface index of the raw end; 0 for TUN
  bool has_ipv6() const { return ipv6_; }
  bool in_user_namespace() const { return user_namespace_; }
  pid_t helper() const { return helper_; }

 private:
  Namespace() = default;
  Status refill(Family family);

  Fd channel_, device_, diag_;
  pid_t helper_ = -1;
  DeviceKind kind_ = DeviceKind::Tun;
  int raw_index_ = 0;
  bool ipv6_ = false;
  bool user_namespace_ = false;
  std::array<std::vector<Fd>, 2> pools_;  // sockets handed over but not yet used, by family
};

}  // namespace conform::kernel
