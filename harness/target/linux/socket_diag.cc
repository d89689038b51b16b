#include "harness/target/linux/socket_diag.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace conform::kernel {
namespace {

std::size_t address_size(Family family) { return family == Family::Ipv4 ? 4 : 16; }

std::optional<SocketEntry> parse(const nlmsghdr* message) {
  if (mnl_nlmsg_get_payload_len(message) < sizeof(inet_diag_msg)) return std::nullopt;
  inet_diag_msg diag;
  std::memcpy(&diag, mnl_nlmsg_get_payload(message), sizeof diag);
  const auto state = state_of(diag.idiag_state);
  if (!state || (diag.idiag_family != AF_INET && diag.idiag_family != AF_INET6)) return std::nullopt;
  SocketEntry entry;
  entry.state = *state;
  entry.recv_queue = diag.idiag_rqueue;
  entry.send_queue = diag.idiag_wqueue;
  SocketPair& pair = entry.sockets;
  pair.family = diag.idiag_family == AF_INET ? Family::Ipv4 : Family::Ipv6;
  std::memcpy(pair.target_address.bytes.data(), diag.id.idiag_src, address_size(pair.family));
  std::memcpy(pair.peer_address.bytes.data(), diag.id.idiag_dst, address_size(pair.family));
  pair.target_port = ntohs(diag.id.idiag_sport);
  pair.peer_port = ntohs(diag.id.idiag_dport);
  return entry;
}

bool same_ends(const SocketPair& a, const SocketPair& b) {
  return a.family == b.family && a.target_port == b.target_port && a.peer_port == b.peer_port &&
         a.target_address == b.target_address && a.peer_address == b.peer_address;
}

std::string endpoint(const SocketPair& pair, const Address& address, std::uint16_t port) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool v4 = pair.family == Family::Ipv4;
  inet_ntop(v4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(), text.size());
  const std::string number = port == 0 ? "*" : std::to_string(port);
  return v4 ? fmt::format("{}:{}", text.data(), number) : fmt::format("[{}]:{}", text.data(), number);
}

std::string_view ss_state(wire::State state) {
  switch (state) {
    case wire::State::Closed: return "UNCONN";
    case wire::State::Listen: return "LISTEN";
    case wire::State::SynSent: return "SYN-SENT";
    case wire::State::SynReceived: return "SYN-RECV";
    case wire::State::Established: return "ESTAB";
    case wire::State::FinWait1: return "FIN-WAIT-1";
    case wire::State::FinWait2: return "FIN-WAIT-2";
    case wire::State::CloseWait: return "CLOSE-WAIT";
    case wire::State::Closing: return "CLOSING";
    case wire::State::LastAck: return "LAST-ACK";
    case wire::State::TimeWait: return "TIME-WAIT";
  }
  return "?";
}

inet_diag_req_v2 request_for(const SocketPair& sockets) {
  inet_diag_req_v2 request{};
  request.sdiag_family = sockets.family == Family::Ipv4 ? AF_INET : AF_INET6;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_states = ~0u;
  request.id.idiag_sport = htons(sockets.target_port);
  request.id.idiag_dport = htons(sockets.peer_port);
  std::memcpy(request.id.idiag_src, sockets.target_address.bytes.data(), address_size(sockets.family));
  std::memcpy(request.id.idiag_dst, sockets.peer_address.bytes.data(), address_size(sockets.family));
  request.id.idiag_cookie[0] = request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return request;
}

// Puts a request into `buffer` and gives its message.
template <std::size_t kSize>
nlmsghdr* put_request(std::array<char, kSize>& buffer, std::uint16_t type, std::uint16_t flags, std::uint32_t sequence,
                      const inet_diag_req_v2& request) {
  nlmsghdr* message = mnl_nlmsg_put_header(buffer.data());
  message->nlmsg_type = type;
  message->nlmsg_flags = flags;
  message->nlmsg_seq = sequence;
  std::memcpy(mnl_nlmsg_put_extra_header(message, sizeof request), &request, sizeof request);
  return message;
}

int error_in(const nlmsghdr* message) {
  if (mnl_nlmsg_get_payload_len(message) < sizeof(nlmsgerr)) return EPROTO;
  nlmsgerr error;
  std::memcpy(&error, mnl_nlmsg_get_payload(message), sizeof error);
  return -error.error;
}

}  // namespace

std::optional<wire::State> state_of(int number) {
  using wire::State;
  constexpr std::array<State, 13> kStates = {State::Closed,     State::Established, State::SynSent,  State::SynReceived,
                                             State::FinWait1,   State::FinWait2,    State::TimeWait, State::Closed,
                                             State::CloseWait,  State::LastAck,     State::Listen,   State::Closing,
                                             State::SynReceived /* a request socket */};
  if (number < 0 || number >= static_cast<int>(kStates.size())) return std::nullopt;
  return kStates[static_cast<std::size_t>(number)];
}

