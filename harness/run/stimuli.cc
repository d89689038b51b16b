#include "harness/run/stimuli.h"

#include <fmt/format.h>

#include "harness/oracle/resolve.h"
#include "stack/wire/notation.h"

namespace conform {

using spec::Var;

namespace {

// What the peer offers where a stimulus does not say otherwise.
constexpr std::uint16_t kPeerWindow = 65535;

std::string notation(const spec::SegmentTemplate& t) {
  std::string text = fmt::format("<SEQ={}>", t.seq->text());
  if (t.ack) text += fmt::format("<ACK={}>", t.ack->text());
  text += fmt::format("<CTL={}>", wire::to_string(*t.ctl));
  if (t.data->text() != "0") text += fmt::format("<DATA={}>", t.data->text());
  text += fmt::format("<WND={}>", t.wnd->text());
  return text;
}

void add_product(const spec::Stimuli& s, std::vector<BoundaryEvent>& events) {
  for (const wire::Flags ctl : s.ctl) {
    for (const spec::Expression& seq : s.seq) {
      for (std::size_t a = 0; a < (ctl.ack() ? s.ack.size() : 1); ++a) {
        for (const spec::Expression& data : s.data) {
          for (const spec::Expression& wnd : s.wnd) {
            spec::SegmentTemplate t;
            t.ctl = ctl;
            t.seq = seq;
            if (ctl.ack()) t.ack = s.ack[a];
            t.data = data;
            t.wnd = wnd;
            t.text = notation(t);
            events.push_back({t, t.text});
          }
        }
      }
    }
  }
}

void load(spec::Values& v, const wire::Segment& segment) {
  v[Var::SegValid] = v[Var::SegSecure] = 1;
  v[Var::SegSeq] = segment.seq.raw();
  v[Var::SegAck] = segment.flags.ack() ? segment.ack.raw() : 0;
  v[Var::SegLen] = segment.length();
  v[Var::SegText] = static_cast<std::int64_t>(segment.text.size());
  v[Var::SegWnd] = segment.wnd;
  v[Var::SegUp] = segment.urgent_pointer;
  v[Var::SegMss] = segment.options.mss().value_or(0);
  v[Var::SegCtlSyn] = segment.flags.syn();
  v[Var::SegCtlFin] = segment.flags.fin();
  v[Var::SegCtlRst] = segment.flags.rst();
  v[Var::SegCtlPsh] = segment.flags.psh();
  v[Var::SegCtlUrg] = segment.flags.urg();
  v[Var::SegCtlAck] = segment.flags.ack();
}

void load(spec::Values& v, const UserCall& call) {
  v[Var::CallLen] = call.length;
  v[Var::CallActive] = call.active;
  v[Var::CallRemote] = call.remote_specified;
  v[Var::CallUrgent] = call.urgent;
  v[Var::CallPush] = call.push;
  v[Var::CallTimeout] = call.timeout_ms;
}

}  // namespace

std::vector<BoundaryEvent> boundary_events(const spec::Stimuli& s) {
  std::vector<BoundaryEvent> events;
  for (const spec::SegmentTemplate& segment : s.segments) events.push_back({segment, segment.text});
  add_product(s, events);
  for (const UserCall& call : s.calls) events.push_back({call, to_string(call)});
  for (const spec::Expression& wait : s.waits) events.push_back({wait, "wait " + wait.text()});
  return events;
}

bool spoils_header(spec::Damage damage) {
  return damage == spec::Damage::Checksum || damage == spec::Damage::OffsetShort ||
         damage == spec::Damage::OffsetLong || damage == spec::Damage::Truncated;
}

std::vector<oracle::Fired> would_fire(oracle::Rehearsal& rehearsal, const BoundaryEvent& event) {
  if (const auto* call = std::get_if<UserCall>(&event.what)) return rehearsal.would_fire(*call);
  if (const auto* wait = std::get_if<spec::Expression>(&event.what)) {
    return rehearsal.would_fire(wait->evaluate(rehearsal.world().values));
  }
  const auto& segment = std::get<spec::SegmentTemplate>(event.what);
  return rehearsal.would_fire(oracle::resolve(segment, rehearsal.world(), kPeerWindow), !spoils_header(segment.damage),
                              segment.damage != spec::Damage::Security);
}

std::optional<spec::Values> values_at(const oracle::World& world, const BoundaryEvent& event) {
  oracle::World at = world;
  if (const auto* call = std::get_if<UserCall>(&event.what)) {
    load(at.values, *call);
    return at.values;
  }
  const auto* segment = std::get_if<spec::SegmentTemplate>(&event.what);
  if (segment == nullptr) return std::nullopt;
  load(at.values, oracle::resolve(*segment, world, kPeerWindow));
  if (spoils_header(segment->damage)) at.values[Var::SegValid] = 0;
  if (segment->damage == spec::Damage::Security) at.values[Var::SegSecure] = 0;
  at.set_seq(Var::RcvNxt, at.seq(Var::RcvNxt));  // FIN.REACHED follows the segment
  return at.values;
}

}  // namespace conform
