#include "harness/target/linux/kernel_target.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/target/linux/addresses.h"
#include "harness/target/linux/kernel_session.h"

namespace conform::kernel {
namespace {

// No socket is ever on this port: what is sent there is answered by a RST (RFC 9293 3.10.7.1).
constexpr std::uint16_t kBarrierPort = 1;
constexpr std::uint16_t kFirstPort = 1024, kLastPort = 59999, kDefaultPeerPort = 50000;
constexpr Duration kStale = std::chrono::microseconds(100);

// Every session needs up to three descriptors: what the hard limit permits is taken.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::string kernel_version() {
  utsname name{};
  uname(&name);
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

Capabilities capabilities_of(const LinuxOptions& options, bool ipv6) {
  Capabilities can;
  can.virtual_time = false;
  can.sees_state = true;
  can.concurrent = true;
  can.ipv6 = ipv6;
  can.reaction = options.reaction;
  can.calls = {Verb::Open, Verb::Send, Verb::Receive, Verb::Close, Verb::Abort, Verb::Status};
  can.lacks = {"security", "precedence", "listener-to-active", "passive-remote", "send-in-listen"};
  return can;
}

}  // namespace

KernelTarget::KernelTarget(const LinuxOptions& options, std::unique_ptr<Namespace> space,
                           std::unique_ptr<Device> device)
    : options_(options),
      space_(std::move(space)),
      device_(std::move(device)),
      diag_(space_->take_diag()),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      start_(std::chrono::steady_clock::now()),
      version_(kernel_version()),
      capabilities_(capabilities_of(options, space_->has_ipv6())),
      next_port_{kFirstPort, kFirstPort} {
  for (auto& ports : owners_) ports.resize(65536);
  epoll_event event{};
  event.events = EPOLLIN;
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, device_->fd(), &event);
}

Result<std::unique_ptr<Target>> KernelTarget::make(const LinuxOptions& options) {
  raise_file_limit();
  auto space = Namespace::create({options.device, options.force_user_namespace, options.mtu, options.sysctls});
  if (!space) return space.diagnostics();
  std::unique_ptr<Device> device;
  if ((*space)->device_kind() == DeviceKind::Tun) {
    device = make_tun_device((*space)->take_device());
  } else {
    auto packet = make_packet_device((*space)->take_device(), (*space)->raw_index());
    if (!packet) return packet.diagnostics();
    device = std::move(*packet);
  }
  std::unique_ptr<KernelTarget> target(new KernelTarget(options, std::move(*space), std::move(device)));
  if (!target->epoll_) return error(fmt::format("no epoll: {}", std::strerror(errno)));
  // The first barrier proves that the way in and the way out both work.
  if (Status s = target->barrier(Family::Ipv4); !s) return s.diagnostics();
  return std::unique_ptr<Target>(std::move(target));
}

std::uint16_t KernelTarget::free_port(Family family) {
  // Round and round, so that a port rests as long as possible before it is used again.
  std::uint16_t& next = next_port_[static_cast<std::size_t>(family)];
  for (int tries = kLastPort - kFirstPort + 1; tries > 0; --tries) {
    const std::uint16_t port = next;
    next = port == kLastPort ? kFirstPort : static_cast<std::uint16_t>(port + 1);
    if (owner(family, port) == nullptr) return port;
  }
  return 0;
}

Result<std::unique_ptr<Session>> KernelTarget::open(const SessionConfig& config) {
  if (config.family == Family::Ipv6 && !capabilities_.ipv6) {
    return error(std::string(to_string(Lack::NoFamily)), "this kernel has no IPv6 (ipv6.disable=1?)");
  }
  const std::uint16_t port = config.target_port != 0 ? config.target_port : free_port(config.family);
  if (port == 0) return error("every port of the target has a session");
  if (port == kBarrierPort) return error(fmt::format("port {} is kept free of sockets", port));
  if (owner(config.family, port) != nullptr) {
    return error(fmt::format("port {} of the target belongs to another session", port),
                 "leave target_port at 0 to be given a free one");
  }
  SocketPair sockets;
  sockets.family = config.family;
  const bool v4 = config.family == Family::Ipv4;
  sockets.target_address = v4 ? kTargetIpv4 : kTargetIpv6;
  sockets.peer_address = v4 ? kPeerIpv4 : kPeerIpv6;
  sockets.target_port = port;
  sockets.peer_port = config.peer_port != 0 ? config.peer_port : kDefaultPeerPort;
  auto session = std::make_unique<KernelSession>(*this, sockets);
  owner(config.family, port) = session.get();
  return std::unique_ptr<Session>(std::move(session));
}

