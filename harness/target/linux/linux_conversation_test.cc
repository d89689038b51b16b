#include "harness/target/linux/linux_conversation.h"

#include "harness/target/linux/datagram.h"
#include "stack/wire/notation.h"

namespace conform::kernel {

Conversation::Conversation(Target& target, Family family, std::uint16_t peer_port) {
  SessionConfig config;
  config.peer_port = peer_port;
  config.family = family;
  auto session = target.open(config);
  if (!session) throw std::runtime_error(to_string(session.diagnostics()));
  session_ = std::move(*session);
}

Reply Conversation::call(Verb verb, std::uint32_t length) {
  UserCall call;
  call.verb = verb;
  call.length = length;
  return session_->call(call);
}

Reply Conversation::open_active() {
  UserCall call;
  call.verb = Verb::Open;
  call.active = true;
  return session_->call(call);
}

Reply Conversation::open_passive() {
  UserCall call;
  call.verb = Verb::Open;
  call.remote_specified = false;
  return session_->call(call);
}

Reply Conversation::send(const std::string& text, bool urgent) {
  UserCall call;
  call.verb = Verb::Send;
  call.length = static_cast<std::uint32_t>(text.size());
  call.text.assign(text.begin(), text.end());
  call.urgent = urgent;
  return session_->call(call);
}

void Conversation::peer(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, const std::string& text,
                        std::uint16_t urgent_pointer) {
  wire::Segment segment;
  segment.source_port = session_->sockets().peer_port;
  segment.destination_port = session_->sockets().target_port;
  segment.seq = wire::SeqNum(peer_iss_ + seq);
  segment.flags.bits = flags;
  if (segment.flags.ack()) segment.ack = iss_.value_or(wire::SeqNum(0)) + ack;
  segment.wnd = 65535;
  segment.urgent_pointer = urgent_pointer;
  segment.text.assign(text.begin(), text.end());
  const Status sent = session_->inject(encode(session_->sockets(), segment));
  EXPECT_TRUE(sent.ok()) << to_string(sent.diagnostics());
}

std::string Conversation::line(const Observation& observation) {
  if (const auto* signal = std::get_if<Signal>(&observation.what)) {
    std::string text = "signal: " + std::string(to_string(signal->kind));
    if (signal->kind == SignalKind::ReceiveDone) text += " " + to_string(signal->reply);
    return text;
  }
  auto segment = decode(std::get<Datagram>(observation.what));
  if (!segment) return "a datagram that is no TCP, or whose checksum is wrong";
  if (segment->flags.syn() && !iss_) iss_ = segment->seq;
  segment->flags.bits &= static_cast<std::uint8_t>(~wire::Flags::kPsh);
  segment->options = {};
  std::string text = wire::to_string(*segment, iss_.value_or(wire::SeqNum(0)), wire::SeqNum(peer_iss_));
  const std::size_t window = text.find("<WND=");
  return text.erase(window, text.find('>', window) + 1 - window);
}

Lines Conversation::heard() {
  const Status alive = session_->barrier();
  EXPECT_TRUE(alive.ok()) << to_string(alive.diagnostics());
  Lines lines;
  for (const Observation& observation : session_->drain()) lines.push_back(line(observation));
  return lines;
}

std::string Conversation::state() {
  const auto state = session_->state();
  return state ? std::string(wire::to_string(*state)) : "unknown";
}

void Conversation::establish_passively() {
  using F = wire::Flags;
  EXPECT_EQ(open_passive().answer, Answer::Ok);
  peer(F::kSyn, 0);
  heard();
  peer(F::kAck, 1, 1);
  heard();
  EXPECT_EQ(state(), "ESTABLISHED");
}

void Conversation::establish_actively() {
  using F = wire::Flags;
  EXPECT_EQ(open_active().answer, Answer::Ok);
  heard();
  peer(F::kSyn | F::kAck, 0, 1);
  heard();
  EXPECT_EQ(state(), "ESTABLISHED");
}

std::string to_string(const Reply& reply) {
  std::string text(to_string(reply.answer));
  if (!reply.text.empty()) text += " '" + std::string(reply.text.begin(), reply.text.end()) + "'";
  if (reply.urgent) text += " urgent";
  return text;
}

void LinuxTest::SetUp() {
  LinuxOptions options;
  options.device = GetParam().device;
  options.force_user_namespace = GetParam().force_user_namespace;
  auto made = make_linux_target(options);
  if (!made) GTEST_SKIP() << to_string(made.diagnostics());
  target_ = std::move(*made);
  if (family() == Family::Ipv6 && !target_->capabilities().ipv6) GTEST_SKIP() << "no IPv6";
}

std::vector<Setting> all_settings() {
  return {
      {"TunIpv4", DeviceKind::Tun, false, Family::Ipv4},
      {"TunIpv6", DeviceKind::Tun, false, Family::Ipv6},
      {"TunInUserNamespaceIpv4", DeviceKind::Tun, true, Family::Ipv4},
      {"VethIpv4", DeviceKind::Veth, false, Family::Ipv4},
      {"VethInUserNamespaceIpv4", DeviceKind::Veth, true, Family::Ipv4},
      {"VethInUserNamespaceIpv6", DeviceKind::Veth, true, Family::Ipv6},
  };
}

}  // namespace conform::kernel
