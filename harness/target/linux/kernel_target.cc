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
constexpr std::uint16_t kProbePort = 1;
constexpr std::uint16_t kFirstPort = 1024, kLastPort = 59999, kDefaultPeerPort = 50000;

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
  for (auto& ports : ports_) ports.resize(65536);
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
  if (Status s = target->come_up(); !s) return s.diagnostics();
  return std::unique_ptr<Target>(std::move(target));
}

std::uint16_t KernelTarget::free_port(Family family) {
  // Round and round, so that a port rests as long as possible before it is used again.
  std::uint16_t& next = next_port_[static_cast<std::size_t>(family)];
  for (int tries = kLastPort - kFirstPort + 1; tries > 0; --tries) {
    const std::uint16_t number = next;
    next = number == kLastPort ? kFirstPort : static_cast<std::uint16_t>(number + 1);
    if (port(family, number).owner == nullptr) return number;
  }
  return 0;
}

Result<std::unique_ptr<Session>> KernelTarget::open(const SessionConfig& config) {
  if (config.family == Family::Ipv6 && !capabilities_.ipv6) {
    return error(std::string(to_string(Lack::NoFamily)), "this kernel has no IPv6 (ipv6.disable=1?)");
  }
  const std::uint16_t number = config.target_port != 0 ? config.target_port : free_port(config.family);
  if (number == 0) return error("every port of the target has a session");
  if (number == kProbePort) return error(fmt::format("port {} is kept free of sockets", number));
  Port& place = port(config.family, number);
  if (place.owner != nullptr) {
    return error(fmt::format("port {} of the target belongs to another session", number),
                 "leave target_port at 0 to be given a free one");
  }
  // The last RSTs of the connection that was here before are nobody's.
  if (place.freed == reads_) collect();
  SocketPair sockets;
  sockets.family = config.family;
  const bool v4 = config.family == Family::Ipv4;
  sockets.target_address = v4 ? kTargetIpv4 : kTargetIpv6;
  sockets.peer_address = v4 ? kPeerIpv4 : kPeerIpv6;
  sockets.target_port = number;
  sockets.peer_port = config.peer_port != 0 ? config.peer_port : kDefaultPeerPort;
  auto session = std::make_unique<KernelSession>(*this, sockets);
  place.owner = session.get();
  return std::unique_ptr<Session>(std::move(session));
}

void KernelTarget::forget(KernelSession& session) {
  Port& place = port(session.sockets().family, session.sockets().target_port);
  place.owner = nullptr;
  place.freed = reads_;
  unread_ = true;
}

void KernelTarget::deliver(std::span<const std::uint8_t> datagram) {
  const auto peek = peek_outgoing(datagram);
  if (!peek) return;  // neighbour discovery, multicast membership, and the like
  if (peek->target_port == kProbePort) {
    if (peek->flags & wire::Flags::kRst && peek->seq == probe_sequence_) probe_answered_ = true;
    return;
  }
  if (KernelSession* session = port(peek->family, peek->target_port).owner) {
    session->note_peer(peek->peer_port);
    session->observe({now(), Datagram(datagram.begin(), datagram.end())});
  }
}

void KernelTarget::collect() {
  // What comes after the answer to a probe was not caused by anything before it.
  const bool probing = !probe_answered_;
  const Status status = device_->receive([&](std::span<const std::uint8_t> datagram) {
    deliver(datagram);
    return !(probing && probe_answered_);
  });
  if (!status) trouble_ = status.diagnostics();
  unread_ = false;
  ++reads_;
}

void KernelTarget::refresh() {
  if (unread_) collect();
  if (!is_recent(refreshed_)) take_events(Duration::zero());
}

Status KernelTarget::come_up() {
  constexpr Duration kPatience = std::chrono::milliseconds(5);
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    if (family == Family::Ipv6 && !capabilities_.ipv6) continue;
    // The kernel leaves to its work queues what makes an address and a device usable (the local route of an IPv6
    // address, the carrier of a veth pair). Before that a datagram is lost, and that says nothing of TCP.
    const Time deadline = now() + options_.barrier_timeout;
    while (!probe(family, kPatience)) {
      if (now() < deadline) continue;
      if (Status s = probe(family, options_.barrier_timeout); !s) return s;
    }
  }
  return Done{};
}

Status KernelTarget::barrier(const KernelSession& session) {
  if (device_->processes_at_once()) {
    // Everything was processed. Whether the way out works is told by an answer, and where none came, asked.
    collect();
    if (session.answered() && trouble_.empty()) return Done{};
  }
  return probe(session.sockets().family, options_.barrier_timeout);
}

Status KernelTarget::probe(Family family, Duration patience) {
  const bool v4 = family == Family::Ipv4;
  const SocketPair sockets{family, v4 ? kTargetIpv4 : kTargetIpv6, v4 ? kPeerIpv4 : kPeerIpv6, 0, 0};
  wire::Segment segment;
  segment.source_port = kProbePort;
  segment.destination_port = kProbePort;
  segment.ack = wire::SeqNum(++probe_sequence_);
  segment.flags.bits = wire::Flags::kAck;
  probe_answered_ = false;
  const Time deadline = now() + patience;
  if (Status s = device_->send(encode(sockets, segment)); !s) return s;
  collect();
  while (!probe_answered_ && trouble_.empty()) {
    const Duration left = deadline - now();
    if (left <= Duration::zero()) {
      return error(fmt::format("target died: no answer to a barrier within {} ms", to_ms(patience)));
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
  std::array<epoll_event, 1024> events;
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
  // Datagrams come first, then what the sockets tell of it.
  if (count > 0) collect();
  for (int i = 0; i < count; ++i) {
    auto* session = static_cast<KernelSession*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (session != nullptr) session->look();  // otherwise it is the device
  }
  refreshed_ = now();
}

std::vector<Session*> KernelTarget::wait(Time deadline) {
  if (unread_) collect();
  while (news_.empty() && trouble_.empty()) {
    const Duration left = deadline - now();
    // A day at most at a time: kNever does not fit into what the kernel takes.
    take_events(std::clamp<Duration>(left, Duration::zero(), std::chrono::hours(24)));
    if (left <= Duration::zero()) break;
  }
  return {news_.begin(), news_.end()};
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