void KernelTarget::forget(KernelSession& session) {
  collect();  // the last RSTs of this connection reach nobody else
  owner(session.sockets().family, session.sockets().target_port) = nullptr;
}

void KernelTarget::deliver(std::span<const std::uint8_t> datagram) {
  const auto peek = peek_outgoing(datagram);
  if (!peek) return;  // neighbour discovery, multicast membership, and the like
  if (peek->target_port == kBarrierPort) {
    if (peek->flags & wire::Flags::kRst && peek->seq == barrier_sequence_) {
      barrier_answered_[static_cast<std::size_t>(peek->family)] = true;
    }
    return;
  }
  if (KernelSession* session = owner(peek->family, peek->target_port)) {
    session->note_peer(peek->peer_port);
    session->observe({now(), Datagram(datagram.begin(), datagram.end())});
  }
}

void KernelTarget::collect() {
  const Status status = device_->receive([this](std::span<const std::uint8_t> datagram) { deliver(datagram); });
  if (!status) trouble_ = status.diagnostics();
  collected_ = now();
}

void KernelTarget::collect_if_stale() {
  if (now() - collected_ < kStale) return;
  collect();
  take_events(Duration::zero());
}

Status KernelTarget::barrier(Family family) {
  const bool v4 = family == Family::Ipv4;
  const SocketPair sockets{family, v4 ? kTargetIpv4 : kTargetIpv6, v4 ? kPeerIpv4 : kPeerIpv6, 0, 0};
  wire::Segment probe;
  probe.source_port = kBarrierPort;
  probe.destination_port = kBarrierPort;
  probe.ack = wire::SeqNum(++barrier_sequence_);
  probe.flags.bits = wire::Flags::kAck;
  bool& answered = barrier_answered_[static_cast<std::size_t>(family)];
  answered = false;
  if (Status s = device_->send(encode(sockets, probe)); !s) return s;
  const Time deadline = now() + options_.barrier_timeout;
  collect();
  while (!answered && trouble_.empty()) {
    const Duration left = deadline - now();
    if (left <= Duration::zero()) {
      return error(fmt::format("target died: no answer to a barrier within {} ms", to_ms(options_.barrier_timeout)));
    }
    pollfd readable{device_->fd(), POLLIN, 0};
    poll(&readable, 1, static_cast<int>(to_ms(left)) + 1);
    collect();
  }
  if (trouble_.empty()) return Done{};
  return std::exchange(trouble_, {});
}

void KernelTarget::watch(const Fd& socket, KernelSession& session, std::uint32_t events) {
  epoll_event event{};
  event.events = events | EPOLLET;
  event.data.ptr = &session;
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket.get(), &event);
}

void KernelTarget::take_events(Duration patience) {
  std::array<epoll_event, 256> events;
  timespec limit{0, 0};
  if (patience > Duration::zero()) {
    limit.tv_sec = patience.count() / 1'000'000'000;
    limit.tv_nsec = patience.count() % 1'000'000'000;
  }
  int count = epoll_pwait2(epoll_.get(), events.data(), events.size(), &limit, nullptr);
  if (count < 0 && errno == ENOSYS) {  // before Linux 5.11
    const int ms = patience > Duration::zero() ? static_cast<int>(std::min<long long>(to_ms(patience), 60000)) + 1 : 0;
    count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), ms);
  }
  for (int i = 0; i < count; ++i) {
    auto* session = static_cast<KernelSession*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (session != nullptr) session->look();  // otherwise it is the device
  }
}

void KernelTarget::wait(Time deadline) {
  while (true) {
    collect();
    take_events(Duration::zero());
    if (pending_ > 0 || !trouble_.empty()) return;
    const Time before = now();
    if (before >= deadline) return;
    // A day at most at a time: kNever does not fit into what the kernel takes.
    take_events(std::min<Duration>(deadline - before, std::chrono::hours(24)));
  }
}

}  // namespace conform::kernel

namespace conform {

Result<std::unique_ptr<Target>> make_linux_target(const LinuxOptions& options) {
  return kernel::KernelTarget::make(options);
}

std::string ss_line(Session& session) {
  auto* ours = dynamic_cast<kernel::KernelSession*>(&session);
  return ours != nullptr ? ours->ss_line() : std::string();
}

std::string look_inside_command(const Target& target) {
  const auto* ours = dynamic_cast<const kernel::KernelTarget*>(&target);
  if (ours == nullptr) return {};
  const bool user = ours->space().in_user_namespace();
  return fmt::format("nsenter --target {} {}--net ss -tan", ours->space().helper(),
                     user ? "--user --preserve-credentials " : "");
}

}  // namespace conform
