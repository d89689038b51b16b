#include "stack/wire/notation.h"

#include <utility>

namespace wire {

std::string to_string(Flags flags) {
  static constexpr std::pair<std::uint8_t, const char*> kNames[] = {
      {Flags::kSyn, "SYN"}, {Flags::kFin, "FIN"}, {Flags::kRst, "RST"}, {Flags::kPsh, "PSH"},
      {Flags::kUrg, "URG"}, {Flags::kEce, "ECE"}, {Flags::kCwr, "CWR"}, {Flags::kAck, "ACK"},
  };
  std::string text;
  for (const auto& [bit, name] : kNames) {
    if (!(flags.bits & bit)) continue;
    if (!text.empty()) text += ',';
    text += name;
  }
  return text;
}

std::string to_string(const Segment& segment, SeqNum seq_base, SeqNum ack_base) {
  const auto relative = [](SeqNum value, SeqNum base) { return std::to_string(value.raw() - base.raw()); };
  std::string line = "<SEQ=" + relative(segment.seq, seq_base) + ">";
  if (segment.flags.ack()) line += "<ACK=" + relative(segment.ack, ack_base) + ">";
  line += "<CTL=" + to_string(segment.flags) + ">";
  line += "<WND=" + std::to_string(segment.wnd) + ">";
  if (segment.flags.urg()) line += "<UP=" + std::to_string(segment.urgent_pointer) + ">";
  if (const auto mss = segment.options.mss()) line += "<MSS=" + std::to_string(*mss) + ">";
  if (!segment.text.empty()) line += "<DATA=" + std::to_string(segment.text.size()) + ">";
  return line;
}

}  // namespace wire
