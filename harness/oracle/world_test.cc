#include "harness/oracle/world.h"

#include <gtest/gtest.h>

namespace conform::oracle {
namespace {

using spec::Var;
using wire::SeqNum;
using wire::State;

World listening() {
  World world;
  world.values[Var::PeerIss] = 0xfffffff0;
  world.set_state(State::Listen);
  return world;
}

TEST(World, BindingTheIssMovesTheWholeSendSpaceAlong) {
  World world = listening();
  world.iss_unbound = true;
  world.set_seq(Var::Iss, SeqNum(10));
  world.set_seq(Var::SndUna, SeqNum(10));
  world.set_seq(Var::SndNxt, SeqNum(11));
  world.set_seq(Var::SndEnd, SeqNum(111));
  world.set_seq(Var::SndUp, SeqNum(30));
  world.set_seq(Var::SndWl2, SeqNum(10));
  const std::int64_t rcv_nxt = world[Var::RcvNxt];
  world.bind_iss(SeqNum(0xffffffff));   // the last number before the wrap
  EXPECT_FALSE(world.iss_unbound);
  EXPECT_EQ(world[Var::Iss], 0xffffffff);
  EXPECT_EQ(world[Var::SndUna], 0xffffffff);
  EXPECT_EQ(world[Var::SndNxt], 0);
  EXPECT_EQ(world[Var::SndEnd], 100);
  EXPECT_EQ(world[Var::SndUp], 19);
  EXPECT_EQ(world[Var::SndWl2], 0xffffffff);
  EXPECT_EQ(world[Var::RcvNxt], rcv_nxt) << "the receive space is the peer's";
}

TEST(World, TheWindowFollowsItsEdges) {
  World world = listening();
  world.set(Var::RcvNxt, 0xfffffff0);
  world.set(Var::RcvWnd, 100);
  EXPECT_EQ(world[Var::RcvEdge], 0x54) << "RCV.NXT + 100, across the wrap";
  world.set(Var::RcvNxt, 0x50);
  EXPECT_EQ(world[Var::RcvWnd], 4);
  world.set(Var::RcvEdge, 0x150);
  EXPECT_EQ(world[Var::RcvWnd], 0x100);
}

TEST(World, AnEdgeLeftOfRcvNxtIsAClosedWindowNotAHugeOne) {
  World world = listening();
  world.set(Var::RcvNxt, 100);
  world.set(Var::RcvEdge, 90);
  EXPECT_EQ(world[Var::RcvWnd], 0);
}

TEST(World, SequenceNumbersWrapWhenSet) {
  World world = listening();
  world.set(Var::SndUna, 0x100000005);
  EXPECT_EQ(world[Var::SndUna], 5);
  world.set(Var::SndUna, -1);
  EXPECT_EQ(world[Var::SndUna], 0xffffffff);
  world.set(Var::UserTimeout, 0x100000005);
  EXPECT_EQ(world[Var::UserTimeout], 0x100000005) << "a number is no sequence number";
}

TEST(World, FinIsReachedWhenTheSegmentsFinLiesAtRcvNxt) {
  World world = listening();
  world.set(Var::RcvNxt, 100);
  world.set(Var::RcvWnd, 50);
  EXPECT_FALSE(world[Var::FinReached]);
  world.values[Var::SegCtlFin] = 1;
  world.values[Var::SegSeq] = 95;
  world.values[Var::SegLen] = 6;   // five octets of text, and the FIN at 100
  world.set(Var::RcvNxt, 100);
  EXPECT_TRUE(world[Var::FinReached]);
  world.set(Var::RcvNxt, 99);
  EXPECT_FALSE(world[Var::FinReached]) << "an octet is still missing";
}

TEST(World, AHeldFinIsReachedWhenTheTextBeforeItIsComplete) {
  World world = listening();
  world.set(Var::RcvNxt, 100);
  world.set(Var::RcvWnd, 50);
  world.held.add_fin(SeqNum(110));
  world.set(Var::RcvNxt, 109);
  EXPECT_FALSE(world[Var::FinReached]);
  world.set(Var::RcvNxt, 110);
  EXPECT_TRUE(world[Var::FinReached]);
}

TEST(World, NoFinIsReachedInAClosedWindow) {
  World world = listening();
  world.held.add_fin(SeqNum(100));
  world.set(Var::RcvNxt, 100);
  world.set(Var::RcvEdge, 100);
  EXPECT_FALSE(world[Var::FinReached]);
  world.set(Var::RcvEdge, 101);
  EXPECT_TRUE(world[Var::FinReached]);
}

TEST(World, ClosedAndListenDeleteTheTcb) {
  for (State end : {State::Closed, State::Listen}) {
    World world = listening();
    world.set_seq(Var::Iss, SeqNum(5000));
    world.set_state(State::Established);
    world.held.add(SeqNum(7), SeqNum(9));
    for (Var var : {Var::SndWnd, Var::FinQueued, Var::FinSent, Var::FinReceived, Var::DupAcks, Var::RtxInterval,
                    Var::RtxLongest, Var::RtxCount, Var::Receives, Var::RcvAdv}) {
      world.set(var, 1);
    }
    world.set(Var::RcvNxt, 77);
    world.set_state(end);
    EXPECT_EQ(world[Var::StateNow], static_cast<std::int64_t>(end));
    EXPECT_TRUE(world.held.empty());
    for (Var var : {Var::SndWnd, Var::FinQueued, Var::FinSent, Var::FinReceived, Var::DupAcks, Var::RtxInterval,
                    Var::RtxLongest, Var::RtxCount, Var::Receives, Var::RcvAdv, Var::RcvWnd}) {
      EXPECT_EQ(world[var], 0) << spec::info(var).name << " in " << to_string(end);
    }
    EXPECT_EQ(world[Var::RcvNxt], 0xfffffff0) << "what the peer would choose";
    EXPECT_EQ(world[Var::SndNxt], 5001);
  }
}

TEST(World, OtherStatesKeepTheTcb) {
  World world = listening();
  world.held.add(SeqNum(7), SeqNum(9));
  world.set(Var::SndWnd, 1000);
  world.set_state(State::CloseWait);
  EXPECT_FALSE(world.held.empty());
  EXPECT_EQ(world[Var::SndWnd], 1000);
}

TEST(World, TheWeightOrdersAssumptionsByLevel) {
  const auto weight = [](std::initializer_list<spec::Level> levels) {
    World world;
    for (spec::Level level : levels) world.blemishes.push_back({Blemish::What::Misses, level, 0, 0, 0});
    return world.weight();
  };
  using enum spec::Level;
  EXPECT_EQ(weight({}), 0);
  EXPECT_GT(weight({May}), 0);
  EXPECT_GT(weight({Should}), weight({May, May, May, May}));
  EXPECT_GT(weight({Must}), weight({Should, Should, Should, Should}));
}

TEST(World, TheFutureIsTheSameWhateverRowsLedThere) {
  World one = listening(), other = listening();
  other.fired.push_back({3, State::Listen});
  other.blemishes.push_back({});
  EXPECT_TRUE(one.same_future(other));
  other.set(Var::SndWnd, 1);
  EXPECT_FALSE(one.same_future(other));
}

TEST(World, WhatIsStillToComePartsTwoFutures) {
  const World one = listening();
  World owing = one, signalling = one, holding = one, unbound = one, replying = one, moved = one;
  owing.owed_since[3] = 0;
  signalling.signals.push_back({});
  holding.held.add(SeqNum(1), SeqNum(2));
  unbound.iss_unbound = true;
  replying.reply = spec::AnswerSet{}.set(0);
  moved.state = State::SynSent;
  for (const World* other : {&owing, &signalling, &holding, &unbound, &replying, &moved}) {
    EXPECT_FALSE(one.same_future(*other));
  }
}

}  // namespace
}  // namespace conform::oracle
