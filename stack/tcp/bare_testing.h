// Bare owns a connection without a stack around it, for tests that look into one, also after CLOSED.
#pragma once

#include "stack/tcp/connection.h"
#include "stack/tcp/talk_testing.h"

namespace tcp::testing {

// It has been opened actively, and is in SYN-SENT.
struct Bare {
  Bare() : connection(1, context) {
    OpenCall call;
    call.active = true;
    call.remote = peer;
    connection.open(call, local, true);
  }

  void arrive(std::uint8_t flags, std::uint32_t seq, std::size_t text = 0) {
    wire::Segment segment;
    segment.source_port = peer.port;
    segment.destination_port = local.port;
    segment.seq = wire::SeqNum(seq);
    segment.ack = connection.tcb().iss + 1;
    segment.flags.bits = flags;
    segment.wnd = 1000;
    segment.text = stream(0, text);
    connection.arrive(segment, local, peer);
  }

  // Every timer and every queue is in use, but for queued RECEIVEs, which text on hand would satisfy.
  void fill() {
    arrive(wire::Flags::kSyn | wire::Flags::kAck, 300);
    connection.send(stream(0, 5000), {true, true, {}});
    arrive(wire::Flags::kAck | wire::Flags::kUrg, 301, 10);
    arrive(wire::Flags::kAck, 400, 10);
    arrive(wire::Flags::kFin | wire::Flags::kAck, 410);
  }

  void wait(Duration duration) {
    const Time end = context.now + duration;
    while (!connection.closed() && connection.next_deadline() <= end) {
      context.now = connection.next_deadline();
      connection.advance();
    }
  }

  const Socket local{kHost4, 80}, peer{kPeer4, 4000};
  Context context{host_config()};
  Connection connection;
};

}  // namespace tcp::testing
