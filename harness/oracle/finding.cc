#include "harness/oracle/finding.h"

namespace conform {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::UnexpectedSegment: return "unexpected segment";
    case Kind::MissingSegment: return "missing segment";
    case Kind::WrongField: return "wrong field";
    case Kind::WrongState: return "wrong state";
    case Kind::MissingSignal: return "missing signal";
    case Kind::UnexpectedSignal: return "unexpected signal";
    case Kind::WrongReply: return "wrong reply";
    case Kind::LostBytes: return "lost bytes";
    case Kind::InventedBytes: return "invented bytes";
    case Kind::Overdue: return "overdue";
    case Kind::OtherProfile: return "other profile";
    case Kind::MissedShould: return "missed SHOULD";
    case Kind::MissedMust: return "missed MUST";
    case Kind::Malformed: return "malformed segment";
    case Kind::UnexpectedlyConforms: return "unexpectedly conforms";
  }
  return "?";
}

std::string_view to_string(spec::Level level) {
  switch (level) {
    case spec::Level::May: return "MAY";
    case spec::Level::Should: return "SHOULD";
    case spec::Level::Must: return "MUST";
  }
  return "?";
}

std::string_view to_string(spec::Profile profile) {
  switch (profile) {
    case spec::Profile::Rfc793: return "rfc793";
    case spec::Profile::Rfc9293: return "rfc9293";
  }
  return "?";
}

}  // namespace conform
