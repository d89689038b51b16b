// Testing owns a conversation with the oracle for its tests: what peer, target and user say, one line each.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "harness/oracle/oracle.h"
#include "harness/oracle/resolve.h"
#include "harness/oracle/streams.h"
#include "harness/spec/reader.h"
#include "harness/spec/testing.h"

namespace conform::oracle {

// A suite, and the program made of its table. The program points into the suite, so both live in one place.
struct Loaded {
  explicit Loaded(spec::Suite read) : suite(std::move(read)), program(suite.table) {}
  spec::Suite suite;
  Program program;
};

// The real table and ways, read once.
inline const Loaded& the_rfc() {
  static const std::unique_ptr<Loaded> loaded = [] {
    auto suite = spec::read_suite(TCPCONFORM_SOURCE_DIR "/specs");
    if (!suite) throw std::runtime_error(to_string(suite.diagnostics()));
    return std::make_unique<Loaded>(std::move(*suite));
  }();
  return *loaded;
}

// A table of a test's own: one file of rows, beside definitions of which "acceptable" is one.
inline std::unique_ptr<Loaded> small_table(std::string_view section, std::string_view second = {}) {
  spec::SpecsFolder folder;
  folder.write("table/a-section.yaml", section);
  if (!second.empty()) folder.write("table/b-section.yaml", second);
  auto suite = folder.read();
  if (!suite) throw std::runtime_error(to_string(suite.diagnostics()));
  return std::make_unique<Loaded>(std::move(*suite));
}

// By what the talk is judged.
struct Setting {
  spec::Profile profile = spec::Profile::Rfc9293;
  bool sees_state = true;
  Duration slack{};
};

class Talk {
 public:
  explicit Talk(const Loaded& loaded = the_rfc(), const Setting& setting = {})
      : loaded_(&loaded), oracle_(loaded.program, config(setting)) {}

  // ---- who says what. Everything that is left out of a segment takes its usual value.

  // A segment from the peer arrives: "<CTL=SYN><MSS=1460>".
  Talk& peer(std::string_view text, bool valid = true, bool secure = true) {
    line("peer", text);
    const wire::Segment segment = resolve(parsed(text), oracle_.world(), 65535);
    oracle_.arrive(segment, valid, secure, now());
    return *this;
  }
  // The target sends: SEQ is SND.NXT (of a SYN: ISS, which is 5000 when nobody has seen it), ACK is RCV.NXT, WND 64000.
  Talk& target(std::string_view text, const std::string& malformed = {}) {
    line("target", text);
    oracle_.emitted(from_target(text), malformed, now());
    return *this;
  }
  // The same, but that the text is not what the user gave.
  Talk& target_garbles(std::string_view text) {
    line("target garbles", text);
    wire::Segment segment = from_target(text);
    segment.text.at(0) ^= 0xff;
    oracle_.emitted(segment, {}, now());
    return *this;
  }
  Talk& user(std::string_view call, Answer answer = Answer::Ok) {
    Reply reply;
    reply.answer = answer;
    return user(call, reply);
  }
  Talk& user(std::string_view text, const Reply& reply) {
    line("user", std::string(text) + " -> " + std::string(conform::to_string(reply.answer)));
    const auto call = spec::parse_call(text);
    if (!call) throw std::runtime_error(to_string(call.diagnostics()));
    oracle_.call(*call, reply, now());
    return *this;
  }
  // RECEIVE with room for `room` gives `octets` of the peer's stream, from where the user has read to.
  Talk& user_reads(std::uint32_t room, std::uint32_t octets, std::uint32_t skipped = 0) {
    return user("RECEIVE " + std::to_string(room), delivery(octets, skipped));
  }
  // The user is told.
  Talk& told(SignalKind kind) {
    line("told", conform::to_string(kind));
    Signal signal;
    signal.kind = kind;
    oracle_.signalled(signal, now());
    return *this;
  }
  // A queued RECEIVE is completed with so many octets of the peer's stream.
  Talk& told_received(std::uint32_t octets, std::uint32_t skipped = 0) {
    line("told", "receive done, " + std::to_string(octets) + " octets");
    Signal signal;
    signal.kind = SignalKind::ReceiveDone;
    signal.reply = delivery(octets, skipped);
    oracle_.signalled(signal, now());
    return *this;
  }
  Talk& state(wire::State state) {
    line("state", wire::to_string(state));
    oracle_.in_state(state, now());
    return *this;
  }
  // Whatever had to come at once has come.
  Talk& settled() {
    line("settled", "");
    oracle_.settle(now());
    return *this;
  }
  // So many milliseconds later.
  Talk& later(std::int64_t ms) {
    now_ms_ += ms;
    line("later", "");
    oracle_.pass(now());
    return *this;
  }
  Talk& forgive() {
    oracle_.forgive();
    return *this;
  }

