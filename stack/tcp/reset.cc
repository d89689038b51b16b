#include "stack/tcp/reset.h"

#include "stack/tcp/defects.h"

namespace tcp {

void emit_reset_for(Context& context, const wire::Segment& segment, const Socket& local, const Socket& remote) {
  wire::Segment reset;
  reset.source_port = local.port;
  reset.destination_port = remote.port;
  reset.flags.bits = wire::Flags::kRst;
  if (segment.flags.ack()) {
    if (!defects::on(Defect::ClosedRstFromZero)) reset.seq = segment.ack;
  } else {
    reset.flags.bits |= wire::Flags::kAck;
    reset.ack = segment.seq + (defects::on(Defect::ClosedRstWithoutLength) ? 0 : segment.length());
  }
  context.outputs.emplace_back(codec::encode({local.address, remote.address, context.config.ttl, 0}, reset));
}

}  // namespace tcp
