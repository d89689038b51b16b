// Stimuli own the boundary product: every single event that specs/paths.yaml lists, and what it would fire.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/oracle/rehearsal.h"
#include "harness/spec/scenario.h"

namespace conform {

// One event to be tried, and how a reader would name it: "<SEQ=RCV.NXT><CTL=RST>", "SEND 10", "wait 2 s".
struct BoundaryEvent {
  std::variant<spec::SegmentTemplate, UserCall, spec::Expression> what;  // the last: how long is waited, in ms
  std::string text;
};

// All of them: single segments, then the product of the lists, the plainest first (ACK values only with the ACK bit),
// calls, waits.
std::vector<BoundaryEvent> boundary_events(const spec::Stimuli& stimuli);

// What rows call such an event. A wait is for a timeout.
spec::Event event_of(const BoundaryEvent& event);

// The rows that the event would fire now, in any world that the table allows. `window` is what the peer offers where the
// event does not say otherwise.
std::vector<oracle::Fired> would_fire(oracle::Rehearsal& rehearsal, const BoundaryEvent& event, std::uint16_t window = 65535);

// The variables as rows see them when the event has come: SEG.* of a segment, CALL.* of a call. Nothing for a wait.
std::optional<spec::Values> values_at(const oracle::World& world, const BoundaryEvent& event,
                                      std::uint16_t window = 65535);

}  // namespace conform
