#include "harness/defects/controls.h"

#include <utility>

namespace conform::defects {

namespace {

using namespace std::chrono_literals;
using tcp::Config;

using Globs = std::vector<std::string_view>;

Control control(std::string_view name, std::string_view gloss, void (*choose)(Config&), Globs without = {}) {
  Control result{name, gloss, {}, std::move(without)};
  choose(result.config);
  return result;
}

Control seeded(std::string_view name, std::uint64_t seed) {
  Control result{name, "other random choices: ISS and the peer's", {}, {}};
  result.seed = seed;
  return result;
}

std::vector<Control> acknowledging() {
  return {
      control("AckAtOnce", "no ACK is delayed (3.8.6.3: SHLD-18)", [](Config& c) { c.delayed_ack = 0ms; }),
      control("AckLate", "an ACK waits for just below half a second (MUST-40)",
              [](Config& c) { c.delayed_ack = 490ms; }),
      control("AckSoon", "an ACK waits for as long as on many hosts", [](Config& c) { c.delayed_ack = 40ms; }),
      // A low limit is none of them: ours holds for the ACKs of unacceptable segments as well, which no clause limits.
      control("AnyChallenge", "challenge ACKs without limit (RFC 5961 7)", [](Config& c) { c.challenge_acks = 0; }),
  };
}

std::vector<Control> sizes() {
  return {
      // Below 1280 an MTU is none for IPv6. The scenarios want full segments of 1460 octets, and count them.
      control("MtuSmallest", "the least MTU of IPv6, an MSS of 1240 or 1220 (3.7.1)", [](Config& c) { c.mtu = 1280; },
              {"scenario/several-segments-lost", "scenario/fast-retransmission", "scenario/long-send",
               "scenario/retransmission-back-off-not-sampled"}),
      control("MtuJumbo", "an MSS of 8960 (3.7.1)", [](Config& c) { c.mtu = 9000; }),
      control("MtuLargest", "an MSS of 65495 (3.7.1)", [](Config& c) { c.mtu = 65535; }),
      control("WindowOfOneSegment", "a receive buffer of one segment", [](Config& c) { c.receive_buffer = 1460; },
              {"scenario/bulk-received", "scenario/delayed-ack", "scenario/urgent-announced"}),
      control("WindowSmall", "a receive buffer of 4096 octets", [](Config& c) { c.receive_buffer = 4096; },
              {"scenario/bulk-received"}),
      control(
          "WindowBelowMss", "a receive buffer of less than a segment", [](Config& c) { c.receive_buffer = 1000; },
          {"scenario/bulk-received", "scenario/delayed-ack", "scenario/urgent-announced", "scenario/sequence-wrap"}),
      control("WindowTopBit", "a window of 0x8000", [](Config& c) { c.receive_buffer = 0x8000; }),
      control("SendBufferSmall", "a SEND of much is refused (3.10.2)", [](Config& c) { c.send_buffer = 4096; },
              {"scenario/fast-retransmission", "scenario/long-send"}),
      control("OneReceive", "no more than one RECEIVE is queued (3.10.3)",
              [](Config& c) { c.max_queued_receives = 1; }),
  };
}

std::vector<Control> sending() {
  return {
      control("NoNagle", "small segments leave at once (3.7.4: SHLD-7)", [](Config& c) { c.nagle = false; },
              {"scenario/nagle"}),
      control("PushAlways", "PSH stands on every segment of text (3.9.1.2)",
              [](Config& c) { c.push_every_segment = true; }),
      control("OverrideSoon", "the sender waits 0.1 s for a better window (3.8.6.2.1)",
              [](Config& c) { c.sws_override = 100ms; }),
      control("OverrideLate", "the sender waits just below 1 s for a better window (3.8.6.2.1)",
              [](Config& c) { c.sws_override = 990ms; }),
      control("RtoOfRfc2988", "a first retransmission timeout of 3 s (RFC 6298 2.1 and 5.7)",
              [](Config& c) { c.initial_rto = 3s; }),
      control("RtoAtLeastTwo", "no retransmission timeout below 2 s (RFC 6298 2.4)",
              [](Config& c) { c.initial_rto = c.min_rto = 2s; }),
      control("RtoAtMostTwoMinutes", "a retransmission timeout of up to 2 min (RFC 6298 2.5)",
              [](Config& c) { c.max_rto = 120s; }, {"3.10.8/retransmission/give-up*"}),
      control("Patient", "R2 is ten minutes, the user timeout an hour (3.8.3)",
              [](Config& c) { c.r2 = c.r2_syn = 10min, c.user_timeout = 1h; }, {"3.10.8/retransmission/give-up*"}),
      control("RarelyWorried", "R1 is eight retransmissions (3.8.3, SHLD-10)", [](Config& c) { c.r1 = 8; },
              {"3.10.8/retransmission/give-up*"}),
  };
}

std::vector<Control> others() {
  return {
      control("NoLoneWindowUpdates", "a window that was not closed is told of with the next segment (3.8.6.2.2)",
              [](Config& c) { c.lone_window_updates = false; }),
      control("HalfDuplexClose", "CLOSE ends reading as well (3.6.1: MAY-1, SHLD-3)",
              [](Config& c) { c.half_duplex_close = true; },
              {"*+unread*", "*+window-closed*", "*@FIN-WAIT-1+syn-received*", "*@FIN-WAIT-*+waiting*", "*+window-small*", "*+urgent*", "scenario/simultaneous-close-with-text",
               "scenario/half-close-still-*", "scenario/text-in-fin-wait-2-*", "scenario/mss-only-on-syn"}),
      control("TtlOf255", "a TTL that is configured (3.9.2: MUST-49)", [](Config& c) { c.ttl = 255; }),
      seeded("SeedTwo", 2),
      seeded("SeedLarge", 0x123456789abcdef0u),
      seeded("SeedOfOnes", ~std::uint64_t{0}),
  };
}

}  // namespace

std::vector<Control> controls() {
  std::vector<Control> all;
  for (const auto& part : {acknowledging(), sizes(), sending(), others()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace conform::defects
