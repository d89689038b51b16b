// The TCP/user interface of the stack: calls, replies and signals (RFC 9293 3.9.1 and 3.10.1-3.10.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "stack/codec/address.h"
#include "stack/tcp/time.h"
#include "stack/wire/state.h"

namespace tcp {

// The local connection name of RFC 9293 3.9.1.1. Never given out twice by one stack; 0 names nothing.
using ConnectionId = std::uint32_t;

struct Socket {
  codec::IpAddress address;
  std::uint16_t port = 0;
  bool operator==(const Socket&) const = default;
};

// OPEN. Without `connection` it makes a new connection record (MUST-41), except that an active OPEN from the local
// socket of a LISTEN record makes that one active, and that a connection of the same sockets must not exist.
struct OpenCall {
  bool active = false;
  std::optional<ConnectionId> connection;         // the OPEN speaks of this one, if it still exists
  std::optional<codec::IpAddress> local_address;  // MUST-43; nothing: the host's of the remote's version, or any
  std::uint16_t local_port = 0;                   // 0: the stack chooses (active only)
  std::optional<Socket> remote;                   // may be left out of a passive OPEN
  Duration user_timeout{};                        // 0: the default
  bool nagle = true;                              // RFC 9293 3.7.4, MUST-17
  std::uint8_t diffserv = 0;                      // the whole octet (MUST-48)
};

struct SendCall {
  bool push = false;
  bool urgent = false;
  Duration user_timeout{};  // 0 leaves it as it is
};

enum class Answer : std::uint8_t {
  Ok,
  Queued,  // RECEIVE: completes with the signal ReceiveDone
  ConnectionDoesNotExist,
  ConnectionIllegal,
  ConnectionAlreadyExists,
  ConnectionClosing,
  ConnectionReset,
  ConnectionRefused,
  ConnectionAborted,
  InsufficientResources,
  RemoteSocketUnspecified,
};

struct Reply {
  Answer answer = Answer::Ok;
  std::vector<std::uint8_t> text;    // RECEIVE
  bool urgent = false;               // RECEIVE: more urgent text remains to be read (MUST-33)
  bool push = false;                 // RECEIVE: "push seen"
  std::optional<wire::State> state;  // STATUS
};

struct OpenReply {
  Answer answer = Answer::Ok;
  ConnectionId connection = 0;
};

enum class SignalKind : std::uint8_t {
  OpenDone,
  CloseDone,
  ReceiveDone,  // a queued RECEIVE completes; the reply says how
  ConnectionReset,
  ConnectionRefused,
  ConnectionClosing,
  ConnectionAborted,  // user timeout, or given up after R2
  UrgentData,
  DeliveryProblem,  // R1 was reached (RFC 9293 3.8.3, SHLD-9)
};

struct Signal {
  ConnectionId connection = 0;
  SignalKind kind = SignalKind::OpenDone;
  Reply reply;  // ReceiveDone only
};

std::string_view to_string(Answer answer);
std::string_view to_string(SignalKind kind);

}  // namespace tcp
