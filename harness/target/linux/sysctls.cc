#include "harness/target/linux/sysctls.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "harness/target/linux/fd.h"

namespace conform {

std::map<std::string, std::string> default_sysctls() {
  return {
      // What would keep the kernel silent where the RFC wants an answer.
      {"net.ipv4.tcp_invalid_ratelimit", "0"},
      {"net.ipv4.tcp_challenge_ack_limit", "2147483647"},
      {"net.ipv4.icmp_ratelimit", "0"},
      {"net.ipv4.icmp_ratemask", "0"},
      {"net.ipv4.icmp_msgs_per_sec", "1000000"},
      {"net.ipv4.icmp_msgs_burst", "1000000"},
      {"net.ipv6.icmp.ratelimit", "0"},
      // What would let one connection change the behaviour of another.
      {"net.ipv4.tcp_no_metrics_save", "1"},
      {"net.ipv4.tcp_tw_reuse", "0"},
      {"net.ipv4.tcp_syncookies", "0"},
      {"net.ipv4.tcp_fastopen", "0"},
      {"net.ipv4.tcp_max_tw_buckets", "262144"},
      {"net.ipv4.tcp_max_syn_backlog", "65536"},
      {"net.core.somaxconn", "65535"},
      {"net.ipv4.ip_local_port_range", "60000 60999"},
      // Linux's own defaults, pinned, because a distribution or a host may have changed them.
      {"net.ipv4.tcp_congestion_control", "reno"},
      {"net.ipv4.tcp_rmem", "4096 131072 6291456"},
      {"net.ipv4.tcp_wmem", "4096 16384 4194304"},
      {"net.ipv4.tcp_timestamps", "1"},
      {"net.ipv4.tcp_sack", "1"},
      {"net.ipv4.tcp_window_scaling", "1"},
      {"net.ipv4.tcp_ecn", "0"},
      {"net.ipv4.tcp_mtu_probing", "0"},
      {"net.ipv4.tcp_fin_timeout", "60"},
      {"net.ipv4.tcp_syn_retries", "6"},
      {"net.ipv4.tcp_synack_retries", "5"},
      {"net.ipv4.tcp_retries1", "3"},
      {"net.ipv4.tcp_retries2", "15"},
      {"net.ipv4.tcp_rfc1337", "0"},
      {"net.ipv4.tcp_slow_start_after_idle", "1"},
      {"net.ipv4.tcp_abort_on_overflow", "0"},
      {"net.ipv4.tcp_stdurg", "0"},
      // Text that waits in the send queue for more text would come at a time that depends on the device.
      {"net.ipv4.tcp_autocorking", "0"},
      // The little network: no routing, no filtering by source, no chatter of its own.
      {"net.ipv4.ip_forward", "0"},
      {"net.ipv4.conf.all.rp_filter", "0"},
      {"net.ipv4.conf.default.rp_filter", "0"},
      {"net.ipv4.conf.all.log_martians", "0"},
      {"net.ipv4.conf.default.log_martians", "0"},
      {"net.ipv4.conf.all.accept_redirects", "0"},
      {"net.ipv6.conf.all.disable_ipv6", "0"},
      {"net.ipv6.conf.default.disable_ipv6", "0"},
      {"net.ipv6.conf.default.accept_ra", "0"},
      {"net.ipv6.conf.default.autoconf", "0"},
      {"net.ipv6.conf.default.accept_dad", "0"},
      {"net.ipv6.conf.default.dad_transmits", "0"},
      {"net.ipv6.conf.default.router_solicitations", "0"},
      {"net.ipv6.conf.default.addr_gen_mode", "1"},
  };
}

namespace kernel {
namespace {

std::string path_of(std::string_view key) {
  std::string path = "/proc/sys/" + std::string(key);
  std::replace(path.begin() + 10, path.end(), '.', '/');
  return path;
}

// Anything else in /proc/sys is the host's.
bool belongs_to_namespace(std::string_view key) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
  return key.starts_with("net.") && key.find_first_not_of(kAllowed) == key.npos && key.find("..") == key.npos;
}

int write_text(const std::string& path, std::string_view text) {
  const Fd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return errno;
  return write(fd.get(), text.data(), text.size()) < 0 ? errno : 0;
}

// What a setting is now, with single blanks between its words.
std::string read_text(const std::string& path) {
  const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 256> buffer{};
  const ssize_t got = fd ? read(fd.get(), buffer.data(), buffer.size()) : 0;
  std::string text(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  std::replace(text.begin(), text.end(), '\t', ' ');
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string remedy_for(int why) {
  switch (why) {
    case EROFS: return "/proc/sys is read-only, as in an unprivileged container: make it writable, or run outside";
    case EACCES:
    case EPERM: return "the settings of a network namespace belong to the root of its user namespace";
    case ENOENT: return "this kernel has no such setting, or not in a network namespace";
    case EINVAL: return "the kernel refuses this value";
    default: return {};
  }
}

}  // namespace

Status apply_sysctls(const std::map<std::string, std::string>& sysctls) {
  const auto defaults = default_sysctls();
  Diagnostics problems;
  for (const auto& [key, value] : sysctls) {
    if (!belongs_to_namespace(key)) {
      problems.push_back({{},
                          0,
                          0,
                          fmt::format("'{}' is not a setting of a network namespace", key),
                          "only net.* can be set: anything else would change the host"});
      continue;
    }
    const std::string path = path_of(key);
    const int why = write_text(path, value);
    if (why == 0 || read_text(path) == value) continue;
    const auto known = defaults.find(key);
    const bool is_default = known != defaults.end() && known->second == value;
    if (is_default && why == ENOENT) continue;
    // Not every kernel has Reno: cubic is what all of them have.
    if (is_default && key == "net.ipv4.tcp_congestion_control" && write_text(path, "cubic") == 0) continue;
    problems.push_back(
        {{}, 0, 0, fmt::format("cannot set {} to '{}': {}", key, value, std::strerror(why)), remedy_for(why)});
  }
  if (!problems.empty()) return problems;
  return Done{};
}

}  // namespace kernel
}  // namespace conform
