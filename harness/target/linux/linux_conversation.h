// Conversation owns the tests' side of a session: it plays the peer and writes down what is heard, a line each.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/target/linux/linux_target.h"
#include "harness/target/target.h"
#include "stack/wire/segment.h"

namespace conform::kernel {

using Lines = std::vector<std::string>;

// The last line; the empty string when there is none.
inline std::string last_of(const Lines& lines) { return lines.empty() ? std::string() : lines.back(); }

// Numbers are relative: the target's to its ISS, the peer's to kPeerIss.
class Conversation {
 public:
  static constexpr std::uint32_t kPeerIss = 1000;

  Conversation(Target& target, Family family, std::uint16_t peer_port = 40000);

  // User calls.
  Reply open_active();
  Reply open_passive();
  Reply call(Verb verb, std::uint32_t length = 0);
  Reply send(const std::string& text, bool urgent = false);
  // One segment from the peer: control bits, sequence and acknowledgment numbers, text.
  void peer(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0, const std::string& text = {},
            std::uint16_t urgent_pointer = 0);
  // What was sent and signalled since the last call, after a barrier: "<SEQ=0><CTL=SYN>", "signal: open ok".
  // Windows, options and PSH are left out.
  Lines heard();
  // The state as the RFC prints it.
  std::string state();

  // The ways to ESTABLISHED, with what was heard thrown away.
  void establish_passively();
  void establish_actively();

  Session& session() { return *session_; }
  void end() { session_.reset(); }

 private:
  std::string line(const Observation& observation);

  std::unique_ptr<Session> session_;
  std::optional<wire::SeqNum> iss_;
  std::uint32_t peer_iss_ = kPeerIss;
};

// The answer of a reply, with its text when there is any: "ok 'abc'".
std::string to_string(const Reply& reply);

// How a test runs: which device, and whether in a user namespace although it may not be needed.
struct Setting {
  const char* name;
  DeviceKind device;
  bool force_user_namespace;
  Family family;
};

// Every test runs on each device, as root and as nobody's root would, over IPv4 and IPv6. Where the machine does not
// permit that, the test is skipped with the reason.
class LinuxTest : public testing::TestWithParam<Setting> {
 protected:
  void SetUp() override;
  Target& target() { return *target_; }
  Family family() const { return GetParam().family; }

  std::unique_ptr<Target> target_;
};

std::vector<Setting> all_settings();
inline std::string name_of(const testing::TestParamInfo<Setting>& info) { return info.param.name; }

}  // namespace conform::kernel
