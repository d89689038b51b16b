#include "harness/target/stack/stack_session.h"

#include <algorithm>
#include <utility>

#include "stack/codec/datagram.h"

namespace conform {

namespace {

codec::IpAddress host_address(Family family, std::uint8_t host) {
  if (family == Family::Ipv4) return codec::IpAddress::v4(192, 0, 2, host);
  return codec::IpAddress::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host});
}

tcp::Config with_session(tcp::Config config, std::uint64_t seed) {
  config.seed = seed;
  config.address_v4 = host_address(Family::Ipv4, 1);
  config.address_v6 = host_address(Family::Ipv6, 1);
  return config;
}

Answer to_harness(tcp::Answer answer) {
  switch (answer) {
    case tcp::Answer::Ok: return Answer::Ok;
    case tcp::Answer::Queued: return Answer::Queued;
    case tcp::Answer::ConnectionDoesNotExist: return Answer::ConnectionDoesNotExist;
    case tcp::Answer::ConnectionIllegal: return Answer::ConnectionIllegal;
    case tcp::Answer::ConnectionAlreadyExists: return Answer::ConnectionAlreadyExists;
    case tcp::Answer::ConnectionClosing: return Answer::ConnectionClosing;
    case tcp::Answer::ConnectionReset: return Answer::ConnectionReset;
    case tcp::Answer::ConnectionRefused: return Answer::ConnectionRefused;
    case tcp::Answer::ConnectionAborted: return Answer::ConnectionAborted;
    case tcp::Answer::InsufficientResources: return Answer::InsufficientResources;
    case tcp::Answer::RemoteSocketUnspecified: return Answer::RemoteSocketUnspecified;
  }
  return Answer::Unsupported;
}

Reply to_harness(tcp::Reply reply) {
  Reply result;
  result.answer = to_harness(reply.answer);
  result.text = std::move(reply.text);
  result.urgent = reply.urgent;
  result.push = reply.push;
  result.state = reply.state;
  return result;
}

// Nothing for what the harness has no word for.
std::optional<SignalKind> to_harness(tcp::SignalKind kind) {
  switch (kind) {
    case tcp::SignalKind::OpenDone: return SignalKind::OpenDone;
    case tcp::SignalKind::CloseDone: return SignalKind::CloseDone;
    case tcp::SignalKind::ReceiveDone: return SignalKind::ReceiveDone;
    case tcp::SignalKind::ConnectionReset: return SignalKind::ConnectionReset;
    case tcp::SignalKind::ConnectionRefused: return SignalKind::ConnectionRefused;
    case tcp::SignalKind::ConnectionClosing: return SignalKind::ConnectionClosing;
    case tcp::SignalKind::ConnectionAborted: return SignalKind::ConnectionAborted;
    case tcp::SignalKind::UrgentData: return SignalKind::UrgentData;
    case tcp::SignalKind::DeliveryProblem: return std::nullopt;
  }
  return std::nullopt;
}

Reply answered(tcp::Answer answer) {
  Reply reply;
  reply.answer = to_harness(answer);
  return reply;
}

// The port that nobody uses. What the RST looks like is for the table to judge, so it is known by this alone.
std::uint16_t probe_port(const tcp::Socket& socket) { return socket.port == 9 ? 10 : 9; }

// An ACK to a port where nothing can be: its RST proves that everything before it has been processed.
Datagram make_barrier_probe(const tcp::Socket& target, const tcp::Socket& peer) {
  wire::Segment probe;
  probe.source_port = probe_port(peer);
  probe.destination_port = probe_port(target);
  probe.flags.bits = wire::Flags::kAck;
  probe.seq = probe.ack = wire::SeqNum(0xba441e4);
  return codec::encode({peer.address, target.address, 64, 0}, probe);
}

}  // namespace

StackSession::StackSession(const SessionConfig& session, const StackTargetOptions& options,
                           std::shared_ptr<VirtualClock> clock)
    : check_invariants_(options.check_invariants),
      clock_(std::move(clock)),
      started_(clock_->now),
      target_socket_{host_address(session.family, 1), session.target_port},
      peer_socket_{host_address(session.family, 2), session.peer_port},
      stack_(with_session(options.config, session.seed)),
      barrier_probe_(make_barrier_probe(target_socket_, peer_socket_)) {
  sockets_.family = session.family;
  sockets_.target_address.bytes = target_socket_.address.octets;
  sockets_.peer_address.bytes = peer_socket_.address.octets;
  sockets_.target_port = session.target_port;
  sockets_.peer_port = session.peer_port;
  clock_->sessions.push_back(this);
}

