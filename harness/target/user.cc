#include "harness/target/user.h"

namespace conform {

std::string_view to_string(Verb verb) {
  switch (verb) {
    case Verb::Open: return "OPEN";
    case Verb::Send: return "SEND";
    case Verb::Receive: return "RECEIVE";
    case Verb::Close: return "CLOSE";
    case Verb::Abort: return "ABORT";
    case Verb::Status: return "STATUS";
  }
  return "?";
}

std::string_view to_string(Answer answer) {
  switch (answer) {
    case Answer::Ok: return "ok";
    case Answer::Queued: return "queued";
    case Answer::ConnectionDoesNotExist: return "connection does not exist";
    case Answer::ConnectionIllegal: return "connection illegal for this process";
    case Answer::ConnectionAlreadyExists: return "connection already exists";
    case Answer::ConnectionClosing: return "connection closing";
    case Answer::ConnectionReset: return "connection reset";
    case Answer::ConnectionRefused: return "connection refused";
    case Answer::ConnectionAborted: return "connection aborted";
    case Answer::InsufficientResources: return "insufficient resources";
    case Answer::RemoteSocketUnspecified: return "remote socket unspecified";
    case Answer::Unsupported: return "unsupported";
  }
  return "?";
}

std::string_view to_string(SignalKind kind) {
  switch (kind) {
    case SignalKind::OpenDone: return "open ok";
    case SignalKind::CloseDone: return "close ok";
    case SignalKind::ReceiveDone: return "receive done";
    case SignalKind::ConnectionReset: return "connection reset";
    case SignalKind::ConnectionRefused: return "connection refused";
    case SignalKind::ConnectionClosing: return "connection closing";
    case SignalKind::ConnectionAborted: return "connection aborted";
    case SignalKind::UrgentData: return "urgent data";
  }
  return "?";
}

std::optional<Answer> parse_answer(std::string_view text) {
  for (Answer answer : kAllAnswers) {
    if (to_string(answer) == text) return answer;
  }
  return std::nullopt;
}

std::optional<SignalKind> parse_signal(std::string_view text) {
  for (SignalKind kind : kAllSignals) {
    if (to_string(kind) == text) return kind;
  }
  return std::nullopt;
}

std::string to_string(const UserCall& call) {
  std::string text{to_string(call.verb)};
  if (call.verb == Verb::Open) {
    text += call.active ? " active" : " passive";
    if (call.active && !call.remote_specified) text += " unspecified";
    if (!call.active && call.remote_specified) text += " specified";
  }
  if (call.verb == Verb::Send || call.verb == Verb::Receive) text += " " + std::to_string(call.length);
  if (call.urgent) text += " urgent";
  if (call.push) text += " push";
  if (call.timeout_ms != 0) text += " timeout=" + std::to_string(call.timeout_ms) + "ms";
  return text;
}

}  // namespace conform
