#include "stack/tcp/stack.h"

#include <algorithm>
#include <utility>

#include "stack/tcp/careless.h"
#include "stack/tcp/defects.h"
#include "stack/tcp/reset.h"

namespace tcp {

using wire::State;

Answer Stack::send(ConnectionId connection, std::span<const std::uint8_t> text, const SendCall& call) {
  Entry* entry = find_entry(connection);
  if (!entry) return Answer::ConnectionDoesNotExist;
  const Answer answer = entry->connection->send(text, call);
  refresh(*entry);
  return answer;
}

Reply Stack::receive(ConnectionId connection, std::size_t length) {
  Entry* entry = find_entry(connection);
  if (!entry) return {Answer::ConnectionDoesNotExist, {}, false, false, {}};
  Reply reply = entry->connection->receive(length);
  refresh(*entry);
  return reply;
}

Answer Stack::close(ConnectionId connection) {
  Entry* entry = find_entry(connection);
  if (!entry) return Answer::ConnectionDoesNotExist;
  const Answer answer = entry->connection->close();
  refresh(*entry);
  return answer;
}

Answer Stack::abort(ConnectionId connection) {
  Entry* entry = find_entry(connection);
  if (!entry) return Answer::ConnectionDoesNotExist;
  const Answer answer = entry->connection->abort();
  refresh(*entry);
  return answer;
}

Reply Stack::status(ConnectionId connection) const {
  if (const Connection* found = find(connection)) return found->status();
  return {Answer::ConnectionDoesNotExist, {}, false, false, {}};
}

Answer Stack::set_nagle(ConnectionId connection, bool nagle) {
  Entry* entry = find_entry(connection);
  if (!entry) return Answer::ConnectionDoesNotExist;
  entry->connection->set_nagle(nagle);
  refresh(*entry);
  return Answer::Ok;
}

Answer Stack::set_diffserv(ConnectionId connection, std::uint8_t diffserv) {
  Entry* entry = find_entry(connection);
  if (!entry) return Answer::ConnectionDoesNotExist;
  entry->connection->set_diffserv(diffserv);
  return Answer::Ok;
}

std::optional<codec::Reject> Stack::arrive(std::span<const std::uint8_t> datagram, Time now) {
  advance(now);
  auto decoded = defects::on(Defect::ShortDataOffsetAccepted)
                     ? careless::decode_short(datagram)
                     : codec::decode(datagram, !defects::on(Defect::BadChecksumAccepted));
  if (const auto* reject = std::get_if<codec::Reject>(&decoded)) return *reject;
  auto& [ip, segment] = std::get<codec::Received>(decoded);
  // RFC 9293 3.9.2.3: nothing is answered that no single host sent (MUST-63) or that was not sent to this host alone
  // (MUST-57).
  const auto& own = context_.config.address_for(ip.destination.version);
  if (!own || *own != ip.destination) return codec::Reject::NotForUs;
  if (!ip.source.is_unicast() || (ip.source.is_loopback() && !own->is_loopback())) return codec::Reject::BadSource;

  const Socket local{ip.destination, segment.destination_port};
  const Socket remote{ip.source, segment.source_port};
  Entry* entry = match(local, remote);
  if (!entry) entry = find_listener(local, remote);
  if (!entry) {
    arrive_closed(segment, local, remote);
    return std::nullopt;
  }
  entry->connection->arrive(segment, local, remote);
  refresh(*entry);
  return std::nullopt;
}

// RFC 9293 3.10.7.1: SEGMENT ARRIVES in CLOSED. All data is discarded; a RST as well, anything else is answered by one.
void Stack::arrive_closed(const wire::Segment& segment, const Socket& local, const Socket& remote) {
  if (segment.flags.rst() && !defects::on(Defect::ClosedRstAnswered)) return;
  emit_reset_for(context_, segment, local, remote);
}

void Stack::advance(Time now) {
  for (Time due = next_deadline(); due <= now; due = next_deadline()) {
    context_.now = std::max(context_.now, due);
    for (std::size_t i = 0; i < entries_.size();) {
      if (entries_[i].deadline > context_.now) {
        ++i;
        continue;
      }
      const std::size_t before = entries_.size();
      entries_[i].connection->advance();
      refresh(entries_[i]);
      if (entries_.size() == before) ++i;
    }
  }
  context_.now = std::max(context_.now, now);
}

Time Stack::next_deadline() const {
  Time earliest = kNever;
  for (const Entry& entry : entries_) earliest = std::min(earliest, entry.deadline);
  return earliest;
}

std::vector<Output> Stack::take_outputs() { return std::exchange(context_.outputs, {}); }

const Connection* Stack::find(ConnectionId connection) const {
  for (const Entry& entry : entries_) {
    if (entry.connection->id() == connection) return entry.connection.get();
  }
  return nullptr;
}

Stack::Entry* Stack::find_entry(ConnectionId connection) {
  for (Entry& entry : entries_) {
    if (entry.connection->id() == connection) return &entry;
  }
  return nullptr;
}

// The connection between exactly these sockets, but for LISTEN records.
Stack::Entry* Stack::match(const Socket& local, const Socket& remote) {
  const std::uint32_t ports = ports_of(local.port, remote.port);
  for (Entry& entry : entries_) {
    if (entry.ports != ports) continue;
    const Tcb& tcb = entry.connection->tcb();
    if (tcb.state != State::Listen && tcb.remote == remote && tcb.local_address == local.address) return &entry;
  }
  return nullptr;
}

// The LISTEN record that matches best: a specified remote socket counts more than a specified local address.
Stack::Entry* Stack::find_listener(const Socket& local, const Socket& remote) {
  Entry* best = nullptr;
  int best_score = -1;
  for (Entry& entry : entries_) {
    const Tcb& tcb = entry.connection->tcb();
    if (tcb.state != State::Listen || tcb.local_port != local.port) continue;
    if (tcb.remote && tcb.remote != remote) continue;
    if (tcb.local_address && tcb.local_address != local.address) continue;
    const int score = (tcb.remote ? 2 : 0) + (tcb.local_address ? 1 : 0);
    if (score > best_score) best = &entry, best_score = score;
  }
  return best;
}

void Stack::refresh(Entry& entry) {
  if (entry.connection->closed() && !defects::on(Defect::ConnectionKeptAfterClosed)) {
    if (violation_.empty()) violation_ = entry.connection->check_invariants();
    if (defects::on(Defect::ReadAfterDelete)) careless::deadline_after_delete(std::move(entry.connection));
    entries_.erase(entries_.begin() + (&entry - entries_.data()));
    return;
  }
  const Tcb& tcb = entry.connection->tcb();
  entry.ports = ports_of(tcb.local_port, tcb.remote ? tcb.remote->port : std::uint16_t{0});
  entry.deadline = entry.connection->next_deadline();
}

}  // namespace tcp
