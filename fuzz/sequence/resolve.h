// Resolve owns the way between a segment event, whose numbers are relative, and a concrete segment in a world.
#pragma once

#include <cstdint>
#include <optional>

#include "fuzz/sequence/sequence.h"
#include "harness/oracle/world.h"
#include "stack/wire/segment.h"

namespace conform::fuzz {

// The number in this world.
wire::SeqNum value_of(const Number& number, const oracle::World& world);

// The segment that the event stands for in this world: what oracle::resolve makes of it in the notation. `peer_window`
// is the window last offered, for an event that keeps it. Ports are left 0. Allocates nothing but the text.
wire::Segment resolve(const SegmentEvent& event, const oracle::World& world, std::uint16_t peer_window);

// The event that stands for a segment in this world: SEQ and ACK count from a base that they equal, else from the
// nearest of RCV.NXT and RCV.EDGE (SEQ), SND.NXT and SND.UNA (ACK); one that is far from both and near 0 is taken for
// absolute. Its text must be the peer's stream; of more than kMaxData octets so many are left. With `peer_window`, a
// segment that offers it again keeps it. resolve() in the same world gives the segment again.
SegmentEvent relative(const wire::Segment& segment, spec::Damage damage, const oracle::World& world,
                      std::optional<std::uint16_t> peer_window = std::nullopt);

// The user call of an event, its text still empty; and the event of a call, with lengths and timeouts at most what an
// event can say.
UserCall to_call(const CallEvent& event);
CallEvent to_event(const UserCall& call);

}  // namespace conform::fuzz
