// RFC 9293 3.10.1: the OPEN call, as far as it chooses or makes a connection record.
#include <algorithm>

#include "stack/tcp/stack.h"

namespace tcp {

using wire::State;

OpenReply Stack::open(const OpenCall& call) {
  if (call.connection) {
    if (Entry* entry = find_entry(*call.connection)) {
      const Answer answer = entry->connection->reopen(call);
      const ConnectionId id = entry->connection->id();
      refresh(*entry);
      return {answer, id};
    }
  }
  if (call.active && !call.remote) return {Answer::RemoteSocketUnspecified, 0};
  // RFC 9293 3.9.1.1: a broadcast or multicast address is no remote address (MUST-46).
  if (call.remote && !call.remote->address.is_unicast()) return {Answer::ConnectionIllegal, 0};
  if (call.local_address && call.local_address != context_.config.address_for(call.local_address->version)) {
    return {Answer::ConnectionIllegal, 0};
  }
  return open_new(call);
}

OpenReply Stack::open_new(const OpenCall& call) {
  // MUST-44: IP, which is this host's two addresses, chooses the local one; a passive OPEN may leave it open.
  std::optional<codec::IpAddress> address = call.local_address;
  if (!address && call.remote) address = context_.config.address_for(call.remote->address.version);
  if (!address && call.remote) return {Answer::ConnectionIllegal, 0};
  if (address && call.remote && address->version != call.remote->address.version) return {Answer::ConnectionIllegal, 0};

  std::uint16_t port = call.local_port;
  if (port == 0) {
    if (!call.active) return {Answer::ConnectionIllegal, 0};
    const auto chosen = free_port(call, *address);
    if (!chosen) return {Answer::InsufficientResources, 0};
    port = *chosen;
  }
  const Socket local{address.value_or(codec::IpAddress{}), port};
  if (conflicts(call, local)) return {Answer::ConnectionAlreadyExists, 0};
  if (call.active) {
    // A LISTEN record of this local socket is changed from passive to active.
    Entry* listener = call.local_port != 0 ? find_listener(local, *call.remote) : nullptr;
    if (listener) {
      const Answer answer = listener->connection->reopen(call);
      const ConnectionId id = listener->connection->id();
      refresh(*listener);
      return {answer, id};
    }
  }
  if (entries_.size() >= context_.config.max_connections) return {Answer::InsufficientResources, 0};
  Entry entry;
  entry.connection = std::make_unique<Connection>(++last_id_, context_);
  entry.connection->open(call, local, call.local_address.has_value());
  entries_.push_back(std::move(entry));
  refresh(entries_.back());
  return {Answer::Ok, last_id_};
}

// Whether a record of the same sockets exists. A passive OPEN may share its port with connections, but a LISTEN record
// as specific as itself would make it unclear whom a SYN is for (MUST-41, MUST-42).
bool Stack::conflicts(const OpenCall& call, const std::optional<Socket>& local) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    const Tcb& tcb = entry.connection->tcb();
    if (tcb.local_port != local->port || tcb.remote != call.remote) return false;
    if (tcb.state != State::Listen) return call.remote.has_value() && tcb.local_address == local->address;
    return !call.active && tcb.local_address == call.local_address;
  });
}

// RFC 6056 3.3.3: the search begins where the secret key says, and takes the next port that is free.
std::optional<std::uint16_t> Stack::free_port(const OpenCall& call, const codec::IpAddress& local) const {
  for (std::uint32_t attempt = 0; attempt < 16384; ++attempt) {
    const std::uint16_t port = context_.isn.ephemeral_port(*call.remote, attempt);
    const bool taken = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
      const Tcb& tcb = entry.connection->tcb();
      return tcb.local_port == port && (tcb.state == State::Listen || tcb.remote == call.remote) &&
             (!tcb.local_address || tcb.local_address == local);
    });
    if (!taken) return port;
  }
  return std::nullopt;
}

}  // namespace tcp
