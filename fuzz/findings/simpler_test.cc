// What is simpler than an event: by every candidate one comes nearer to the end.
#include "fuzz/findings/simpler.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <tuple>

#include "fuzz/sequence/testing.h"

namespace conform::fuzz {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// How far a number is from the simplest: round ones are nearer, whatever they are.
std::pair<bool, std::uint32_t> weight(std::uint32_t number) {
  std::uint32_t digits = number;
  while (digits >= 10 && digits % 10 == 0) digits /= 10;
  return {digits >= 10, number};
}

auto weight(const Number& number, Base usual) {
  constexpr Base kOrder[] = {Base::RcvNxt, Base::RcvEdge, Base::RcvRead, Base::PeerIss, Base::SndNxt,
                             Base::SndUna, Base::SndEnd,  Base::SndEdge, Base::Iss,     Base::Zero};
  constexpr Base kAckOrder[] = {Base::SndNxt, Base::SndUna,  Base::SndEnd,  Base::SndEdge, Base::Iss,
                                Base::RcvNxt, Base::RcvEdge, Base::RcvRead, Base::PeerIss, Base::Zero};
  const auto& order = usual == Base::SndNxt ? kAckOrder : kOrder;
  const auto rank = number.base == usual ? 0 : 1 + (std::find(std::begin(order), std::end(order), number.base) - order);
  const auto offset = static_cast<std::int64_t>(number.offset);
  return std::tuple(rank, weight(static_cast<std::uint32_t>(std::abs(offset))), offset < 0);
}

// Sooner or later a smaller one of these is the smallest: they are well-ordered.
auto weight(const Event& event) {
  const SegmentEvent& s = event.segment;
  const bool syn = wire::Flags{s.ctl}.syn();
  return std::tuple(std::popcount(s.ctl), s.options.size(), s.damage != spec::Damage::None, std::popcount(s.reserved),
                    weight(s.up), weight(s.data), !s.keeps_window, weight(s.wnd),
                    weight(s.seq, syn ? Base::PeerIss : Base::RcvNxt), weight(s.ack, Base::SndNxt));
}
auto weight_of_call(const Event& event) {
  const CallEvent& c = event.call;
  return std::tuple(c.push, c.urgent, c.active != c.remote_specified, weight(c.length), weight(c.timeout_ms));
}

std::vector<std::string> texts(const std::vector<Event>& events) {
  std::vector<std::string> texts;
  for (const Event& event : events) texts.push_back(to_string(event));
  return texts;
}

TEST(Simpler, NumbersAreRoundAndSmaller) {
  EXPECT_THAT(simpler_numbers(std::uint32_t{0}), IsEmpty());
  EXPECT_THAT(simpler_numbers(1), ElementsAre(0));
  EXPECT_THAT(simpler_numbers(30), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20));
  EXPECT_THAT(simpler_numbers(43),
              ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 22, 33, 38, 41, 42));
  EXPECT_THAT(simpler_numbers(0xffffffff), Contains(4'000'000'000));
}

TEST(Simpler, EveryCandidateIsInRangeOfTheSameKindAndNearerToTheEnd) {
  AnySequence any(3);
  for (int i = 0; i < 2000; ++i) {
    const Event event = any.event();
    for (const Event& made : simpler_events(event)) {
      ASSERT_EQ(made, in_range(made));
      ASSERT_EQ(made.kind, event.kind);
      switch (event.kind) {
        case Event::Kind::Segment: ASSERT_LT(weight(made), weight(event)) << to_string(event) << "\n" << to_string(made); break;
        case Event::Kind::Call: ASSERT_LT(weight_of_call(made), weight_of_call(event)) << to_string(event) << to_string(made); break;
        case Event::Kind::Wait: ASSERT_LT(weight(made.wait.ms), weight(event.wait.ms)); break;
        case Event::Kind::Peer: ASSERT_LT(made.peer.which, event.peer.which); break;
      }
    }
  }
}

TEST(Simpler, WhatIsPlainHasNothingSimpler) {
  Event event;
  EXPECT_THAT(simpler_events(event), IsEmpty());
  event.kind = Event::Kind::Wait;
  EXPECT_THAT(simpler_events(event), IsEmpty());
  event.kind = Event::Kind::Peer;
  EXPECT_THAT(simpler_events(event), IsEmpty());
  event.kind = Event::Kind::Call;
  for (std::size_t verb = 0; verb < kVerbs; ++verb) {
    event.call = {};
    event.call.verb = static_cast<Verb>(verb);
    event.call.remote_specified = verb != static_cast<std::size_t>(Verb::Open);
    EXPECT_THAT(texts(simpler_events(in_range(event))), IsEmpty());
  }
}

TEST(Simpler, EachOptionIsLeftOutWhole) {
  Event event;
  event.segment.ctl = wire::Flags::kSyn;
  event.segment.seq = {Base::PeerIss, 0};
  for (unsigned octet : {2, 4, 5, 180, 1, 3, 3, 7, 8, 99}) event.segment.options.push_back(static_cast<std::uint8_t>(octet));
  EXPECT_THAT(texts(simpler_events(event)),
              ElementsAre("segment: <SEQ=PEER.ISS><CTL=SYN>", "segment: <SEQ=PEER.ISS><CTL=><MSS=1460><OPT=010303070863>",
                          "segment: <SEQ=PEER.ISS><CTL=SYN><OPT=010303070863>",
                          "segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460><OPT=0303070863>",
                          "segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460><OPT=010863>",
                          "segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460><OPT=0103030763>",
                          "segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460><OPT=0103030708>"));
}

TEST(Simpler, BasesBecomeTheUsual) {
  Event event;
  event.segment.ctl = wire::Flags::kAck;
  event.segment.seq = {Base::RcvEdge, -2};
  event.segment.ack = {Base::SndUna, 0};
  const auto made = texts(simpler_events(event));
  EXPECT_THAT(made, Contains("segment: <ACK=SND.UNA><CTL=ACK>"));
  EXPECT_THAT(made, Contains("segment: <SEQ=RCV.NXT - 2><ACK=SND.UNA><CTL=ACK>"));
  EXPECT_THAT(made, Contains("segment: <SEQ=RCV.EDGE + 2><ACK=SND.UNA><CTL=ACK>"));
  EXPECT_THAT(made, Contains("segment: <SEQ=RCV.EDGE - 2><CTL=ACK>"));
  EXPECT_THAT(made, Not(Contains("segment: <SEQ=RCV.READ - 2><ACK=SND.UNA><CTL=ACK>")));
}

}  // namespace
}  // namespace conform::fuzz
