// The guess follows plain conversations through all eleven states.
#include "fuzz/mutate/model.h"

#include "fuzz/mutate/likely.h"
#include "fuzz/mutate/testing.h"
#include "stack/wire/segment.h"

namespace conform::fuzz {
namespace {

using wire::Flags;
using wire::State;

// A conversation as it goes on; each call gives the state that it has probably led to.
class Talk {
 public:
  State call(Verb verb, bool active = false, std::uint16_t length = 0) {
    CallEvent made;
    made.verb = verb;
    made.active = active;
    made.remote_specified = active;
    made.length = length;
    return add(call_event(made));
  }
  State segment(unsigned ctl, std::uint16_t data = 0, Number seq = {Base::RcvNxt, 0}, Number ack = {Base::SndNxt, 0}) {
    SegmentEvent made;
    made.ctl = static_cast<std::uint8_t>(ctl);
    made.data = data;
    made.seq = seq;
    made.ack = ack;
    return add(segment_event(made));
  }
  State wait(std::uint32_t ms) { return add(wait_event(ms)); }
  State takes() { return add(peer_event(spec::PeerStep::What::Takes, 0)); }
  State loses() { return add(peer_event(spec::PeerStep::What::Loses, 0)); }

  State established() {
    call(Verb::Open);
    segment(Flags::kSyn);
    return segment(Flags::kAck);
  }

  Guess guess() const { return guess_at(sequence_, sequence_.size()); }
  const Sequence& sequence() const { return sequence_; }

 private:
  State add(const Event& event) {
    sequence_.push_back(event);
    return guess().state;
  }
  Sequence sequence_;
};

TEST(Guess, PassiveOpenAndThePeerClosesFirst) {
  Talk talk;
  EXPECT_EQ(talk.call(Verb::Open), State::Listen);
  EXPECT_EQ(talk.segment(Flags::kAck), State::Listen);
  EXPECT_EQ(talk.segment(Flags::kSyn), State::SynReceived);
  EXPECT_EQ(talk.segment(Flags::kAck), State::Established);
  EXPECT_EQ(talk.segment(Flags::kFin | Flags::kAck), State::CloseWait);
  EXPECT_EQ(talk.call(Verb::Close), State::LastAck);
  EXPECT_EQ(talk.segment(Flags::kAck), State::Closed);
}

TEST(Guess, ActiveOpenAndTheTargetClosesFirst) {
  Talk talk;
  EXPECT_EQ(talk.call(Verb::Open, true), State::SynSent);
  EXPECT_EQ(talk.segment(Flags::kSyn | Flags::kAck), State::Established);
  EXPECT_EQ(talk.call(Verb::Close), State::FinWait1);
  EXPECT_EQ(talk.segment(Flags::kAck), State::FinWait2);
  EXPECT_EQ(talk.segment(Flags::kFin | Flags::kAck), State::TimeWait);
  EXPECT_EQ(talk.wait(1000), State::TimeWait);
  EXPECT_EQ(talk.wait(240'000), State::Closed);
}

TEST(Guess, BothOpenAndBothCloseAtOnce) {
  Talk talk;
  talk.call(Verb::Open, true);
  EXPECT_EQ(talk.segment(Flags::kSyn), State::SynReceived);
  EXPECT_EQ(talk.segment(Flags::kAck), State::Established);
  talk.call(Verb::Close);
  EXPECT_EQ(talk.segment(Flags::kFin | Flags::kAck, 0, {Base::RcvNxt, 0}, {Base::SndUna, 0}), State::Closing);
  EXPECT_EQ(talk.segment(Flags::kAck), State::TimeWait);
}

TEST(Guess, AResetReturnsToListenOrCloses) {
  Talk talk;
  talk.call(Verb::Open);
  talk.segment(Flags::kSyn);
  EXPECT_EQ(talk.segment(Flags::kRst), State::Listen);
  talk.segment(Flags::kSyn);
  talk.segment(Flags::kAck);
  EXPECT_EQ(talk.segment(Flags::kRst, 0, {Base::RcvNxt, 1}), State::Established) << "beside RCV.NXT: challenged";
  EXPECT_EQ(talk.segment(Flags::kRst), State::Closed);
}

TEST(Guess, WhatIsDamagedOrOutOfPlaceChangesNothing) {
  Talk talk;
  talk.established();
  EXPECT_EQ(talk.segment(Flags::kFin | Flags::kAck, 0, {Base::RcvNxt, -1}), State::Established);
  EXPECT_EQ(talk.segment(Flags::kSyn), State::Established);
  EXPECT_EQ(talk.segment(Flags::kFin), State::Established) << "no ACK bit";
  Event fin = talk.sequence().back();
  fin.segment.ctl = Flags::kFin | Flags::kAck;
  EXPECT_EQ(after(talk.guess(), fin).state, State::CloseWait);
  fin.segment.damage = spec::Damage::Checksum;
  EXPECT_EQ(after(talk.guess(), fin).state, State::Established);
}

TEST(Guess, ThePeerTakesWhatIsUnderWay) {
  Talk talk;
  talk.call(Verb::Open);
  talk.segment(Flags::kSyn);
  EXPECT_EQ(talk.loses(), State::SynReceived);
  EXPECT_EQ(talk.takes(), State::Established);
  EXPECT_FALSE(talk.guess().in_flight);
  talk.call(Verb::Send, false, 100);
  EXPECT_TRUE(talk.guess().in_flight);
  EXPECT_EQ(talk.call(Verb::Close), State::FinWait1);
  EXPECT_EQ(talk.takes(), State::FinWait2);
}

TEST(Guess, TextWaitsForTheUser) {
  Talk talk;
  talk.established();
  talk.segment(Flags::kAck, 10, {Base::RcvNxt, 10});
  EXPECT_TRUE(talk.guess().hole);
  EXPECT_FALSE(talk.guess().unread);
  talk.segment(Flags::kAck, 10);
  EXPECT_FALSE(talk.guess().hole);
  EXPECT_TRUE(talk.guess().unread);
  talk.call(Verb::Receive, false, 100);
  EXPECT_FALSE(talk.guess().unread);
}

TEST(Guess, TheBeginningOfASequenceOnly) {
  Talk talk;
  talk.established();
  EXPECT_EQ(guess_at(talk.sequence(), 0), Guess{});
  EXPECT_EQ(guess_at(talk.sequence(), 2).state, State::SynReceived);
  EXPECT_EQ(guess_at(talk.sequence(), 99).state, State::Established);
}

TEST(Guess, AbortAndCloseForgetTheConnection) {
  Talk talk;
  talk.established();
  EXPECT_EQ(talk.call(Verb::Abort), State::Closed);
  EXPECT_EQ(talk.guess(), Guess{});
  talk.call(Verb::Open, true);
  EXPECT_EQ(talk.call(Verb::Close), State::Closed);
}

}  // namespace
}  // namespace conform::fuzz
