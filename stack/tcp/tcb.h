// Tcb owns the variables of one connection by the RFC's names (RFC 9293 3.3.1); the logic is elsewhere.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "stack/tcp/user.h"
#include "stack/wire/seq_num.h"
#include "stack/wire/state.h"

namespace tcp {

struct Tcb {
  wire::State state = wire::State::Closed;
  bool passive_open = false;                      // how SYN-RECEIVED is reached (RFC 9293 3.5, MUST-11)
  std::optional<codec::IpAddress> local_address;  // of a LISTEN record: only if specified
  std::uint16_t local_port = 0;
  std::optional<Socket> remote;  // of a LISTEN record: only if specified

  // Send sequence variables. SND.UP is SendQueue::urgent().
  wire::SeqNum iss, snd_una, snd_nxt, snd_wl1, snd_wl2;
  std::uint32_t snd_wnd = 0;
  std::uint32_t max_snd_wnd = 0;  // RFC 9293 3.8.6.2.1 and 3.10.7.4, fifth
  std::uint16_t snd_mss = 536;    // SendMSS of RFC 9293 3.7.1
  bool syn_acknowledged = false;
  bool fin_queued = false;  // the user's CLOSE has been taken
  bool fin_sent = false;    // then SND.NXT counts it
  bool fin_acknowledged = false;

  // Receive sequence variables. RCV.UP is ReceiveQueue::urgent(). RCV.WND is what was offered last: its right edge is
  // moved only by a segment that tells the peer so.
  wire::SeqNum irs, rcv_nxt;
  std::uint32_t rcv_wnd = 0;
  bool fin_received = false;  // then RCV.NXT counts it

  Socket local() const { return {local_address.value_or(codec::IpAddress{}), local_port}; }
};

}  // namespace tcp
