// What is in range, and when two events are the same.
#include "fuzz/sequence/sequence.h"

#include "fuzz/sequence/testing.h"

namespace conform::fuzz {
namespace {

using wire::Flags;

Event segment(const SegmentEvent& made) {
  Event event;
  event.segment = made;
  return event;
}
Event call(const CallEvent& made) {
  Event event;
  event.kind = Event::Kind::Call;
  event.call = made;
  return event;
}

TEST(EventTest, OnlyWhatTheKindSpeaksOfIsCompared) {
  Event a, b;
  a.kind = b.kind = Event::Kind::Wait;
  a.segment.data = 5;
  a.call.length = 7;
  EXPECT_EQ(a, b);
  b.wait.ms = 1;
  EXPECT_FALSE(a == b);
  b = a;
  b.kind = Event::Kind::Peer;
  EXPECT_FALSE(a == b);
}

TEST(EventTest, WithoutTheAckBitThereIsNoAck) {
  SegmentEvent rst;
  rst.ctl = Flags::kRst;
  rst.ack = {Base::Iss, 7};
  EXPECT_EQ(to_string(in_range(segment(rst))), "segment: <CTL=RST>");
  rst.ctl |= Flags::kAck;
  EXPECT_EQ(to_string(in_range(segment(rst))), "segment: <ACK=ISS + 7><CTL=RST,ACK>");
}

TEST(EventTest, AWindowThatIsKeptHasNoValue) {
  SegmentEvent ack;
  ack.wnd = 100;
  EXPECT_EQ(in_range(segment(ack)).segment.wnd, 0);
  ack.keeps_window = false;
  EXPECT_EQ(in_range(segment(ack)).segment.wnd, 100);
}

TEST(EventTest, FieldsOfOtherCallsAreDropped) {
  CallEvent all{Verb::Close, true, false, true, true, 100, 5000};
  EXPECT_EQ(in_range(call(all)).call, (CallEvent{Verb::Close, false, true, false, false, 0, 0}));
  all.verb = Verb::Receive;
  EXPECT_EQ(in_range(call(all)).call, (CallEvent{Verb::Receive, false, true, false, false, 100, 0}));
  all.verb = Verb::Send;
  EXPECT_EQ(in_range(call(all)).call, (CallEvent{Verb::Send, false, true, true, true, 100, 5000}));
  all.verb = Verb::Open;
  EXPECT_EQ(in_range(call(all)).call, (CallEvent{Verb::Open, true, false, false, false, 0, 5000}));
}

TEST(EventTest, NumbersAreTakenModuloTheirBounds) {
  SegmentEvent wild;
  wild.seq.base = static_cast<Base>(13);
  wild.data = 2001;
  wild.reserved = 0x35;
  wild.damage = static_cast<spec::Damage>(9);
  const SegmentEvent tamed = in_range(segment(wild)).segment;
  EXPECT_EQ(tamed.seq.base, Base::RcvRead);  // 13 modulo 10
  EXPECT_EQ(tamed.data, 0);
  EXPECT_EQ(tamed.reserved, 5);
  EXPECT_EQ(tamed.damage, spec::Damage::Checksum);
  Event wait;
  wait.kind = Event::Kind::Wait;
  wait.wait.ms = kMaxWaitMs;
  EXPECT_EQ(in_range(wait).wait.ms, kMaxWaitMs);
  wait.wait.ms = kMaxWaitMs + 3;
  EXPECT_EQ(in_range(wait).wait.ms, 2u);
}

TEST(EventTest, WhatIsInRangeStays) {
  AnySequence any(1);
  for (int i = 0; i < 20'000; ++i) {
    const Event event = any.event();
    ASSERT_EQ(in_range(event), event);
  }
  EXPECT_TRUE(is_in_range(Sequence(kMaxEvents)));
  EXPECT_FALSE(is_in_range(Sequence(kMaxEvents + 1)));
  Sequence one(1);
  one[0].segment.data = kMaxData + 1;
  EXPECT_FALSE(is_in_range(one));
}

}  // namespace
}  // namespace conform::fuzz
