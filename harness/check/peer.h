// Peer owns the harness's end of the connection: the window it last offered, and what it has of the target's text.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/oracle/world.h"
#include "harness/spec/scenario.h"
#include "stack/wire/segment.h"

namespace conform {

class Peer {
 public:
  // WND where a segment does not say otherwise: what was offered last, 65535 at first.
  std::uint16_t window() const { return window_; }

  // The target sent this. RSTs and segments that occupy no sequence space need no answer and are not kept. Says whether
  // it reaches further than anything before: a new SYN, new text, a FIN.
  bool sees(const wire::Segment& segment);
  // The peer says this: its WND is the window from now on, and what it acknowledges it has.
  void says(const wire::Segment& segment);

  // What the peer answers to its fate: an ACK of everything that it has in order (RFC 9293 3.10.7.4), a SYN,ACK to a SYN.
  // Nothing when the step speaks of no segment, or the segment is lost. Ports are left 0.
  std::optional<wire::Segment> does(const spec::PeerStep& step, const oracle::World& world);

 private:
  struct Sent {
    wire::SeqNum seq, end;
    bool opens = false;    // a SYN without ACK
  };
  void move_on();

  std::uint16_t window_ = 65535;
  bool synchronized_ = false;        // next_ means something
  wire::SeqNum first_;               // of the SYN, or of whatever was seen first
  wire::SeqNum next_, highest_;      // all before next_ has come; the target has sent nothing after highest_
  std::vector<Sent> on_the_way_;     // in the order of sending
  std::vector<Sent> taken_;          // in the order of arrival
};

}  // namespace conform
