// The linux target: the host's kernel behind the Target interface, in a network namespace of its own.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/target/linux/namespace.h"
#include "harness/target/linux/sysctls.h"
#include "harness/target/target.h"

namespace conform {

struct LinuxOptions {
  // TUN where /dev/net/tun may be opened, else a veth pair with a packet socket; or one of them and no other.
  kernel::DeviceKind device = kernel::DeviceKind::Auto;
  // In a user namespace even where privilege would permit a network namespace alone.
  bool force_user_namespace = false;
  // Of the device, hence the MSS that the kernel offers: 1460 over IPv4, 1440 over IPv6.
  std::uint32_t mtu = 1500;
  // What the kernel is told before the first socket is made. See the README for what each is for; lay your own over
  // the defaults: `options.sysctls["net.ipv4.tcp_timestamps"] = "0"`.
  std::map<std::string, std::string> sysctls = default_sysctls();
  // What counts as "at once" (Capabilities::reaction). Answers come within microseconds: this is for busy machines.
  Duration reaction = std::chrono::milliseconds(50);
  // How long barrier() waits before it says that the target died.
  Duration barrier_timeout = std::chrono::seconds(2);
};

// Makes the namespace, device and settings. Errors say what is not permitted or missing, and the remedy. All sessions
// must be gone before the target is. One thread at a time may use the target and its sessions.
Result<std::unique_ptr<Target>> make_linux_target(const LinuxOptions& options);

// How `ss -tan` shows the session's connection: State Recv-Q Send-Q Local Peer. A listener stands for a connection
// that is not there yet; empty when there is nothing, or when the session belongs to another kind of target.
std::string ss_line(Session& session);

// The command with which a user looks into the target's namespace from outside, while it lives:
// "nsenter --target 1234 --net ss -tan". Empty for another kind of target.
std::string look_inside_command(const Target& target);

}  // namespace conform
