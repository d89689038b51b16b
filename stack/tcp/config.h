// Config owns every number that a host may choose for its TCP, with the RFC's value where it has one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "stack/codec/address.h"
#include "stack/tcp/time.h"

namespace tcp {

struct Config {
  std::uint64_t seed = 1;  // everything random (ISS, ephemeral ports) comes from it
  std::optional<codec::IpAddress> address_v4;
  std::optional<codec::IpAddress> address_v6;
  // This host's address of that version, if it has one.
  const std::optional<codec::IpAddress>& address_for(codec::IpVersion version) const {
    return version == codec::IpVersion::V4 ? address_v4 : address_v6;
  }

  std::uint16_t mtu = 1500;  // octets of IP datagram, both ways (EMTU_S and EMTU_R of RFC 9293 3.7.1)
  std::uint8_t ttl = 64;     // RFC 9293 3.9.2, MUST-49

  std::size_t max_connections = 4096;
  std::size_t max_queued_receives = 64;  // for each connection
  std::size_t send_buffer = 256 * 1024;  // octets that SEND may leave unacknowledged
  std::uint32_t receive_buffer = 65535;  // RCV.BUFF (RFC 9293 3.8.6.2.2)

  Duration msl = std::chrono::minutes(2);                  // RFC 9293 3.4.2
  Duration delayed_ack = std::chrono::milliseconds(200);   // RFC 9293 3.8.6.3: below 500 ms; 0 for no delay
  Duration sws_override = std::chrono::milliseconds(500);  // RFC 9293 3.8.6.2.1: 0.1 to 1.0 s
  Duration initial_rto = std::chrono::seconds(1);          // RFC 6298 2.1
  Duration min_rto = std::chrono::seconds(1);              // RFC 6298 2.4
  Duration max_rto = std::chrono::seconds(60);             // RFC 6298 2.5
  unsigned r1 = 3;                                         // retransmissions (RFC 9293 3.8.3, SHLD-10)
  Duration r2 = std::chrono::seconds(100);                 // RFC 9293 3.8.3, SHLD-11
  Duration r2_syn = std::chrono::minutes(3);               // RFC 9293 3.8.3, MUST-23
  Duration user_timeout = std::chrono::minutes(5);         // RFC 9293 3.9.1.1

  bool nagle = true;                // RFC 9293 3.7.4; an OPEN may turn it off for its connection, too
  bool push_every_segment = false;  // RFC 9293 3.9.1.2 asks for PSH on some segments and forbids it on none
  bool lone_window_updates = true;  // whether a window that was not closed is told of as soon as it has opened more
  bool half_duplex_close = false;   // RFC 9293 3.6.1, MAY-1: CLOSE ends reading as well

  // RFC 5961 7: at most so many challenge ACKs in each interval, for one connection; 0 for no limit. As many again may
  // answer ACKs of crossing window probes (RFC 9293 A.2).
  unsigned challenge_acks = 10;
  Duration challenge_interval = std::chrono::seconds(5);
};

}  // namespace tcp
