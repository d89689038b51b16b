#include "harness/run/stimuli.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/oracle/resolve.h"
#include "stack/wire/notation.h"

namespace conform {

using spec::Var;

namespace {

std::string notation(const spec::SegmentTemplate& t) {
  std::string text = fmt::format("<SEQ={}>", t.seq->text());
  if (t.ack) text += fmt::format("<ACK={}>", t.ack->text());
  text += fmt::format("<CTL={}>", wire::to_string(*t.ctl));
  if (t.data->text() != "0") text += fmt::format("<DATA={}>", t.data->text());
  if (t.wnd->text() != "65535") text += fmt::format("<WND={}>", t.wnd->text());
  return text;
}

// The product of the lists, the plainest first.
std::vector<spec::SegmentTemplate> product(const spec::Stimuli& s) {
  struct Weighed { std::size_t weight; spec::SegmentTemplate segment; };
  std::vector<Weighed> all;
  for (std::size_t f = 0; f < s.ctl.size(); ++f) {
    for (std::size_t q = 0; q < s.seq.size(); ++q) {
      for (std::size_t a = 0; a < (s.ctl[f].ack() ? s.ack.size() : 1); ++a) {
        for (std::size_t d = 0; d < s.data.size(); ++d) {
          for (std::size_t w = 0; w < s.wnd.size(); ++w) {
            spec::SegmentTemplate t;
            t.ctl = s.ctl[f];
            t.seq = s.seq[q];
            if (t.ctl->ack()) t.ack = s.ack[a];
            t.data = s.data[d];
            t.wnd = s.wnd[w];
            t.text = notation(t);
            all.push_back({f + 3 * (q + a) + 4 * d + 16 * w, std::move(t)});
          }
        }
      }
    }
  }
  std::ranges::stable_sort(all, {}, &Weighed::weight);
  std::vector<spec::SegmentTemplate> segments;
  for (Weighed& weighed : all) segments.push_back(std::move(weighed.segment));
  return segments;
}

}  // namespace

std::vector<BoundaryEvent> boundary_events(const spec::Stimuli& s) {
  std::vector<BoundaryEvent> events;
  for (const spec::SegmentTemplate& segment : s.segments) events.push_back({segment, segment.text});
  for (const spec::SegmentTemplate& segment : product(s)) events.push_back({segment, segment.text});
  for (const UserCall& call : s.calls) events.push_back({call, to_string(call)});
  for (const spec::Expression& wait : s.waits) events.push_back({wait, "wait " + wait.text()});
  return events;
}

spec::Event event_of(const BoundaryEvent& event) {
  if (std::holds_alternative<spec::SegmentTemplate>(event.what)) return spec::Event::Segment;
  const auto* call = std::get_if<UserCall>(&event.what);
  if (call == nullptr) return spec::Event::Timeout;
  switch (call->verb) {
    case Verb::Open: return spec::Event::CallOpen;
    case Verb::Send: return spec::Event::CallSend;
    case Verb::Receive: return spec::Event::CallReceive;
    case Verb::Close: return spec::Event::CallClose;
    case Verb::Abort: return spec::Event::CallAbort;
    case Verb::Status: return spec::Event::CallStatus;
  }
  return spec::Event::Timeout;
}

std::vector<oracle::Fired> would_fire(oracle::Rehearsal& rehearsal, const BoundaryEvent& event, std::uint16_t window) {
  if (const auto* call = std::get_if<UserCall>(&event.what)) return rehearsal.would_fire(*call);
  if (const auto* wait = std::get_if<spec::Expression>(&event.what)) {
    return rehearsal.would_fire(wait->evaluate(rehearsal.world().values));
  }
  const auto& segment = std::get<spec::SegmentTemplate>(event.what);
  return rehearsal.would_fire(oracle::resolve(segment, rehearsal.world(), window), !spoils_header(segment.damage),
                              segment.damage != spec::Damage::Security);
}

std::optional<spec::Values> values_at(const oracle::World& world, const BoundaryEvent& event, std::uint16_t window) {
  oracle::World at = world;
  if (const auto* call = std::get_if<UserCall>(&event.what)) {
    at.load(*call);
    return at.values;
  }
  const auto* segment = std::get_if<spec::SegmentTemplate>(&event.what);
  if (segment == nullptr) return std::nullopt;
  at.load(oracle::resolve(*segment, world, window));
  at.values[Var::SegValid] = !spoils_header(segment->damage);
  at.values[Var::SegSecure] = segment->damage != spec::Damage::Security;
  return at.values;
}

}  // namespace conform
