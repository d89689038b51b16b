// KernelSession owns one connection of the kernel: the sockets behind the user calls, and what they have told.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "harness/target/linux/fd.h"
#include "harness/target/linux/socket_diag.h"
#include "harness/target/target.h"

namespace conform::kernel {

class KernelTarget;

// User calls are in kernel_session.cc, what the sockets tell in socket_events.cc.
class KernelSession final : public Session {
 public:
  KernelSession(KernelTarget& target, const SocketPair& sockets) : target_(target), sockets_(sockets) {}
  ~KernelSession() override;

  const SocketPair& sockets() const override { return sockets_; }
  Reply call(const UserCall& call) override;
  Status inject(std::span<const std::uint8_t> datagram) override;
  std::vector<Observation> drain() override;
  std::optional<wire::State> state() override;
  Status barrier() override;

  // ---- for the target
  // Whether the kernel has sent this connection something since the last call or injection.
  bool answered() const { return answered_; }
  void observe(Observation observation);
  // The kernel spoke to this port of the peer's address.
  void note_peer(std::uint16_t port);
  // Asks the sockets what has happened, and turns it into signals.
  void look();
  std::string ss_line();

 private:
  // What the user waits for on the socket that stands for the connection.
  enum class Phase : std::uint8_t { Idle, Opening, Open, Ended };

  struct Transfer {
    std::vector<std::uint8_t> text;
    bool eof = false;
    int error = 0;  // an errno value
    bool urgent = false;
  };

  Reply answer(const UserCall& call);
  Reply open(const UserCall& call);
  Reply open_active(Fd socket, bool remote_specified);
  Reply open_passive(Fd socket);
  Reply send(const UserCall& call);
  Reply receive(const UserCall& call);
  Reply close();
  Reply abort();
  Reply status();

  // What the kernel has for the connection; nothing when it cannot be asked.
  std::optional<wire::State> look_up_state();
  // Something was caused on a socket.
  void stir();
  // Whether the connection is one that accept() has not returned, on which no call can be made.
  bool out_of_reach(wire::State state) const;
  void start_over();
  // Sets the user timeout (TCP_USER_TIMEOUT); 0 leaves it as it is.
  static void set_timeout(const Fd& socket, std::uint32_t milliseconds);

  void look_at_listener();
  void look_at_socket();
  void look_for_urgent_data();
  void look_for_fin();
  void look_for_end();
  void look_for_close_done();
  // Hands over text, and the end of the stream or an error, to queued RECEIVEs.
  void serve_receives();
  void flush_sends();
  Transfer read_some(std::uint32_t length);
  void finish_receives(Answer answer);
  // Forgets an error that the socket reported, and gives it.
  int take_error();
  void signal(SignalKind kind, Reply reply = {});
  void signal_closing();
  void shut_down();

  KernelTarget& target_;
  SocketPair sockets_;
  std::vector<Observation> queue_;
  bool touched_ = false;   // something was injected or called since the last look
  bool answered_ = false;

  wire::State last_state_ = wire::State::Closed;
  std::optional<Time> seen_at_;  // when it was asked for, if nothing was caused since
  bool gone_ = true;             // the kernel has no socket for the connection, and will have none before an OPEN

  std::vector<std::uint16_t> stray_peers_;  // other ports that the listener has answered

  Fd listener_, socket_;
  Phase phase_ = Phase::Idle;
  std::deque<std::uint32_t> receives_;  // the sizes of queued RECEIVEs
  struct QueuedText {
    std::vector<std::uint8_t> text;
    bool urgent = false;
  };
  std::deque<QueuedText> sends_;  // what a blocking send() would be waiting with
  bool close_wanted_ = false;     // CLOSE waits for them
  bool shut_down_ = false;        // our FIN is sent or queued
  bool close_told_ = false;       // CloseDone was signalled, or cannot be any more
  bool fin_told_ = false;
  bool urgent_seen_ = false;  // a segment with URG was injected since the last look
  bool urgent_told_ = false;  // and not yet read past
  int error_ = 0;             // an errno value that recv() took away from SO_ERROR
};

}  // namespace conform::kernel
