// Talk owns a stack with one connection under test and plays its peer, so that tests read as conversations: segments
// go in and come out in the RFC's notation, our ISS printed as 100 and the peer's as 300.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "stack/codec/datagram.h"
#include "stack/tcp/stack.h"
#include "stack/wire/notation.h"

namespace tcp::testing {

using namespace std::chrono_literals;

inline const codec::IpAddress kHost4 = codec::IpAddress::v4(192, 0, 2, 1), kPeer4 = codec::IpAddress::v4(192, 0, 2, 2);
inline const codec::IpAddress kHost6 = codec::IpAddress::v6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
inline const codec::IpAddress kPeer6 = codec::IpAddress::v6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2});

inline Config host_config() {
  Config config;
  config.address_v4 = kHost4;
  config.address_v6 = kHost6;
  return config;
}

// The octet at that place of a stream: 'a' to 'z' over and over, so that text out of place shows.
inline std::uint8_t octet_at(std::size_t place) { return static_cast<std::uint8_t>('a' + place % 26); }

// Text of a stream from one place on.
inline std::vector<std::uint8_t> stream(std::size_t from, std::size_t length) {
  std::vector<std::uint8_t> text(length);
  for (std::size_t i = 0; i < length; ++i) text[i] = octet_at(from + i);
  return text;
}

class Talk {
 public:
  explicit Talk(const Config& config = host_config(), bool v6 = false)
      : local{v6 ? kHost6 : kHost4, 80}, peer{v6 ? kPeer6 : kPeer4, 4000}, stack(config) {}

  // OPEN: what was heard, or the error.
  std::string open(OpenCall call) {
    call.local_port = local.port;
    if (stack.find(id)) call.connection = id;
    const OpenReply reply = stack.open(call);
    if (reply.answer != Answer::Ok) return std::string(to_string(reply.answer));
    id = reply.connection;
    return heard();
  }
  std::string open_passive(bool remote = true) {
    OpenCall call;
    if (remote) call.remote = peer;
    return open(call);
  }
  std::string open_active() {
    OpenCall call;
    call.active = true;
    call.remote = peer;
    return open(call);
  }

  // A connection in ESTABLISHED after a passive OPEN; the next segment from the peer is <SEQ=301><ACK=101>.
  Talk& establish(const std::string& syn_options = "<WND=65535><MSS=1460>", const std::string& ack_options = "") {
    open_passive();
    segment("<SEQ=300><CTL=SYN>" + syn_options);
    segment("<SEQ=301><ACK=101><CTL=ACK>" + (ack_options.empty() ? "<WND=65535>" : ack_options));
    return *this;
  }

  // A segment arrives, <DATA=n> standing for n octets of the peer's stream: what is heard thereupon.
  std::string segment(std::string_view line) {
    const wire::Segment parsed = parse(line);
    stack.arrive(codec::encode({peer.address, local.address, 64, 0}, parsed), stack.now());
    return heard();
  }

  // User calls: the answer if it is not "ok", then what is heard.
  std::string send(std::size_t length, SendCall call = {true, false, {}}) {
    const Answer answer = stack.send(id, stream(given, length), call);
    if (answer != Answer::Ok) return std::string(to_string(answer));
    given += length;
    return heard();
  }
  std::string receive(std::size_t length) {
    const Reply reply = stack.receive(id, length);
    std::string line = describe(reply);
    const std::string rest = heard();
    return rest.empty() ? line : line + " " + rest;
  }
  std::string close() { return after(stack.close(id)); }
  std::string abort() { return after(stack.abort(id)); }

  // Time passes: what is heard, each with the second since the wait began, "1.000 <...>".
  std::string wait(Duration duration) {
    const Time begin = stack.now(), end = begin + duration;
    std::string all;
    while (true) {
      const Time next = std::min(stack.next_deadline(), end);
      stack.advance(next);
      const std::string line = heard();
      if (!line.empty()) {
        const long ms = static_cast<long>((next - begin) / 1ms);
        std::string digits = std::to_string(ms % 1000);
        digits.insert(0, 3 - digits.size(), '0');
        if (!all.empty()) all += "\n";
        all += std::to_string(ms / 1000) + "." + digits + " " + line;
      }
      if (next == end) return all;
    }
  }

  // What has come out since, signals in brackets; empty for silence. Every event is thereby followed by a check of the
  // invariants.
  std::string heard() {
    std::string all;
    for (const Output& output : stack.take_outputs()) {
      if (!all.empty()) all += " ";
      const auto* datagram = std::get_if<codec::Datagram>(&output);
      all += datagram ? describe(*datagram) : describe(std::get<Signal>(output));
    }
    const std::string violation = stack.check_invariants();
    if (!violation.empty()) all += "!invariant: " + violation;
    return all;
  }

