#include "fuzz/findings/simpler.h"

#include <algorithm>
#include <array>
#include <span>

#include "stack/wire/segment.h"

namespace conform::fuzz {

using wire::Flags;

namespace {

// From the usual to the odd. A SYN usually opens, everything else usually comes where it is expected.
constexpr std::array kSynBases = {Base::PeerIss, Base::RcvNxt, Base::RcvEdge, Base::RcvRead, Base::SndNxt,
                                  Base::SndUna,  Base::SndEnd, Base::SndEdge, Base::Iss,     Base::Zero};
constexpr std::array kSeqBases = {Base::RcvNxt, Base::RcvEdge, Base::RcvRead, Base::PeerIss, Base::SndNxt,
                                  Base::SndUna, Base::SndEnd,  Base::SndEdge, Base::Iss,     Base::Zero};
constexpr std::array kAckBases = {Base::SndNxt, Base::SndUna,  Base::SndEnd,  Base::SndEdge, Base::Iss,
                                  Base::RcvNxt, Base::RcvEdge, Base::RcvRead, Base::PeerIss, Base::Zero};

constexpr bool is_round(std::uint32_t number) {
  while (number >= 10 && number % 10 == 0) number /= 10;
  return number < 10;
}

std::vector<Number> plainer(const Number& number, std::span<const Base> bases) {
  std::vector<Number> simpler;
  for (Base base : bases) {
    if (base == number.base) break;
    if (number.offset != 0) simpler.push_back({base, 0});
    simpler.push_back({base, number.offset});
  }
  const bool negative = number.offset < 0;
  const auto offset = static_cast<std::uint32_t>(number.offset);
  for (std::uint32_t magnitude : simpler_numbers(negative ? 0u - offset : offset)) {
    simpler.push_back({number.base, static_cast<std::int32_t>(negative ? 0u - magnitude : magnitude)});
  }
  if (negative && number.offset != INT32_MIN) simpler.push_back({number.base, -number.offset});
  return simpler;
}

// How many octets the option at `at` takes; 1 for what is none.
std::size_t option_size(const SegmentEvent& segment, std::size_t at) {
  constexpr std::uint8_t kEnd = 0, kNoOperation = 1;
  const std::size_t left = segment.options.size() - at;
  if (segment.options[at] == kEnd || segment.options[at] == kNoOperation || left < 2) return 1;
  const std::size_t size = segment.options[at + 1];
  return size >= 2 && size <= left ? size : 1;
}

// One event's simpler ones, each made of the event by a change.
class Simplifier {
 public:
  explicit Simplifier(const Event& event) : event_(event) {
    switch (event.kind) {
      case Event::Kind::Segment: segment(); break;
      case Event::Kind::Call: call(); break;
      case Event::Kind::Wait:
        for (std::uint32_t ms : simpler_numbers(event.wait.ms)) with([&](Event& e) { e.wait.ms = ms; });
        break;
      case Event::Kind::Peer:
        for (std::uint32_t which = 0; which < event.peer.which; ++which) {
          with([&](Event& e) { e.peer.which = static_cast<std::uint8_t>(which); });
        }
        break;
    }
  }

  std::vector<Event> take() { return std::move(made_); }

 private:
  template <typename Change>
  void with(Change change) {
    Event made = event_;
    change(made);
    made = in_range(made);
    if (!(made == event_)) made_.push_back(made);
  }

  void segment() {
    const SegmentEvent& from = event_.segment;
    with([](Event& e) { e.segment.options.clear(); });
    with([](Event& e) { e.segment.damage = spec::Damage::None; });
    with([](Event& e) { e.segment.reserved = 0; });
    for (unsigned bit = 0x80; bit != 0; bit >>= 1) {
      if (from.ctl & bit) with([&](Event& e) { e.segment.ctl = static_cast<std::uint8_t>(e.segment.ctl & ~bit); });
    }
    options();
    for (std::uint32_t data : simpler_numbers(from.data)) {
      with([&](Event& e) { e.segment.data = static_cast<std::uint16_t>(data); });
    }
    for (std::uint32_t up : simpler_numbers(from.up)) {
      with([&](Event& e) { e.segment.up = static_cast<std::uint16_t>(up); });
    }
    for (unsigned bit = 8; bit != 0; bit >>= 1) {
      if (from.reserved & bit) with([&](Event& e) { e.segment.reserved = static_cast<std::uint8_t>(from.reserved & ~bit); });
    }
    if (!from.keeps_window) {
      with([](Event& e) { e.segment.keeps_window = true; });
      for (std::uint32_t wnd : simpler_numbers(from.wnd)) {
        with([&](Event& e) { e.segment.wnd = static_cast<std::uint16_t>(wnd); });
      }
    }
    const Flags ctl{from.ctl};
    for (const Number& seq : plainer(from.seq, ctl.syn() ? kSynBases : kSeqBases)) {
      with([&](Event& e) { e.segment.seq = seq; });
    }
    if (!ctl.ack()) return;
    for (const Number& ack : plainer(from.ack, kAckBases)) with([&](Event& e) { e.segment.ack = ack; });
  }

  // Each option left out.
  void options() {
    const SegmentEvent& from = event_.segment;
    std::size_t size = 0;
    for (std::size_t at = 0; at < from.options.size(); at += size) {
      size = option_size(from, at);
      with([&](Event& e) {
        for (std::size_t i = 0; i < size; ++i) e.segment.options.erase(at);
      });
    }
  }

  void call() {
    const CallEvent& from = event_.call;
    with([](Event& e) { e.call.timeout_ms = 0; });
    // OPEN active names the remote socket, OPEN passive does not.
    with([](Event& e) { e.call.remote_specified = e.call.active; });
    with([](Event& e) { e.call.push = false; });
    with([](Event& e) { e.call.urgent = false; });
    for (std::uint32_t length : simpler_numbers(from.length)) {
      with([&](Event& e) { e.call.length = static_cast<std::uint16_t>(length); });
    }
    for (std::uint32_t timeout : simpler_numbers(from.timeout_ms)) with([&](Event& e) { e.call.timeout_ms = timeout; });
  }

  const Event& event_;
  std::vector<Event> made_;
};

}  // namespace

std::vector<std::uint32_t> simpler_numbers(std::uint32_t number) {
  std::vector<std::uint32_t> simpler;
  if (number > 0) simpler.push_back(0);
  for (std::uint64_t power = 1; power < number; power *= 10) {
    for (std::uint64_t digit = 1; digit < 10 && digit * power < number; ++digit) {
      simpler.push_back(static_cast<std::uint32_t>(digit * power));
    }
  }
  if (is_round(number)) return simpler;
  for (std::uint32_t less = number / 2; less > 0; less /= 2) simpler.push_back(number - less);
  return simpler;
}

std::vector<Event> simpler_events(const Event& event) { return Simplifier(event).take(); }

}  // namespace conform::fuzz
