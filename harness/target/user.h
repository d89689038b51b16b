// The TCP/user interface as the harness sees it: calls, replies and signals (RFC 9293 3.9.1 and 3.10.1-3.10.6).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stack/wire/state.h"

namespace conform {

enum class Verb : std::uint8_t { Open, Send, Receive, Close, Abort, Status };

// One user call. The connection it speaks of is the session's.
struct UserCall {
  Verb verb = Verb::Status;
  bool active = false;                     // OPEN: active, with the peer as remote socket; otherwise passive
  bool remote_specified = true;            // OPEN: passive with the peer as remote socket; active without it is an error
  std::uint32_t length = 0;                // SEND: octets of text; RECEIVE: size of the buffer
  bool push = false;                       // SEND
  bool urgent = false;                     // SEND
  std::uint32_t timeout_ms = 0;            // OPEN, SEND: user timeout; 0 leaves it as it is
  std::vector<std::uint8_t> text;          // SEND: the octets, `length` of them, filled in by the runner
};

// What a call is answered with at once, or what completes a queued one. The RFC's strings fall into classes
// (ambiguity A29): "connection not open" and "connection does not exist" are one.
enum class Answer : std::uint8_t {
  Ok,
  Queued,                   // RECEIVE: nothing on hand yet; the completion comes as a signal ReceiveDone
  ConnectionDoesNotExist,
  ConnectionIllegal,        // "connection illegal for this process"
  ConnectionAlreadyExists,
  ConnectionClosing,        // also end of stream
  ConnectionReset,
  ConnectionRefused,
  ConnectionAborted,        // "connection aborted due to user timeout", or given up after R2
  InsufficientResources,
  RemoteSocketUnspecified,
  Unsupported,              // this target has no such call in this state: the case is inapplicable, never a failure
};
inline constexpr std::array kAllAnswers = {
    Answer::Ok, Answer::Queued, Answer::ConnectionDoesNotExist, Answer::ConnectionIllegal,
    Answer::ConnectionAlreadyExists, Answer::ConnectionClosing, Answer::ConnectionReset, Answer::ConnectionRefused,
    Answer::ConnectionAborted, Answer::InsufficientResources, Answer::RemoteSocketUnspecified, Answer::Unsupported};

struct Reply {
  Answer answer = Answer::Ok;
  std::vector<std::uint8_t> text;          // RECEIVE: what was delivered
  bool urgent = false;                     // RECEIVE: marked urgent
  bool push = false;                       // RECEIVE: "push seen"
  std::optional<wire::State> state;        // STATUS
  std::string why;                         // Unsupported: which call is lacking, for the report
};

enum class SignalKind : std::uint8_t {
  OpenDone,            // the OPEN succeeded: the connection is established
  CloseDone,           // the CLOSE is acknowledged ("ok")
  ReceiveDone,         // a queued RECEIVE completes; `reply` says how
  ConnectionReset,
  ConnectionRefused,
  ConnectionClosing,   // the peer's FIN
  ConnectionAborted,   // user timeout, or given up after R2
  UrgentData,
};
inline constexpr std::array kAllSignals = {
    SignalKind::OpenDone, SignalKind::CloseDone, SignalKind::ReceiveDone, SignalKind::ConnectionReset,
    SignalKind::ConnectionRefused, SignalKind::ConnectionClosing, SignalKind::ConnectionAborted,
    SignalKind::UrgentData};

struct Signal {
  SignalKind kind = SignalKind::OpenDone;
  Reply reply;         // ReceiveDone only
};

std::string_view to_string(Verb verb);             // "OPEN"
std::string_view to_string(Answer answer);         // "ok", "connection closing"
std::string_view to_string(SignalKind kind);       // "connection reset", "open ok", "urgent data"
std::optional<Answer> parse_answer(std::string_view text);
std::optional<SignalKind> parse_signal(std::string_view text);

// The call as a spec writes it: "OPEN passive", "SEND 100 urgent", "RECEIVE 1000".
std::string to_string(const UserCall& call);

}  // namespace conform
