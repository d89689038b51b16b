// State owns the eleven connection states of RFC 9293 3.3.2 and how they are written.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wire {

enum class State : std::uint8_t {
  Closed,
  Listen,
  SynSent,
  SynReceived,
  Established,
  FinWait1,
  FinWait2,
  CloseWait,
  Closing,
  LastAck,
  TimeWait,
};

inline constexpr std::array kAllStates = {
    State::Closed,   State::Listen,    State::SynSent, State::SynReceived, State::Established, State::FinWait1,
    State::FinWait2, State::CloseWait, State::Closing, State::LastAck,     State::TimeWait,
};

// The state as the RFC prints it: "SYN-SENT".
constexpr std::string_view to_string(State state) {
  switch (state) {
    case State::Closed: return "CLOSED";
    case State::Listen: return "LISTEN";
    case State::SynSent: return "SYN-SENT";
    case State::SynReceived: return "SYN-RECEIVED";
    case State::Established: return "ESTABLISHED";
    case State::FinWait1: return "FIN-WAIT-1";
    case State::FinWait2: return "FIN-WAIT-2";
    case State::CloseWait: return "CLOSE-WAIT";
    case State::Closing: return "CLOSING";
    case State::LastAck: return "LAST-ACK";
    case State::TimeWait: return "TIME-WAIT";
  }
  return "?";
}

// The state that is written like that; nothing for any other text. The spelling is exact.
constexpr std::optional<State> parse_state(std::string_view text) {
  for (State state : kAllStates) {
    if (to_string(state) == text) return state;
  }
  return std::nullopt;
}

// RFC 9293 3.5.2: the states in which both ends have synchronized sequence numbers.
constexpr bool is_synchronized(State state) { return state >= State::Established; }

}  // namespace wire
