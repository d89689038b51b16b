#include "harness/target/linux/helper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "harness/target/linux/device.h"
#include "harness/target/linux/fd_passing.h"
#include "harness/target/linux/links.h"
#include "harness/target/linux/socket_diag.h"
#include "harness/target/linux/sysctls.h"

namespace conform::kernel {
namespace {

constexpr char kNamespaceRemedy[] =
    "run as root, or permit user namespaces: sysctl user.max_user_namespaces above 0, "
    "kernel.unprivileged_userns_clone=1 "
    "(Debian), kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); in a container: --cap-add=SYS_ADMIN "
    "--cap-add=NET_ADMIN or --security-opt seccomp=unconfined";
constexpr char kTunRemedy[] =
    "load the module (modprobe tun), pass --device /dev/net/tun to the container, or chmod "
    "0666 /dev/net/tun; a veth pair serves instead if left to choose";

Status write_file(const char* path, const std::string& text) {
  const Fd fd(open(path, O_WRONLY | O_CLOEXEC));
  if (fd && write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return Done{};
  return error(fmt::format("cannot write {}: {}", path, std::strerror(errno)), kNamespaceRemedy);
}

// Enters a network namespace; in a user namespace of which we are root, where the other is not permitted.
// Gives whether a user namespace was needed.
Result<bool> enter_namespaces(bool force_user_namespace) {
  if (!force_user_namespace) {
    if (unshare(CLONE_NEWNET) == 0) return false;
    if (errno != EPERM) {
      return error(fmt::format("no network namespace: {}", std::strerror(errno)),
                   "the kernel needs CONFIG_NET_NS, and sysctl user.max_net_namespaces above 0");
    }
  }
  const std::string uid = std::to_string(geteuid()), gid = std::to_string(getegid());
  prctl(PR_SET_DUMPABLE, 1);  // otherwise the files below belong to root when the program may not be read
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    return error(fmt::format("no user and network namespace: {}", std::strerror(errno)), kNamespaceRemedy);
  }
  // user_namespaces(7): a process without privilege gives up setgroups() before it may map its group.
  for (const Status& status :
       {write_file("/proc/self/setgroups", "deny"), write_file("/proc/self/uid_map", "0 " + uid + " 1"),
        write_file("/proc/self/gid_map", "0 " + gid + " 1")}) {
    if (!status) return status.diagnostics();
  }
  return true;
}

Status set_up_addresses(Links& links, bool neighbours, SetupReport& report) {
  const std::string device = kTargetDevice;
  if (Status s = links.add_address(device, Family::Ipv4, kTargetIpv4, kPrefixIpv4); !s) return s;
  report.ipv6 = links.add_address(device, Family::Ipv6, kTargetIpv6, kPrefixIpv6).ok();
  if (!neighbours) return Done{};
  if (Status s = links.add_neighbour(device, Family::Ipv4, kPeerIpv4, kPeerLink); !s) return s;
  if (report.ipv6) return links.add_neighbour(device, Family::Ipv6, kPeerIpv6, kPeerLink);
  return Done{};
}

Result<Fd> set_up_tun(Links& links, const NamespaceConfig& config, SetupReport& report) {
  Result<Fd> tun = open_tun(kTargetDevice);
  if (!tun) return error(tun.diagnostics().front().message, kTunRemedy);
  report.kind = DeviceKind::Tun;
  // A long queue: what thousands of connections send at once must wait, not be lost.
  if (Status s = links.bring_up(kTargetDevice, config.mtu, 65536); !s) return s.diagnostics();
  if (Status s = set_up_addresses(links, false, report); !s) return s.diagnostics();
  return tun;
}

constexpr std::uint32_t kLongestDatagram = 65535;

Result<Fd> set_up_veth(Links& links, const NamespaceConfig& config, SetupReport& report) {
  report.kind = DeviceKind::Veth;
  if (Status s = links.add_veth_pair(kTargetDevice, kTargetLink, kRawDevice, kRawEndLink); !s) {
    return error(s.diagnostics().front().message, "the kernel needs CONFIG_VETH (modprobe veth, as root)");
  }
  // The raw end speaks no IPv6 of its own; a kernel without IPv6 has no such file.
  const Fd silence(open(fmt::format("/proc/sys/net/ipv6/conf/{}/disable_ipv6", kRawDevice).c_str(), O_WRONLY));
  if (silence && write(silence.get(), "1", 1) != 1) return error("cannot keep the raw end of the veth pair silent");
  for (const char* name : {kTargetDevice, kRawDevice}) {
    if (Status s = Links::turn_off_offloads(name); !s) return s.diagnostics();
    // As a TUN device does, it lets in whatever fits an IP datagram; what goes out is bounded by the sockets' MSS.
    if (Status s = links.bring_up(name, kLongestDatagram); !s) return s.diagnostics();
  }
  report.raw_index = static_cast<int>(if_nametoindex(kRawDevice));
  Result<Fd> packet = open_packet_socket(report.raw_index);
  if (!packet) return packet;
  if (Status s = set_up_addresses(links, true, report); !s) return s.diagnostics();
  return packet;
}

struct Prepared {
  Fd device, diag;
};

Result<Prepared> prepare(const NamespaceConfig& config, SetupReport& report) {
  const Result<bool> entered = enter_namespaces(config.force_user_namespace);
  if (!entered) return entered.diagnostics();
  report.user_namespace = *entered;
  if (Status s = apply_sysctls(config.sysctls); !s) return s.diagnostics();
  Result<Links> links = Links::open();
  if (!links) return links.diagnostics();
  if (Status s = links->bring_up("lo"); !s) return error(s.diagnostics().front().message, kNamespaceRemedy);
  Result<Fd> device = error("");
  if (config.device != DeviceKind::Veth) device = set_up_tun(*links, config, report);
  if (!device && config.device == DeviceKind::Tun) return device.diagnostics();
  if (!device) device = set_up_veth(*links, config, report);
  if (!device) return device.diagnostics();
  Result<Fd> diag = open_diag_socket();
  if (!diag) return diag.diagnostics();
  return Prepared{std::move(*device), std::move(*diag)};
}

template <std::size_t kSize>
void copy_text(const std::string& text, std::array<char, kSize>& to) {
  text.copy(to.data(), kSize - 1);
}

Fd make_socket(int family) {
  Fd fd(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  const int on = 1;
  if (fd && family == AF_INET6) setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  return fd;
}

// Answers one request; false when the other side is gone.
bool serve_one(int channel) {
  SocketRequest request;
  const Received received = receive_with_fds(channel, std::as_writable_bytes(std::span(&request, 1)));
  if (received.size != sizeof request) return false;
  const std::byte done{1};
  {
    std::vector<Fd> sockets;
    for (std::size_t i = 0; i < request.count && i < kMaxPassed; ++i) {
      Fd fd = make_socket(request.family);
      if (!fd) break;
      sockets.push_back(std::move(fd));
    }
    if (!send_with_fds(channel, std::span(&done, 1), sockets)) return false;
  }
  return send_with_fds(channel, std::span(&done, 1), {});
}

// Keeps nothing of the parent's but the channel: no pipe stays open because of us, no interrupt key ends us first.
Fd shed_inheritance(Fd channel) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
  prctl(PR_SET_NAME, "tcpconform-net");
  Fd kept(fcntl(channel.get(), F_DUPFD_CLOEXEC, 3));
  channel.reset();
  const int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3 && null >= 0; ++fd) dup2(null, fd);
  const int number = dup2(kept.get(), 3);
  if (kept.get() == 3) kept.release();
  kept.reset(number);
  close_range(4, ~0u, 0);
  return kept;
}

}  // namespace

void run_helper(Fd inherited, const NamespaceConfig& config) {
  const Fd channel = shed_inheritance(std::move(inherited));
  SetupReport report;
  Result<Prepared> prepared = prepare(config, report);
  std::vector<Fd> fds;
  if (prepared) {
    report.ok = true;
    fds.push_back(std::move(prepared->device));
    fds.push_back(std::move(prepared->diag));
  } else {
    std::string message;
    for (const Diagnostic& d : prepared.diagnostics()) message += (message.empty() ? "" : "\n") + d.message;
    copy_text(message, report.message);
    copy_text(prepared.diagnostics().front().hint, report.hint);
  }
  const bool told = send_with_fds(channel.get(), std::as_bytes(std::span(&report, 1)), fds);
  fds.clear();
  if (told && prepared) {
    while (serve_one(channel.get())) {
    }
  }
  _exit(0);
}

}  // namespace conform::kernel