StackSession::~StackSession() { std::erase(clock_->sessions, this); }

Reply StackSession::call(const UserCall& call) {
  stack_.advance(stack_time());
  Reply reply;
  switch (call.verb) {
    case Verb::Open: reply = open(call); break;
    case Verb::Send: {
      std::vector<std::uint8_t> text = call.text;
      text.resize(call.length);
      tcp::SendCall send;
      send.push = call.push;
      send.urgent = call.urgent;
      send.user_timeout = std::chrono::milliseconds(call.timeout_ms);
      reply = answered(stack_.send(connection_, text, send));
      break;
    }
    case Verb::Receive: reply = to_harness(stack_.receive(connection_, call.length)); break;
    case Verb::Close: reply = answered(stack_.close(connection_)); break;
    case Verb::Abort: reply = answered(stack_.abort(connection_)); break;
    case Verb::Status: reply = to_harness(stack_.status(connection_)); break;
  }
  collect();
  return reply;
}

Reply StackSession::open(const UserCall& call) {
  tcp::OpenCall open;
  open.active = call.active;
  if (stack_.find(connection_)) open.connection = connection_;
  open.local_address = target_socket_.address;
  open.local_port = target_socket_.port;
  if (call.remote_specified) open.remote = peer_socket_;
  open.user_timeout = std::chrono::milliseconds(call.timeout_ms);
  const tcp::OpenReply reply = stack_.open(open);
  if (reply.answer == tcp::Answer::Ok) connection_ = reply.connection;
  return answered(reply.answer);
}

Status StackSession::inject(std::span<const std::uint8_t> datagram) {
  stack_.arrive(datagram, stack_time());
  collect();
  return Done{};
}

std::vector<Observation> StackSession::drain() { return std::exchange(observations_, {}); }

std::optional<wire::State> StackSession::state() {
  const tcp::Connection* connection = stack_.find(connection_);
  return connection ? connection->state() : wire::State::Closed;
}

Status StackSession::barrier() {
  stack_.arrive(barrier_probe_, stack_time());
  // Timeouts that were due came out before the RST, which is the last thing there is.
  std::vector<tcp::Output> outputs = stack_.take_outputs();
  const auto* last = outputs.empty() ? nullptr : std::get_if<codec::Datagram>(&outputs.back());
  const auto answer = last ? codec::decode(*last) : std::variant<codec::Received, codec::Reject>(codec::Reject::NotTcp);
  const auto* received = std::get_if<codec::Received>(&answer);
  if (!received || !received->segment.flags.rst() ||
      received->segment.destination_port != probe_port(peer_socket_)) {
    return error("the stack did not answer a segment to a closed port with a RST");
  }
  outputs.pop_back();
  for (tcp::Output& output : outputs) observe(output);
  if (!check_invariants_) return Done{};
  // A stack that is wrong inside is as good as dead, whatever it still sends.
  const std::string violation = stack_.check_invariants();
  if (!violation.empty()) return error("an invariant of the stack is broken: " + violation);
  return Done{};
}

Time StackSession::next_deadline() const {
  const tcp::Time deadline = stack_.next_deadline();
  return deadline == tcp::kNever ? kNever : started_ + deadline;
}

void StackSession::advance() {
  stack_.advance(stack_time());
  collect();
}

void StackSession::collect() {
  if (!stack_.has_outputs()) return;
  for (tcp::Output& output : stack_.take_outputs()) observe(output);
}

void StackSession::observe(tcp::Output& output) {
  Observation observation;
  observation.at = clock_->now;
  if (auto* datagram = std::get_if<codec::Datagram>(&output)) {
    observation.what = std::move(*datagram);
  } else {
    auto& signal = std::get<tcp::Signal>(output);
    const auto kind = to_harness(signal.kind);
    if (!kind) return;
    observation.what = Signal{*kind, to_harness(std::move(signal.reply))};
  }
  observations_.push_back(std::move(observation));
}

}  // namespace conform
