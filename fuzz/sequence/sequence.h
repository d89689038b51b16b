// Sequence owns the canonical input of the fuzzers: a bounded list of events (segments, user calls, time, the fate of what
// the target sent), whose numbers are relative to the live connection, so that a mutated sequence still means something.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "harness/base/inline_vector.h"
#include "harness/spec/scenario.h"
#include "harness/spec/template.h"
#include "harness/target/user.h"

namespace conform::fuzz {

// What a number counts from.
enum class Base : std::uint8_t {
  Zero,        // absolute
  RcvNxt,      // RCV.NXT
  RcvEdge,     // RCV.NXT + RCV.WND
  RcvRead,     // what RECEIVE will deliver next
  PeerIss,     // PEER.ISS
  SndNxt,      // SND.NXT
  SndUna,      // SND.UNA
  SndEnd,      // after everything that the user gave to SEND
  SndEdge,     // SND.UNA + SND.WND
  Iss,         // ISS
};
inline constexpr std::size_t kBases = 10;

// base + offset: a sequence number, or for Zero a plain one. Modulo 2^32.
struct Number {
  Base base = Base::Zero;
  std::int32_t offset = 0;
  bool operator==(const Number&) const = default;
};

// A segment that the peer sends. Its text is the peer's stream at SEQ, so that overlapping segments agree.
struct SegmentEvent {
  Number seq{Base::RcvNxt, 0};
  Number ack{Base::SndNxt, 0};      // only with the ACK bit
  std::uint8_t ctl = 0;             // wire::Flags
  bool keeps_window = true;         // WND as last offered; otherwise `wnd`
  std::uint16_t wnd = 0;
  std::uint16_t up = 0;
  std::uint16_t data = 0;           // octets of text
  std::uint8_t reserved = 0;        // four bits
  spec::Damage damage = spec::Damage::None;
  InlineVector<std::uint8_t, 40> options;
  bool operator==(const SegmentEvent&) const = default;
};

// A user call without its text: that is the user's stream.
struct CallEvent {
  Verb verb = Verb::Status;
  bool active = false;              // OPEN
  bool remote_specified = true;     // OPEN
  bool push = false, urgent = false;  // SEND
  std::uint16_t length = 0;         // SEND, RECEIVE: at least 1
  std::uint32_t timeout_ms = 0;     // OPEN, SEND
  bool operator==(const CallEvent&) const = default;
};

// The clock goes on.
struct WaitEvent {
  std::uint32_t ms = 0;
  bool operator==(const WaitEvent&) const = default;
};

struct Event {
  enum class Kind : std::uint8_t { Segment, Call, Wait, Peer };
  Kind kind = Kind::Segment;
  SegmentEvent segment;
  CallEvent call;
  WaitEvent wait;
  spec::PeerStep peer;
};
// Of an event only what its kind speaks of is compared.
bool operator==(const Event& a, const Event& b);

inline constexpr std::size_t kMaxEvents = 48;
inline constexpr std::uint32_t kMaxData = 2000;             // octets of text in one segment
inline constexpr std::uint32_t kMaxWaitMs = 10 * 60'000;    // in one wait
inline constexpr std::uint32_t kMaxTimeoutMs = 60 * 60'000; // user timeout
inline constexpr std::uint8_t kMaxWhich = 7;                // PeerStep::which
inline constexpr std::size_t kDamages = 8;
inline constexpr std::size_t kVerbs = 6;
inline constexpr std::size_t kPeerSteps = 3;

// The event brought into range: numbers modulo their bounds (so that any octets make an event, and evenly), and what it
// does not speak of at its default (ACK without the ACK bit, the length of a CLOSE, ...), so that events that do the
// same are equal. An event that is in range is left as it is.
Event in_range(const Event& event);
// Whether in_range() would change nothing in any event, and there are no more than kMaxEvents.
bool is_in_range(const std::vector<Event>& events);

// It begins in CLOSED with nothing said yet; never longer than kMaxEvents.
using Sequence = std::vector<Event>;

}  // namespace conform::fuzz
