#include "stack/tcp/user.h"

namespace tcp {

std::string_view to_string(Answer answer) {
  switch (answer) {
    case Answer::Ok: return "ok";
    case Answer::Queued: return "queued";
    case Answer::ConnectionDoesNotExist: return "error: connection does not exist";
    case Answer::ConnectionIllegal: return "error: connection illegal for this process";
    case Answer::ConnectionAlreadyExists: return "error: connection already exists";
    case Answer::ConnectionClosing: return "error: connection closing";
    case Answer::ConnectionReset: return "error: connection reset";
    case Answer::ConnectionRefused: return "error: connection refused";
    case Answer::ConnectionAborted: return "error: connection aborted due to user timeout";
    case Answer::InsufficientResources: return "error: insufficient resources";
    case Answer::RemoteSocketUnspecified: return "error: remote socket unspecified";
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
    case SignalKind::ConnectionAborted: return "connection aborted due to user timeout";
    case SignalKind::UrgentData: return "urgent data";
    case SignalKind::DeliveryProblem: return "delivery problem";
  }
  return "?";
}

}  // namespace tcp
