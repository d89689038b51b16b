// Finding owns what is wrong with an observation: its kind, the row it violates, what was allowed and what came.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/table.h"

namespace conform {

enum class Kind : std::uint8_t {
  UnexpectedSegment,
  MissingSegment,
  WrongField,        // the segment came, with another SEQ, ACK, ...
  WrongState,
  MissingSignal,
  UnexpectedSignal,
  WrongReply,        // a user call was answered otherwise
  LostBytes,
  InventedBytes,     // octets nobody sent, or in another order
  Overdue,           // an obligation was not met in its time
  OtherProfile,      // conforms to the other RFC
  MissedShould,      // explained by behaviour that misses a SHOULD
  MissedMust,        // ... or a MUST
  Malformed,         // the target sent a datagram that is not a proper TCP segment
  UnexpectedlyConforms,  // a known deviation that was not seen
};
inline constexpr std::array kAllKinds = {
    Kind::UnexpectedSegment, Kind::MissingSegment, Kind::WrongField, Kind::WrongState, Kind::MissingSignal,
    Kind::UnexpectedSignal, Kind::WrongReply, Kind::LostBytes, Kind::InventedBytes, Kind::Overdue,
    Kind::OtherProfile, Kind::MissedShould, Kind::MissedMust, Kind::Malformed, Kind::UnexpectedlyConforms};

std::string_view to_string(Kind kind);               // "wrong state"
std::string_view to_string(spec::Level level);       // "MUST"
std::string_view to_string(spec::Profile profile);   // "rfc793"

// Why the verdict is not "conforms".
struct Finding {
  Kind kind = Kind::UnexpectedSegment;
  std::string row;                    // full id of the row or obligation that was violated
  spec::Level level = spec::Level::Must;
  std::vector<std::string> cite;      // the clauses
  std::string allowed;                // what the table allows, one line or several
  std::string observed;               // what came
  std::string follows;                // "RFC 793" when the behaviour is the other profile's
  std::string note;                   // the reason from the target's file, or a Lack's text
};

}  // namespace conform