  std::string state() const {
    const Connection* connection = stack.find(id);
    return std::string(wire::to_string(connection ? connection->state() : wire::State::Closed));
  }
  const Tcb& tcb() const { return stack.find(id)->tcb(); }

  const Socket local, peer;
  Stack stack;
  ConnectionId id = 0;
  std::size_t given = 0;                // octets of our stream given to SEND
  std::size_t taken = 0;                // octets of the peer's stream that RECEIVE returned
  bool show_window = false;             // print <WND=...>
  std::uint32_t peer_iss = 0x7fffff00;  // so that the middle of the sequence space is crossed soon
  wire::Segment last;                   // the last segment heard, as it was on the wire
  codec::IpHeader last_ip;

 private:
  std::string after(Answer answer) {
    const std::string rest = heard();
    if (answer == Answer::Ok) return rest;
    return std::string(to_string(answer)) + (rest.empty() ? "" : " " + rest);
  }

  wire::SeqNum iss() {
    if (const Connection* connection = stack.find(id); connection && !(connection->tcb().iss == wire::SeqNum())) {
      iss_ = connection->tcb().iss;
    }
    return iss_;
  }

  wire::Segment parse(std::string_view line) {
    wire::Segment segment;
    segment.source_port = peer.port;
    segment.destination_port = local.port;
    segment.wnd = 65535;
    std::size_t text = 0;
    while (!line.empty()) {
      const std::size_t end = line.find('>'), equals = line.find('=');
      const std::string_view name = line.substr(1, equals - 1), value = line.substr(equals + 1, end - equals - 1);
      std::int64_t number = 0;
      std::from_chars(value.data(), value.data() + value.size(), number);
      const auto raw = static_cast<std::uint32_t>(number);
      if (name == "SEQ") segment.seq = wire::SeqNum(peer_iss + raw - 300);
      if (name == "ACK") segment.ack = iss() + raw - 100u;
      if (name == "CTL") segment.flags.bits = flags(value);
      if (name == "WND") segment.wnd = static_cast<std::uint16_t>(raw);
      if (name == "UP") segment.urgent_pointer = static_cast<std::uint16_t>(raw);
      if (name == "MSS") segment.options.append_mss(static_cast<std::uint16_t>(raw));
      if (name == "DATA") text = raw;
      line.remove_prefix(end + 1);
    }
    const std::uint32_t place = segment.seq.raw() - peer_iss - (segment.flags.syn() ? 0 : 1);
    segment.text = stream(place, text);
    return segment;
  }

  static std::uint8_t flags(std::string_view names) {
    static constexpr std::pair<std::string_view, std::uint8_t> kNames[] = {
        {"SYN", wire::Flags::kSyn}, {"FIN", wire::Flags::kFin}, {"RST", wire::Flags::kRst},
        {"PSH", wire::Flags::kPsh}, {"ACK", wire::Flags::kAck}, {"URG", wire::Flags::kUrg}};
    std::uint8_t bits = 0;
    for (const auto& [name, bit] : kNames) {
      if (names.find(name) != std::string_view::npos) bits |= bit;
    }
    return bits;
  }

  std::string describe(const codec::Datagram& datagram) {
    const auto decoded = codec::decode(datagram);
    if (const auto* reject = std::get_if<codec::Reject>(&decoded)) return "!" + std::string(codec::to_string(*reject));
    last = std::get<codec::Received>(decoded).segment;
    last_ip = std::get<codec::Received>(decoded).ip;
    // A RST of no connection may have sequence number zero, and that is not relative to anything.
    const wire::SeqNum seq_base = last.seq.raw() == 0 ? wire::SeqNum(0) : iss() - 100u;
    std::string line = wire::to_string(last, seq_base, wire::SeqNum(peer_iss - 300));
    if (!show_window) line.erase(line.find("<WND="), line.find('>', line.find("<WND=")) + 1 - line.find("<WND="));
    const auto place = static_cast<std::size_t>(last.seq.raw() - iss().raw() - 1);
    if (!last.text.empty() && last.text != stream(place, last.text.size())) line += "!wrong text";
    return line;
  }

  std::string describe(const Signal& signal) {
    if (signal.kind != SignalKind::ReceiveDone) return "[" + std::string(to_string(signal.kind)) + "]";
    return "[" + describe(signal.reply) + "]";
  }

  std::string describe(const Reply& reply) {
    if (reply.answer != Answer::Ok) return std::string(to_string(reply.answer));
    std::string line = "received " + std::to_string(reply.text.size());
    if (reply.push) line += " push";
    if (reply.urgent) line += " urgent";
    if (reply.text != stream(taken, reply.text.size())) line += " !wrong text";
    taken += reply.text.size();
    return line;
  }

  wire::SeqNum iss_{7000000};  // until there is one
};

}  // namespace tcp::testing