  // ---- ways
  Talk& opened_passively() {
    return user("OPEN passive").settled().peer("<SEQ=PEER.ISS><CTL=SYN><MSS=1460>").target("<CTL=SYN,ACK>").settled();
  }
  Talk& established() { return opened_passively().peer("<CTL=ACK>").state(wire::State::Established).settled(); }
  // ESTABLISHED, with so many octets in flight.
  Talk& sending(int octets) {
    const std::string n = std::to_string(octets);
    return established().user("SEND " + n).target("<CTL=ACK><DATA=" + n + ">").settled();
  }

  // ---- what is known
  const Oracle& oracle() const { return oracle_; }
  const World& world() const { return oracle_.world(); }
  std::int64_t operator[](spec::Var var) const { return oracle_.world()[var]; }
  Time now() const { return std::chrono::milliseconds(now_ms_); }
  std::optional<Finding> finding() const { return oracle_.finding(); }
  std::string transcript() const { return transcript_; }

  // A segment in the notation, with the values of the lightest world.
  spec::SegmentTemplate parsed(std::string_view text) const {
    auto pattern = spec::parse_segment(text, loaded_->suite.table.definitions);
    if (!pattern) throw std::runtime_error(to_string(pattern.diagnostics()));
    return *pattern;
  }
  wire::Segment from_target(std::string_view text) const {
    const spec::SegmentTemplate t = parsed(text);
    const World& w = oracle_.world();
    const auto value = [&](const std::optional<spec::Expression>& e, std::int64_t usual) {
      return static_cast<std::uint32_t>(e ? e->evaluate(w.values) : usual);
    };
    wire::Segment s;
    s.flags = t.ctl.value_or(wire::Flags{});
    const std::int64_t iss = w.iss_unbound ? kIss : w[spec::Var::Iss];
    s.seq = wire::SeqNum(value(t.seq, s.flags.syn() ? iss : w[spec::Var::SndNxt]));
    if (s.flags.ack()) s.ack = wire::SeqNum(value(t.ack, w[spec::Var::RcvNxt]));
    s.wnd = static_cast<std::uint16_t>(value(t.wnd, 64000));
    s.urgent_pointer = static_cast<std::uint16_t>(value(t.up, 0));
    if (t.mss) s.options.append_mss(static_cast<std::uint16_t>(value(t.mss, 0)));
    const auto first = s.seq + (s.flags.syn() ? 1u : 0u);
    s.text = user_text(first.raw() - static_cast<std::uint32_t>(iss + 1), value(t.data, 0));
    return s;
  }

  static constexpr std::uint32_t kIss = 5000;
  static constexpr std::uint32_t kPeerIss = 0xffffffe0;   // every connection crosses the wrap

 private:
  static Config config(const Setting& setting) {
    Config config;
    config.profile = setting.profile;
    config.peer_iss = wire::SeqNum(kPeerIss);
    config.sees_state = setting.sees_state;
    config.slack = setting.slack;
    return config;
  }
  Reply delivery(std::uint32_t octets, std::uint32_t skipped) const {
    const World& w = oracle_.world();
    Reply reply;
    reply.text = peer_text((w.seq(spec::Var::RcvRead).raw() - (w.seq(spec::Var::Irs) + 1).raw()) + skipped, octets);
    return reply;
  }
  void line(std::string_view who, std::string_view what) {
    transcript_ += std::to_string(now_ms_) + " ms  " + std::string(who) + ": " + std::string(what) + "\n";
  }

  const Loaded* loaded_;
  Oracle oracle_;
  std::int64_t now_ms_ = 0;
  std::string transcript_ = "\n";
};

inline std::string describe(const std::optional<Finding>& f) {
  if (!f) return "conforms";
  return std::string(to_string(f->kind)) + " at " + f->row + ": allowed " + f->allowed + "; observed " + f->observed +
         (f->follows.empty() ? "" : "; follows " + f->follows) + (f->note.empty() ? "" : "; note " + f->note);
}
inline void PrintTo(const Talk& talk, std::ostream* out) {
  *out << talk.transcript() << (talk.oracle().refuted() ? "refuted, " : "") << describe(talk.finding());
}

// Some world is left, and nothing had to be assumed.
MATCHER(Conforms, "conforms") { return !arg.oracle().refuted() && !arg.finding(); }
// The verdict is of that kind, and blames that row.
MATCHER_P2(Deviates, kind, row, "is " + std::string(to_string(kind)) + " at " + row) {
  const auto finding = arg.finding();
  return finding && finding->kind == kind && finding->row == row;
}
// No world is left, or one is.
MATCHER(Refuted, "is refuted") { return arg.oracle().refuted(); }

}  // namespace conform::oracle
