#include "fuzz/sequence/notation.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "fuzz/sequence/resolve.h"
#include "harness/spec/words.h"
#include "stack/wire/notation.h"

namespace conform::fuzz {

namespace {

constexpr std::size_t kMssSize = 4;  // octets of the option, kind and length included

std::string_view name_of(Base base) {
  switch (base) {
    case Base::Zero: return "0";
    case Base::RcvNxt: return "RCV.NXT";
    case Base::RcvEdge: return "RCV.EDGE";
    case Base::RcvRead: return "RCV.READ";
    case Base::PeerIss: return "PEER.ISS";
    case Base::SndNxt: return "SND.NXT";
    case Base::SndUna: return "SND.UNA";
    case Base::SndEnd: return "SND.END";
    case Base::SndEdge: return "SND.UNA + SND.WND";
    case Base::Iss: return "ISS";
  }
  return "?";
}

// A Maximum Segment Size option that comes first has a field of its own.
bool begins_with_mss(const SegmentEvent& segment) {
  return segment.options.size() >= kMssSize && segment.options[0] == 2 && segment.options[1] == kMssSize;
}

std::string options_text(const SegmentEvent& segment) {
  std::string text;
  std::size_t at = 0;
  if (begins_with_mss(segment)) {
    text = fmt::format("<MSS={}>", segment.options[2] << 8 | segment.options[3]);
    at = kMssSize;
  }
  if (at == segment.options.size()) return text;
  text += "<OPT=";
  for (; at < segment.options.size(); ++at) text += fmt::format("{:02x}", segment.options[at]);
  return text + ">";
}

std::string damage_text(spec::Damage damage) {
  if (damage == spec::Damage::None) return {};
  if (damage == spec::Damage::Security) return "<SEC=other>";
  const auto found = std::find_if(std::begin(spec::kDamages), std::end(spec::kDamages),
                                  [&](const spec::Word<spec::Damage>& word) { return word.value == damage; });
  return fmt::format("<BAD={}>", found->text);
}

}  // namespace

std::string to_string(const Number& number) {
  if (number.base == Base::Zero) return fmt::format("{}", static_cast<std::uint32_t>(number.offset));
  const auto offset = static_cast<std::int64_t>(number.offset);
  if (offset == 0) return std::string(name_of(number.base));
  return fmt::format("{} {} {}", name_of(number.base), offset < 0 ? '-' : '+', offset < 0 ? -offset : offset);
}

std::string to_string(const SegmentEvent& segment) {
  const SegmentEvent usual;
  std::string text;
  if (segment.seq != usual.seq) text += fmt::format("<SEQ={}>", to_string(segment.seq));
  if (segment.ack != usual.ack) text += fmt::format("<ACK={}>", to_string(segment.ack));
  text += fmt::format("<CTL={}>", wire::to_string(wire::Flags{segment.ctl}));
  if (!segment.keeps_window) text += fmt::format("<WND={}>", segment.wnd);
  if (segment.up != 0) text += fmt::format("<UP={}>", segment.up);
  text += options_text(segment);
  if (segment.data != 0) text += fmt::format("<DATA={}>", segment.data);
  if (segment.reserved != 0) text += fmt::format("<RSV={}>", segment.reserved);
  return text + damage_text(segment.damage);
}

std::string duration_text(std::uint32_t ms) {
  if (ms == 0 || ms % 1000 != 0) return fmt::format("{} ms", ms);
  if (ms % 60'000 != 0) return fmt::format("{} s", ms / 1000);
  return fmt::format("{} min", ms / 60'000);
}

std::string to_string(const Event& event) {
  switch (event.kind) {
    case Event::Kind::Segment: return "segment: " + to_string(event.segment);
    case Event::Kind::Call: return "call: " + to_string(to_call(event.call));
    case Event::Kind::Wait: return "wait: " + duration_text(event.wait.ms);
    case Event::Kind::Peer: return "peer: " + spec::to_string(event.peer);
  }
  return "?";
}

}  // namespace conform::fuzz
