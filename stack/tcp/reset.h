// Reset owns the form of a RST that answers a segment of no connection (RFC 9293 3.5.2, groups 1 and 2).
#pragma once

#include "stack/tcp/context.h"
#include "stack/tcp/user.h"
#include "stack/wire/segment.h"

namespace tcp {

// Sends it: <SEQ=SEG.ACK><CTL=RST> if the segment has an ACK, otherwise <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>.
// The segment came from `remote` to `local`, and must not be a RST.
void emit_reset_for(Context& context, const wire::Segment& segment, const Socket& local, const Socket& remote);

}  // namespace tcp
