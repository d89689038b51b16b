// What the sockets of a KernelSession tell, as the RFC's signals to the user.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "harness/target/linux/kernel_session.h"
#include "harness/target/linux/kernel_target.h"

namespace conform::kernel {
namespace {

// The kernel's numbers of the states that matter here (include/net/tcp_states.h; <netinet/tcp.h> has the same).
bool has_fin(int state) { return state == TCP_CLOSE_WAIT || state == TCP_CLOSING || state == TCP_LAST_ACK; }

short events_of(const Fd& socket) {
  pollfd look{socket.get(), POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
  poll(&look, 1, 0);
  return look.revents;
}

SignalKind signal_of(int why) {
  switch (why) {
    case ECONNREFUSED: return SignalKind::ConnectionRefused;
    case ECONNRESET:
    case EPIPE: return SignalKind::ConnectionReset;  // EPIPE: a RST in CLOSE-WAIT
    default: return SignalKind::ConnectionAborted;   // ETIMEDOUT, or what ICMP said was the reason
  }
}

Answer answer_of(SignalKind kind) {
  switch (kind) {
    case SignalKind::ConnectionRefused: return Answer::ConnectionRefused;
    case SignalKind::ConnectionAborted: return Answer::ConnectionAborted;
    default: return Answer::ConnectionReset;
  }
}

}  // namespace

void KernelSession::signal(SignalKind kind, Reply reply) {
  seen_at_.reset();  // there is news: the state may be another
  observe({target_.now(), Signal{kind, std::move(reply)}});
}

void KernelSession::look() {
  touched_ = false;
  if (listener_) look_at_listener();
  if (socket_ && phase_ != Phase::Ended) look_at_socket();
}

// The connection of a passive OPEN. The RFC's TCB is the listener until then, so the listener goes: what becomes of
// this connection is not LISTEN again.
void KernelSession::look_at_listener() {
  while (true) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    Fd child(accept4(listener_.get(), reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!child) return;
    const std::uint16_t port = from.ss_family == AF_INET ? reinterpret_cast<const sockaddr_in&>(from).sin_port
                                                         : reinterpret_cast<const sockaddr_in6&>(from).sin6_port;
    if (ntohs(port) != sockets_.peer_port) {
      const linger hard{1, 0};
      setsockopt(child.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
      continue;  // not the connection under test
    }
    socket_ = std::move(child);
    break;
  }
  listener_.reset();
  phase_ = Phase::Open;
  target_.watch(socket_, *this, EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP);
  signal(SignalKind::OpenDone);
}

void KernelSession::look_at_socket() {
  const short events = events_of(socket_);
  if (phase_ == Phase::Opening) {
    if ((events & (POLLOUT | POLLERR | POLLHUP)) == 0) return;
    if ((events & (POLLERR | POLLHUP)) == 0) {
      phase_ = Phase::Open;
      signal(SignalKind::OpenDone);
    }
  }
  // In the order of RFC 9293 3.10.7.4: URG, text, FIN; a RST last, since it leaves nothing to look at.
  if (phase_ == Phase::Open) {
    flush_sends();
    look_for_close_done();
    look_for_urgent_data();
    if (events & (POLLIN | POLLRDHUP | POLLERR | POLLHUP)) serve_receives();
    if (events & POLLRDHUP) look_for_fin();
  }
  if (events & (POLLERR | POLLHUP)) look_for_end();
}

// POLLPRI comes only with the urgent octet itself, but the RFC wants the signal as soon as the pointer is known
// (3.10.7.4, sixth). recv(MSG_OOB) tells: EAGAIN while the octet has not arrived, the octet after that, and EINVAL when
// there is nothing urgent. It does so only while urgent text is kept apart, which is switched on just for the question:
// what the flag changes happens in recv() and on arrival, and neither can come between.
void KernelSession::look_for_urgent_data() {
  if (!urgent_seen_ && !urgent_told_) return;
  urgent_seen_ = false;
  const int on = 1, off = 0;
  char octet = 0;
  setsockopt(socket_.get(), SOL_SOCKET, SO_OOBINLINE, &off, sizeof off);
  const ssize_t got = recv(socket_.get(), &octet, 1, MSG_OOB | MSG_PEEK | MSG_DONTWAIT);
  const bool pending = got > 0 || (got < 0 && errno == EAGAIN);
  setsockopt(socket_.get(), SOL_SOCKET, SO_OOBINLINE, &on, sizeof on);
  if (pending && !urgent_told_) signal(SignalKind::UrgentData);
  urgent_told_ = pending;
}

KernelSession::Transfer KernelSession::read_some(std::uint32_t length) {
  Transfer out;
  // recv() stops at the urgent mark, where the RFC's RECEIVE goes on: hence again until nothing is left.
  out.urgent = urgent_told_;
  out.text.resize(length == 0 ? 1 : length);
  std::size_t filled = 0;
  while (filled < out.text.size()) {
    const int flags = MSG_DONTWAIT | (length == 0 ? MSG_PEEK : 0);
    stir();  // room in the receive buffer may be offered to the peer
    const ssize_t got = recv(socket_.get(), out.text.data() + filled, out.text.size() - filled, flags);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno != EAGAIN && filled == 0) out.error = errno;
    if (got < 0 && errno != EAGAIN && errno != ENOTCONN) error_ = errno;
    if (got == 0) out.eof = filled == 0;
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
    if (length == 0) break;
  }
  out.text.resize(length == 0 ? 0 : filled);
  return out;
}

void KernelSession::serve_receives() {
  while (!receives_.empty()) {
    Transfer got = read_some(receives_.front());
    if (got.text.empty()) return;  // the end of the stream, or an error, comes to all of them, later
    receives_.pop_front();
    Reply reply;
    reply.text = std::move(got.text);
    reply.urgent = got.urgent;
    signal(SignalKind::ReceiveDone, std::move(reply));
    look_for_urgent_data();
  }
}

void KernelSession::finish_receives(Answer answer) {
  for (std::size_t count = receives_.size(); count > 0; --count) {
    Reply reply;
    reply.answer = answer;
    signal(SignalKind::ReceiveDone, std::move(reply));
  }
  receives_.clear();
}

void KernelSession::flush_sends() {
  while (!sends_.empty()) {
    auto& [text, urgent] = sends_.front();
    stir();
    const int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (urgent ? MSG_OOB : 0);
    const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), flags);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EPIPE) error_ = errno;
      return;
    }
    text.erase(text.begin(), text.begin() + sent);
    if (!text.empty()) return;
    sends_.pop_front();
  }
  if (std::exchange(close_wanted_, false)) shut_down();
}

