#include "harness/target/linux/doctor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "harness/target/linux/kernel_target.h"
#include "harness/target/linux/linux_target.h"
#include "harness/target/linux/socket_diag.h"
#include "harness/target/linux/socket_states.h"

namespace conform {
namespace {

using kernel::DeviceKind;

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string one_line(const Diagnostics& why) {
  std::string text;
  for (const Diagnostic& d : why) text += (text.empty() ? "" : "; ") + d.message;
  return text;
}

Check failed(std::string what, const Diagnostics& why) {
  std::string remedy = why.front().hint;
  return {std::move(what), false, one_line(why), remedy.empty() ? "see the message" : std::move(remedy)};
}

Check check_kernel() {
  utsname name{};
  uname(&name);
  int major = 0, minor = 0;
  const bool parsed = std::sscanf(name.release, "%d.%d", &major, &minor) == 2;
  // close_range() is of 5.9, PACKET_IGNORE_OUTGOING of 4.20.
  const bool ok = parsed && (major > 5 || (major == 5 && minor >= 9));
  return {"kernel version", ok, fmt::format("{} {}", name.release, name.machine), ok ? "" : "Linux 5.9 or later"};
}

Check check_tun_file() {
  const kernel::Fd fd(open("/dev/net/tun", O_RDWR | O_CLOEXEC));
  if (fd) return {"/dev/net/tun", true, "may be opened", ""};
  const int why = errno;
  return {"/dev/net/tun", false, std::strerror(why),
          why == ENOENT ? "modprobe tun; in a container: --device /dev/net/tun"
                        : "chmod 0666 /dev/net/tun; without it a veth pair serves"};
}

// Makes a target of this kind, and shows that it answers.
Check check_target(std::string what, DeviceKind device, bool user_namespace) {
  LinuxOptions options;
  options.device = device;
  options.force_user_namespace = user_namespace;
  const auto before = std::chrono::steady_clock::now();
  const auto made = make_linux_target(options);
  if (!made) return failed(std::move(what), made.diagnostics());
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - before);
  const auto& space = dynamic_cast<const kernel::KernelTarget&>(**made).space();
  const char* device_name = space.device_kind() == DeviceKind::Tun ? "TUN" : "veth pair";
  const char* where = space.in_user_namespace() ? "user namespace" : "network namespace alone";
  return {std::move(what), true, fmt::format("answers: {}, {}; ready in {} ms", device_name, where, took.count()), ""};
}

Check check_sock_diag() {
  const auto counts = count_socket_states();
  if (!counts) return failed("sock_diag", counts.diagnostics());
  return {"sock_diag", true, fmt::format("{} TCP sockets on this host", counts->total()), ""};
}

// A listener that is looked up and then ended from outside: exact lookup, and INET_DIAG_DESTROY, in one.
Check check_destroy() {
  const char* what = "SOCK_DESTROY";
  auto space = kernel::Namespace::create({DeviceKind::Veth, false, 1500, {}});
  if (!space) return failed(what, space.diagnostics());
  auto socket = (*space)->tcp_socket(Family::Ipv4);
  if (!socket) return failed(what, socket.diagnostics());
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(2000);
  if (bind(socket->get(), reinterpret_cast<sockaddr*>(&here), sizeof here) != 0 || listen(socket->get(), 1) != 0) {
    return {what, false, std::strerror(errno), "see the message"};
  }
  kernel::SocketDiag diag((*space)->take_diag());
  SocketPair listener;
  listener.target_port = 2000;
  const bool found = diag.find(listener).ok();
  const bool ok = found && diag.destroy(listener);
  return {what, ok, ok ? "sockets can be ended from outside" : "TIME-WAIT outlives its session; its port is not reused",
          ok ? "" : "the kernel needs CONFIG_INET_DIAG_DESTROY"};
}

Check check_congestion_control() {
  const std::string there = first_line("/proc/sys/net/ipv4/tcp_available_congestion_control");
  const bool ok = there.find("reno") != there.npos;
  return {"congestion control", ok, there, ok ? "" : "modprobe tcp_reno; without it cubic is used"};
}

Check check_ipv6() {
  const bool ok = access("/proc/net/if_inet6", F_OK) == 0;
  return {"IPv6", ok, ok ? "there" : "this kernel has no IPv6", ok ? "" : "boot without ipv6.disable=1"};
}

Check check_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const bool ok = limit.rlim_max >= 4096;
  return {"open files", ok, fmt::format("{} at most; each session takes two", limit.rlim_max),
          ok ? "" : "ulimit -Hn 65536, or fewer concurrent cases (--jobs)"};
}

}  // namespace

std::vector<Check> diagnose_linux() {
  std::vector<Check> checks;
  checks.push_back(check_kernel());
  checks.push_back(check_tun_file());
  checks.push_back(check_target("TUN device", DeviceKind::Tun, false));
  checks.push_back(check_target("TUN in a user namespace", DeviceKind::Tun, true));
  checks.push_back(check_target("veth pair and packet socket", DeviceKind::Veth, false));
  checks.push_back(check_target("veth pair in a user namespace", DeviceKind::Veth, true));
  checks.push_back(check_sock_diag());
  checks.push_back(check_destroy());
  checks.push_back(check_congestion_control());
  checks.push_back(check_ipv6());
  checks.push_back(check_files());
  checks.push_back(check_target("linux target", DeviceKind::Auto, false));
  return checks;
}

}  // namespace conform
