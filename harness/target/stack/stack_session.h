// StackSession owns one fresh stack, the connection under test in it, and what the two have emitted and signalled.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/target/stack/stack_target.h"
#include "harness/target/target.h"
#include "stack/tcp/stack.h"

namespace conform {

class StackSession;

// The virtual clock, and the sessions that live on it. Shared by the target and its sessions.
struct VirtualClock {
  Time now{};
  std::vector<StackSession*> sessions;
};

class StackSession : public Session {
 public:
  // 192.0.2.1 and 2001:db8::1 are the target's addresses, .2 and ::2 the peer's.
  StackSession(const SessionConfig& session, const StackTargetOptions& options, std::shared_ptr<VirtualClock> clock);
  ~StackSession() override;

  const SocketPair& sockets() const override { return sockets_; }
  Reply call(const UserCall& call) override;
  Status inject(std::span<const std::uint8_t> datagram) override;
  std::vector<Observation> drain() override;
  std::optional<wire::State> state() override;
  Status barrier() override;

  // For the target's wait().
  bool has_observations() const { return !observations_.empty(); }
  Time next_deadline() const;
  void advance();

  // How many TCBs the session's stack holds, connections that nobody asked for included.
  std::size_t connection_count() const { return stack_.connection_count(); }
  // What is wrong inside the stack, in words; empty if nothing is.
  std::string check_invariants() const { return stack_.check_invariants(); }

 private:
  Reply open(const UserCall& call);
  tcp::Time stack_time() const { return clock_->now - started_; }
  void collect();
  void observe(tcp::Output& output);

  const bool check_invariants_;
  std::shared_ptr<VirtualClock> clock_;
  Time started_;
  SocketPair sockets_;
  tcp::Socket target_socket_, peer_socket_;
  tcp::Stack stack_;
  tcp::ConnectionId connection_ = 0;  // 0 before the first OPEN
  Datagram barrier_probe_;
  std::vector<Observation> observations_;
};

}  // namespace conform