// RFC 9293 3.10.7.4, fifth, FIN-WAIT-2: "the user's CLOSE can be acknowledged". The socket tells nothing of it, but its
// state does. A connection that came to its end through CLOSING or LAST-ACK has no such answer in the RFC.
void KernelSession::look_for_close_done() {
  if (!shut_down_ || close_told_) return;
  const int state = state_number(socket_);
  if (state == TCP_CLOSING || state == TCP_LAST_ACK) close_told_ = true;
  // Straight from FIN-WAIT-1 to TIME-WAIT: passed through FIN-WAIT-2 on the way.
  const auto found = state == TCP_CLOSE && !fin_told_
                         ? target_.diag().find(sockets_)
                         : Result<std::optional<SocketEntry>>(std::optional<SocketEntry>());
  const bool time_wait = found && *found && (*found)->state == wire::State::TimeWait;
  if (state != TCP_FIN_WAIT2 && !time_wait) return;
  close_told_ = true;
  signal(SignalKind::CloseDone);
}

void KernelSession::signal_closing() {
  if (std::exchange(fin_told_, true)) return;
  signal(SignalKind::ConnectionClosing);
  finish_receives(Answer::ConnectionClosing);
}

void KernelSession::look_for_fin() {
  if (has_fin(state_number(socket_))) signal_closing();
}

int KernelSession::take_error() {
  int pending = 0;
  socklen_t size = sizeof pending;
  getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &pending, &size);
  return error_ != 0 ? std::exchange(error_, 0) : pending;
}

// The socket is closed when it lost its connection: by an error, or in order, through TIME-WAIT or LAST-ACK. In
// order means that the peer's FIN was among what happened.
void KernelSession::look_for_end() {
  if (state_number(socket_) != TCP_CLOSE) return;
  const bool opening = phase_ == Phase::Opening;
  phase_ = Phase::Ended;
  sends_.clear();
  const int why = take_error();
  if (why == 0) {
    if (!opening) signal_closing();
    finish_receives(Answer::ConnectionClosing);
    return;
  }
  if (why == EPIPE) signal_closing();
  const SignalKind kind = signal_of(why);
  signal(kind);
  finish_receives(answer_of(kind));
}

}  // namespace conform::kernel