int state_number(const Fd& socket) {
  std::uint8_t state = 0;  // the first octet of tcp_info: the kernel writes as much as there is room for
  socklen_t size = sizeof state;
  if (getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &state, &size) != 0) return TCP_CLOSE;
  return state;
}

Result<Fd> open_diag_socket() {
  Fd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!fd)
    return error(fmt::format("cannot open a sock_diag socket: {}", std::strerror(errno)),
                 "the kernel needs CONFIG_INET_DIAG (modprobe tcp_diag)");
  const timeval patience{2, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

SocketDiag::Answer SocketDiag::exchange(std::uint16_t type, const SocketPair& sockets) {
  alignas(nlmsghdr) std::array<char, 512> out{};
  const std::uint16_t flags = type == SOCK_DESTROY ? NLM_F_REQUEST | NLM_F_ACK : NLM_F_REQUEST;
  const nlmsghdr* request = put_request(out, type, flags, ++sequence_, request_for(sockets));
  if (send(socket_.get(), request, request->nlmsg_len, 0) < 0) return {errno, {}};
  alignas(nlmsghdr) std::array<char, 4096> in{};
  while (true) {
    const ssize_t got = recv(socket_.get(), in.data(), in.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {errno, {}};
    int left = static_cast<int>(got);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(in.data()); mnl_nlmsg_ok(message, left);
         message = mnl_nlmsg_next(message, &left)) {
      if (message->nlmsg_seq != sequence_) continue;  // an answer that came after its time-out
      if (message->nlmsg_type == NLMSG_ERROR) return {error_in(message), {}};
      if (message->nlmsg_type == SOCK_DIAG_BY_FAMILY) return {0, parse(message)};
    }
  }
}

Result<std::optional<SocketEntry>> SocketDiag::find(const SocketPair& sockets) {
  Answer answer = exchange(SOCK_DIAG_BY_FAMILY, sockets);
  if (answer.error == ENOENT) return std::optional<SocketEntry>();
  if (answer.error != 0) return error(fmt::format("sock_diag: {}", std::strerror(answer.error)));
  if (answer.entry && !same_ends(answer.entry->sockets, sockets)) answer.entry.reset();
  return answer.entry;
}

bool SocketDiag::destroy(const SocketPair& sockets) { return exchange(SOCK_DESTROY, sockets).error == 0; }

Status SocketDiag::visit_all(const std::function<void(const SocketEntry&)>& visit) {
  for (const std::uint8_t family : {AF_INET, AF_INET6}) {
    inet_diag_req_v2 request{};
    request.sdiag_family = family;
    request.sdiag_protocol = IPPROTO_TCP;
    request.idiag_states = 0x1fff;  // all that have a number above: leaves out bound, unconnected ones (bit 13)
    alignas(nlmsghdr) std::array<char, 512> out{};
    const nlmsghdr* message = put_request(out, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, ++sequence_, request);
    if (send(socket_.get(), message, message->nlmsg_len, 0) < 0) {
      return error(fmt::format("sock_diag: {}", std::strerror(errno)));
    }
    alignas(nlmsghdr) std::array<char, 32768> in{};
    for (bool done = false; !done;) {
      const ssize_t got = recv(socket_.get(), in.data(), in.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return error(fmt::format("sock_diag: {}", std::strerror(errno)));
      int left = static_cast<int>(got);
      for (auto* part = reinterpret_cast<const nlmsghdr*>(in.data()); mnl_nlmsg_ok(part, left) && !done;
           part = mnl_nlmsg_next(part, &left)) {
        if (part->nlmsg_seq != sequence_) continue;
        if (part->nlmsg_type == NLMSG_DONE) done = true;
        if (part->nlmsg_type == NLMSG_ERROR) {
          // ENOENT: this family has no TCP in this kernel (IPv6 switched off), which is no error.
          if (const int why = error_in(part); why != 0 && why != ENOENT) {
            return error(fmt::format("sock_diag: {}", std::strerror(why)));
          }
          done = true;
        }
        if (part->nlmsg_type != SOCK_DIAG_BY_FAMILY) continue;
        if (const auto entry = parse(part)) visit(*entry);
      }
    }
  }
  return Done{};
}

std::string format_like_ss(const SocketEntry& entry) {
  const SocketPair& pair = entry.sockets;
  return fmt::format("{:<10} {:<6} {:<6} {:>21} {:>21}", ss_state(entry.state), entry.recv_queue, entry.send_queue,
                     endpoint(pair, pair.target_address, pair.target_port),
                     endpoint(pair, pair.peer_address, pair.peer_port));
}

}  // namespace conform::kernel
