// Resolve owns the way from a segment in the table's notation to a concrete one, and the comparison of both.
#pragma once

#include "harness/oracle/world.h"
#include "harness/spec/template.h"
#include "stack/wire/segment.h"

namespace conform::oracle {

// The segment that a template stands for when it is sent to a target in this world. What the template leaves out takes
// its usual value: SEQ is RCV.NXT, ACK is SND.NXT, WND is `peer_window`. Ports are left 0. The text is the peer's
// stream at that sequence number; at most 65,000 octets.
wire::Segment resolve(const spec::SegmentTemplate& pattern, const World& world, std::uint16_t peer_window);

// Whether a segment that the target sent is one that the template describes, with the values of this world.
bool matches(const spec::SegmentTemplate& pattern, const wire::Segment& segment, const World& world);

}  // namespace conform::oracle
