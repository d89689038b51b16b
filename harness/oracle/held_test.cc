#include "harness/oracle/held.h"

#include <gtest/gtest.h>

namespace conform::oracle {
namespace {

using wire::SeqNum;

// Numbers are offsets from a base close below the wrap: every test crosses it.
constexpr std::uint32_t kBase = 0xfffffff0;
SeqNum at(std::uint32_t offset) { return SeqNum(kBase + offset); }
std::uint32_t joined(Held& held, std::uint32_t next) { return held.join(at(next)).raw() - kBase; }

TEST(Held, NothingHeldMovesNothing) {
  Held held;
  EXPECT_TRUE(held.empty());
  EXPECT_EQ(joined(held, 7), 7u);
}

TEST(Held, TextBeyondAHoleWaitsUntilTheHoleIsFilled) {
  Held held;
  held.add(at(10), at(30));
  EXPECT_EQ(joined(held, 9), 9u);
  EXPECT_FALSE(held.empty());
  EXPECT_EQ(joined(held, 10), 30u);
  EXPECT_TRUE(held.empty());
}

TEST(Held, TextThatReachesIntoHeldTextJoinsIt) {
  Held held;
  held.add(at(10), at(30));
  EXPECT_EQ(joined(held, 17), 30u);
}

TEST(Held, TouchingRangesAreOne) {
  Held one, other;
  one.add(at(10), at(20));
  one.add(at(20), at(30));
  other.add(at(10), at(30));
  EXPECT_EQ(one, other);
}

TEST(Held, ARangeThatFillsTheGapJoinsBothNeighbours) {
  Held held, whole;
  held.add(at(10), at(15));
  held.add(at(25), at(30));
  held.add(at(12), at(26));
  whole.add(at(10), at(30));
  EXPECT_EQ(held, whole);
}

TEST(Held, ARangeInsideAnotherChangesNothing) {
  Held held, whole;
  whole.add(at(10), at(30));
  held.add(at(10), at(30));
  held.add(at(14), at(16));
  EXPECT_EQ(held, whole);
}

TEST(Held, AGapOfOneOctetStopsTheJoin) {
  Held held;
  held.add(at(10), at(20));
  held.add(at(21), at(30));
  EXPECT_EQ(joined(held, 10), 20u);
  EXPECT_EQ(joined(held, 21), 30u);
}

TEST(Held, RangesAreJoinedInTheOrderOfTheStreamNotOfTheirArrival) {
  Held held;
  held.add(at(30), at(40));
  held.add(at(10), at(20));
  held.add(at(19), at(31));
  EXPECT_EQ(joined(held, 10), 40u);
}

TEST(Held, WhatLiesLeftOfTheAnswerIsForgotten) {
  Held held;
  held.add(at(5), at(8));
  EXPECT_EQ(joined(held, 20), 20u);   // it never moves back
  EXPECT_TRUE(held.empty());
}

TEST(Held, AnEmptyOrReversedRangeIsNoText) {
  Held held;
  held.add(at(10), at(10));
  held.add(at(10), at(4));
  EXPECT_TRUE(held.empty());
}

TEST(Held, TheFinStaysUntilItIsPassed) {
  Held held;
  held.add(at(10), at(20));
  held.add_fin(at(20));
  EXPECT_EQ(joined(held, 10), 20u);
  ASSERT_TRUE(held.fin());
  EXPECT_EQ(held.fin()->raw(), at(20).raw());
  EXPECT_EQ(joined(held, 21), 21u);
  EXPECT_FALSE(held.fin());
}

TEST(Held, AFinAloneIsHeldToo) {
  Held held;
  held.add_fin(at(20));
  EXPECT_FALSE(held.empty());
  held.clear();
  EXPECT_TRUE(held.empty());
}

TEST(Held, EightSeparateRangesAreKeptAndTheNinthIsForgotten) {
  Held held;
  for (std::uint32_t i = 0; i < 9; ++i) held.add(at(10 * i), at(10 * i + 5));
  EXPECT_EQ(joined(held, 70), 75u);
  EXPECT_EQ(joined(held, 80), 80u);
}

}  // namespace
}  // namespace conform::oracle
