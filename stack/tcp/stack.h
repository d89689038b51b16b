// Stack owns one host's TCP: its connections, which of them a datagram is for, and what goes out. It does no I/O and
// has no clock: the caller hands it datagrams, calls and the time, and takes datagrams and signals from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stack/codec/datagram.h"
#include "stack/tcp/config.h"
#include "stack/tcp/connection.h"
#include "stack/tcp/context.h"
#include "stack/tcp/time.h"
#include "stack/tcp/user.h"

namespace tcp {

// The same configuration and the same events at the same times give the same outputs, bit for bit.
class Stack {
 public:
  explicit Stack(const Config& config) : context_(config) {}
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  // User calls (RFC 9293 3.10.1-3.10.6), made at the time of the last advance() or arrive(). A connection that does
  // not exist, or no longer, is answered as the RFC does for CLOSED.
  OpenReply open(const OpenCall& call);
  Answer send(ConnectionId connection, std::span<const std::uint8_t> text, const SendCall& call = {});
  Reply receive(ConnectionId connection, std::size_t length);
  Answer close(ConnectionId connection);
  Answer abort(ConnectionId connection);
  Reply status(ConnectionId connection) const;
  Answer set_nagle(ConnectionId connection, bool nagle);                // RFC 9293 3.7.4, MUST-17
  Answer set_diffserv(ConnectionId connection, std::uint8_t diffserv);  // RFC 9293 3.9.1.9, SHLD-21

  // One IP datagram has arrived. Every octet of it may be hostile. Why it was thrown away, or nothing.
  std::optional<codec::Reject> arrive(std::span<const std::uint8_t> datagram, Time now);

  // Lets the time come to `now`, serving every timeout on the way at its own time. Time does not run backwards.
  void advance(Time now);
  // The earliest timeout; kNever when no timer runs.
  Time next_deadline() const;
  Time now() const { return context_.now; }

  // What went out since the last take(), in order.
  std::vector<Output> take_outputs();
  bool has_outputs() const { return !context_.outputs.empty(); }

  // Introspection: nothing when there is no such TCB. Valid until the next event.
  const Connection* find(ConnectionId connection) const;
  std::size_t connection_count() const { return entries_.size(); }
  // The first thing found wrong with any connection, in words; empty if nothing is. What a connection left behind when
  // it closed is remembered. To be asked between events, as often as a test likes.
  std::string check_invariants() const;

 private:
  friend struct Tamper;  // breaks the invariants, to prove that the check of them can fail

  struct Entry {
    std::uint32_t ports = 0;  // ports_of() it: what most lookups fail on
    Time deadline = kNever;
    std::unique_ptr<Connection> connection;
  };

  // Both ports in one word, 0 for any.
  static constexpr std::uint32_t ports_of(std::uint16_t local, std::uint16_t remote) {
    return static_cast<std::uint32_t>(local) << 16 | remote;
  }
  void arrive_closed(const wire::Segment& segment, const Socket& local, const Socket& remote);
  Entry* match(const Socket& local, const Socket& remote);
  Entry* find_listener(const Socket& local, const Socket& remote);
  Entry* find_entry(ConnectionId connection);
  bool conflicts(const OpenCall& call, const std::optional<Socket>& local) const;
  std::optional<std::uint16_t> free_port(const OpenCall& call, const codec::IpAddress& local) const;
  OpenReply open_new(const OpenCall& call);
  // The connection has seen an event: forgets it if it closed, otherwise notes what lookups need.
  void refresh(Entry& entry);
  static std::string_view check_entry(const Entry& entry);

  Context context_;
  std::vector<Entry> entries_;
  ConnectionId last_id_ = 0;
  std::string violation_;  // of a connection that is gone
};

}  // namespace tcp
