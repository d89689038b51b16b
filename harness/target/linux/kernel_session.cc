#include "harness/target/linux/kernel_session.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/target/linux/kernel_target.h"

namespace conform::kernel {
namespace {

using wire::State;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress socket_address(Family family, const Address& address, std::uint16_t port) {
  SocketAddress out;
  if (family == Family::Ipv4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    std::memcpy(&in.sin_addr, address.bytes.data(), 4);
    std::memcpy(&out.storage, &in, sizeof in);
    out.size = sizeof in;
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(port);
    std::memcpy(&in.sin6_addr, address.bytes.data(), 16);
    std::memcpy(&out.storage, &in, sizeof in);
    out.size = sizeof in;
  }
  return out;
}

void set_flag(const Fd& socket, int level, int option) {
  const int on = 1;
  setsockopt(socket.get(), level, option, &on, sizeof on);
}

// Closing it will send a RST where TCP has one to send, and keep nothing.
void close_hard(Fd& socket) {
  const linger hard{1, 0};
  if (socket) setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  socket.reset();
}

// What a failed call is in the RFC's words.
Answer answer_of(int why) {
  switch (why) {
    case EADDRINUSE:
    case EADDRNOTAVAIL:  // connect(): the four-tuple is taken
    case EISCONN:
    case EALREADY: return Answer::ConnectionAlreadyExists;
    case EACCES:
    case EPERM: return Answer::ConnectionIllegal;
    case EPIPE: return Answer::ConnectionClosing;
    case ECONNRESET: return Answer::ConnectionReset;
    case ECONNREFUSED: return Answer::ConnectionRefused;
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH: return Answer::ConnectionAborted;
    case EDESTADDRREQ:
    case EINVAL: return Answer::RemoteSocketUnspecified;
    case ENOTCONN: return Answer::ConnectionDoesNotExist;
    default: return Answer::InsufficientResources;
  }
}

Reply unsupported(Lack lack, std::string_view what) {
  Reply reply;
  reply.answer = Answer::Unsupported;
  reply.why = fmt::format("{}: {}", to_string(lack), what);
  return reply;
}

Reply unaccepted(Verb verb) {
  return unsupported(Lack::NoSuchCall,
                     fmt::format("{} of a passive connection in SYN-RECEIVED: accept() returns it only once it is "
                                 "ESTABLISHED",
                                 to_string(verb)));
}

Reply plain(Answer answer) {
  Reply reply;
  reply.answer = answer;
  return reply;
}

}  // namespace

KernelSession::~KernelSession() {
  // A socket that still has its connection takes it along. Otherwise there may be what no descriptor holds: a mini
  // socket in SYN-RECEIVED or TIME-WAIT. Without a listener this finds no other.
  const bool held = socket_ && state_number(socket_) != TCP_CLOSE;
  close_hard(socket_);
  listener_.reset();
  if (!held && !gone_) target_.diag().destroy(sockets_);
  for (const std::uint16_t port : stray_peers_) {
    SocketPair stray = sockets_;
    stray.peer_port = port;
    target_.diag().destroy(stray);
  }
  if (!queue_.empty()) target_.has_no_news(*this);
  target_.forget(*this);
}

void KernelSession::observe(Observation observation) {
  if (queue_.empty()) target_.has_news(*this);
  if (std::holds_alternative<Datagram>(observation.what)) answered_ = true;
  queue_.push_back(std::move(observation));
}

void KernelSession::note_peer(std::uint16_t port) {
  if (port == sockets_.peer_port || std::count(stray_peers_.begin(), stray_peers_.end(), port) != 0) return;
  stray_peers_.push_back(port);
}

void KernelSession::stir() {
  seen_at_.reset();
  target_.touched();
}

Status KernelSession::inject(std::span<const std::uint8_t> datagram) {
  touched_ = true;
  answered_ = false;
  if (control_bits(datagram) & wire::Flags::kUrg) urgent_seen_ = true;
  stir();
  return target_.send(datagram);
}

Status KernelSession::barrier() {
  touched_ = true;
  return target_.barrier(*this);
}

std::vector<Observation> KernelSession::drain() {
  target_.refresh();
  if (touched_) look();
  if (!queue_.empty()) target_.has_no_news(*this);
  return std::exchange(queue_, {});
}

std::optional<State> KernelSession::state() {
  if (touched_) look();
  if (seen_at_ && target_.is_recent(*seen_at_)) return last_state_;
  const auto now = look_up_state();
  if (!now) return std::nullopt;
  // A timer of the kernel's may have run out since the socket was last looked at: the next drain() must look again.
  if (*now != last_state_) touched_ = true;
  last_state_ = *now;
  seen_at_ = target_.now();
  return now;
}

std::optional<State> KernelSession::look_up_state() {
  if (gone_) return State::Closed;
  // A socket knows its state as long as it has the connection. TIME-WAIT has a socket of its own.
  const auto held = socket_ ? state_of(state_number(socket_)) : std::nullopt;
  if (held && *held != State::Closed) return held;
  const auto found = target_.diag().find(sockets_);
  if (!found) return std::nullopt;
  if (*found) return (*found)->state;
  if (listener_) return State::Listen;
  gone_ = true;
  return State::Closed;
}

std::string KernelSession::ss_line() {
  auto found = target_.diag().find(sockets_);
  if (!found) return {};
  if (*found) return format_like_ss(**found);
  if (!listener_) return {};
  SocketPair listening = sockets_;
  listening.peer_address = {};
  listening.peer_port = 0;
  found = target_.diag().find(listening);
  return found && *found ? format_like_ss(**found) : std::string();
}

Reply KernelSession::call(const UserCall& call) {
  // The connection may have been established, or gone, since: the call speaks of what it is now.
  target_.refresh();
  if (touched_) look();
  answered_ = false;
  Reply reply = answer(call);
  touched_ = true;
  stir();
  return reply;
}

Reply KernelSession::answer(const UserCall& call) {
  switch (call.verb) {
    case Verb::Open: return open(call);
    case Verb::Send: return send(call);
    case Verb::Receive: return receive(call);
    case Verb::Close: return close();
    case Verb::Abort: return abort();
    case Verb::Status: return status();
  }
  return unsupported(Lack::NoSuchCall, "unknown call");
}

// ---- OPEN (RFC 9293 3.10.1)

void KernelSession::set_timeout(const Fd& socket, std::uint32_t milliseconds) {
  if (milliseconds == 0) return;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

// A connection that has ended leaves sockets behind, which still hold the port: a new one begins without them.
void KernelSession::start_over() {
  close_hard(socket_);
  listener_.reset();
  phase_ = Phase::Idle;
  receives_.clear();
  sends_.clear();
  close_wanted_ = shut_down_ = close_told_ = fin_told_ = urgent_told_ = false;
  error_ = 0;
}

Reply KernelSession::open(const UserCall& call) {
  const auto before = state();
  if (before == State::Listen && call.active) {
    return unsupported(Lack::NoListenerToActive, "OPEN active on a listening socket");
  }
  if (before == State::Closed && !call.active && call.remote_specified) {
    return unsupported(Lack::NoSuchCall, "OPEN passive with a specified remote socket: listen() takes every peer");
  }
  if (before == State::Closed) start_over();
  Result<Fd> made = target_.tcp_socket(sockets_.family);
  if (!made) return plain(Answer::InsufficientResources);
  Fd socket = std::move(*made);
  set_flag(socket, SOL_SOCKET, SO_OOBINLINE);  // urgent text is a part of the stream (RFC 9293 3.8.5)
  const int mss = target_.mss(sockets_.family);
  setsockopt(socket.get(), IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof mss);
  set_timeout(socket, call.timeout_ms);
  // Without SO_REUSEADDR: whatever there is on this port, in TIME-WAIT too, is a connection that exists.
  const SocketAddress here = socket_address(sockets_.family, sockets_.target_address, sockets_.target_port);
  if (bind(socket.get(), here.get(), here.size) != 0) return plain(answer_of(errno));
  return call.active ? open_active(std::move(socket), call.remote_specified) : open_passive(std::move(socket));
}

Reply KernelSession::open_active(Fd socket, bool remote_specified) {
  SocketAddress there = socket_address(sockets_.family, sockets_.peer_address, sockets_.peer_port);
  if (!remote_specified) there.size = sizeof(sa_family_t);  // an address without an address
  if (connect(socket.get(), there.get(), there.size) != 0 && errno != EINPROGRESS) return plain(answer_of(errno));
  gone_ = false;
  socket_ = std::move(socket);
  phase_ = Phase::Opening;
  target_.watch(socket_, *this, EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP);
  return {};
}

Reply KernelSession::open_passive(Fd socket) {
  constexpr int kBacklog = 16;  // more than one, so that a stray SYN does not crowd out the peer's
  if (listen(socket.get(), kBacklog) != 0) return plain(answer_of(errno));
  gone_ = false;
  listener_ = std::move(socket);
  target_.watch(listener_, *this, EPOLLIN);
  return {};
}

// ---- SEND, RECEIVE (RFC 9293 3.10.2, 3.10.3)

bool KernelSession::out_of_reach(State state) const { return state == State::SynReceived && !socket_; }

Reply KernelSession::send(const UserCall& call) {
  const auto now = state();
  if (!now) return unsupported(Lack::NoState, "SEND");
  if (*now == State::Closed) return plain(Answer::ConnectionDoesNotExist);
  if (*now == State::Listen) return unsupported(Lack::NoListenerToActive, "SEND on a listening socket");
  if (out_of_reach(*now)) return unaccepted(call.verb);
  if (close_wanted_) return plain(Answer::ConnectionClosing);
  set_timeout(socket_, call.timeout_ms);
  if (!sends_.empty() && phase_ == Phase::Open) return plain(Answer::InsufficientResources);
  if (phase_ == Phase::Opening) {
    // A blocking send() would wait for the connection: so does this text.
    sends_.push_back({call.text, call.urgent});
    return {};
  }
  const int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (call.urgent ? MSG_OOB : 0);
  const ssize_t sent = ::send(socket_.get(), call.text.data(), call.text.size(), flags);
  if (sent < 0) return plain(errno == EAGAIN ? Answer::InsufficientResources : answer_of(errno));
  if (static_cast<std::size_t>(sent) < call.text.size()) {
    sends_.push_back({{call.text.begin() + sent, call.text.end()}, call.urgent});
  }
  return {};
}

Reply KernelSession::receive(const UserCall& call) {
  const auto now = state();
  if (!now) return unsupported(Lack::NoState, "RECEIVE");
  if (*now == State::Closed) return plain(Answer::ConnectionDoesNotExist);
  if (*now == State::Listen) return unsupported(Lack::NoSuchCall, "RECEIVE on a listening socket");
  if (out_of_reach(*now)) return unaccepted(call.verb);
  Transfer got;
  if (receives_.empty() && phase_ != Phase::Opening) {
    got = read_some(call.length);
    look_for_urgent_data();  // it may have been read past: the next is worth a signal again
  }
  if (!got.text.empty() || (call.length == 0 && !got.eof)) {
    Reply reply;
    reply.text = std::move(got.text);
    reply.urgent = got.urgent;
    return reply;
  }
  if (got.eof || (*now == State::TimeWait && phase_ == Phase::Ended)) return plain(Answer::ConnectionClosing);
  if (got.error != 0) return plain(answer_of(got.error));
  receives_.push_back(call.length);
  return plain(Answer::Queued);
}

// ---- CLOSE, ABORT, STATUS (RFC 9293 3.10.4 to 3.10.6)

void KernelSession::shut_down() {
  shut_down_ = true;
  stir();
  shutdown(socket_.get(), SHUT_WR);
}

Reply KernelSession::close() {
  const auto now = state();
  if (!now) return unsupported(Lack::NoState, "CLOSE");
  if (*now == State::Closed) return plain(Answer::ConnectionDoesNotExist);
  if (out_of_reach(*now)) return unaccepted(Verb::Close);
  if (*now == State::Listen) {
    listener_.reset();
    return {};
  }
  if (*now == State::SynSent) {
    sends_.clear();
    socket_.reset();
    phase_ = Phase::Ended;
    finish_receives(Answer::ConnectionClosing);
    return {};
  }
  if (!sends_.empty()) {  // "queue this until all preceding SENDs have been segmentized"
    close_wanted_ = true;
    return {};
  }
  if (shutdown(socket_.get(), SHUT_WR) != 0) {
    // In TIME-WAIT the socket has no connection any more, but the connection exists.
    return plain(errno == ENOTCONN ? Answer::ConnectionClosing : answer_of(errno));
  }
  shut_down_ = true;
  return {};
}

Reply KernelSession::abort() {
  const auto now = state();
  if (!now) return unsupported(Lack::NoState, "ABORT");
  if (*now == State::Closed) return plain(Answer::ConnectionDoesNotExist);
  if (out_of_reach(*now)) return unaccepted(Verb::Abort);
  if (*now == State::TimeWait) {
    return unsupported(Lack::NoSuchCall, "ABORT in TIME-WAIT: the socket has no hold on the connection any more");
  }
  listener_.reset();
  close_hard(socket_);
  sends_.clear();
  phase_ = Phase::Ended;
  finish_receives(Answer::ConnectionReset);
  return {};
}

Reply KernelSession::status() {
  Reply reply;
  reply.state = state();
  if (!reply.state) return unsupported(Lack::NoState, "STATUS");
  if (*reply.state == State::Closed) reply.answer = Answer::ConnectionDoesNotExist;
  return reply;
}

}  // namespace conform::kernel
