// Target owns the one interface between the harness and a TCP under test. Only harness/target/<kind>/ knows how a
// kind works; everything else sees a Target, its clock, and one Session for each connection under test.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/time.h"
#include "harness/target/user.h"
#include "stack/wire/state.h"

namespace conform {

using Datagram = std::vector<std::uint8_t>;  // one raw IP datagram, header included

enum class Family : std::uint8_t { Ipv4, Ipv6 };

// The two sockets of the connection under test. Addresses are in network byte order, 4 or 16 octets of `bytes`.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const Address&) const = default;
};
struct SocketPair {
  Family family = Family::Ipv4;
  Address target_address, peer_address;
  std::uint16_t target_port = 0, peer_port = 0;
};

struct SessionConfig {
  std::uint16_t target_port = 0;          // 0: the target chooses one that is free
  std::uint16_t peer_port = 0;
  Family family = Family::Ipv4;
  std::uint64_t seed = 1;                 // everything random in a target that has a say in it (ISS) comes from this
};

// Something that the target did, and when.
struct Observation {
  Time at{};
  std::variant<Datagram, Signal> what;
};

// Why a user call, a state or a whole case cannot be tried on a target. Never inferred from a failure.
enum class Lack : std::uint8_t {
  None,
  NoSuchCall,          // this interface has no such call in this state (sockets cannot CLOSE what was not accepted)
  NoState,             // the state cannot be seen
  NoFamily,            // no IPv4, or no IPv6
  NoSecurity,          // the security/compartment option is not implemented
  NoListenerToActive,  // a listening socket cannot be turned into an active one
  FixedTimer,          // a timer that cannot be set and is too long to be waited for
  OutOfReach,          // the situation cannot be brought about on this target; the target's file says why
};
std::string_view to_string(Lack lack);

struct Capabilities {
  bool virtual_time = true;       // wait() jumps; otherwise it sleeps
  bool sees_state = true;         // Session::state() answers
  bool concurrent = false;        // many sessions may be open at once
  bool ipv6 = true;
  Duration reaction{};            // how long the target may take for what the RFC wants done at once; 0 if virtual
  std::set<Verb> calls;           // the user calls that exist at all
  std::set<std::string> lacks;    // words that a row's `needs:` may name and this target lacks: "security", "precedence"
};

// One connection under test. Destroying it removes every trace of the connection from the target.
class Session {
 public:
  virtual ~Session() = default;

  virtual const SocketPair& sockets() const = 0;

  // Makes a user call and returns its immediate reply. Never blocks.
  virtual Reply call(const UserCall& call) = 0;

  // Hands one IP datagram to the target, as if it had arrived from the network. An error means that the target is dead.
  virtual Status inject(std::span<const std::uint8_t> datagram) = 0;

  // What the target sent to this connection's peer, and told this connection's user, since the last call; in order.
  virtual std::vector<Observation> drain() = 0;

  // The connection's state now. CLOSED when there is no TCB. Nothing when the target cannot tell.
  virtual std::optional<wire::State> state() = 0;

  // Waits until everything injected so far has been processed, and proves thereby that the target is alive
  // (for example by a segment to a port that does not exist, whose RST comes after whatever came before it).
  // An error says that the target is dead or did not answer within its time-out.
  virtual Status barrier() = 0;
};

class Target {
 public:
  virtual ~Target() = default;

  virtual std::string name() const = 0;      // "stack", "linux"
  virtual std::string version() const = 0;   // "tcpconform 0.1.0", "Linux 6.18.44 x86_64"
  virtual const Capabilities& capabilities() const = 0;

  virtual Result<std::unique_ptr<Session>> open(const SessionConfig& config) = 0;

  virtual Time now() const = 0;

  // Lets time pass until `deadline`; returns earlier as soon as any session has something to drain, and gives all that
  // have: whoever keeps many sessions need look at no other. On a virtual clock it jumps from timer to timer and never
  // sleeps.
  virtual std::vector<Session*> wait(Time deadline) = 0;
};

}  // namespace conform
