// Mutation, crossover, generation: in range, the same for a seed, rarely without effect, and each operator does its
// work.
#include "fuzz/mutate/mutate.h"

#include <algorithm>
#include <map>
#include <set>

#include "fuzz/mutate/likely.h"
#include "fuzz/mutate/model.h"
#include "fuzz/mutate/operators.h"
#include "fuzz/mutate/testing.h"
#include "stack/wire/segment.h"

namespace conform::fuzz {
namespace {

using wire::State;

// Sequences as a campaign has them: made up, and mutated some way on.
Sequence grown(Random& random) {
  Sequence sequence = generate(random, random.below(20));
  for (std::uint32_t left = random.below(8); left > 0; --left) mutate(sequence, random);
  return sequence;
}

std::multiset<std::string> bag(const Sequence& sequence) {
  std::multiset<std::string> texts;
  for (const Event& event : sequence) texts.insert(to_string(event));
  return texts;
}

TEST(Mutate, WhatComesOfItIsInRange) {
  Random random(1);
  Sequence sequence;
  for (int i = 0; i < 50'000; ++i) {
    if (i % 500 == 0) sequence = generate(random, random.below(kMaxEvents + 10));
    mutate(sequence, random);
    ASSERT_TRUE(is_in_range(sequence)) << lines(sequence);
  }
}

TEST(Mutate, RarelyChangesNothing) {
  Random random(2);
  int same = 0;
  constexpr int kTimes = 20'000;
  for (int i = 0; i < kTimes; ++i) {
    const Sequence before = grown(random);
    Sequence mutated = before;
    mutate(mutated, random);
    same += mutated == before;
  }
  EXPECT_LT(same, kTimes * 2 / 100);
}

TEST(Mutate, IsTheSameForASeed) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random first(seed), second(seed);
    Sequence a = generate(first, 12), b = generate(second, 12);
    ASSERT_EQ(a, b);
    for (int i = 0; i < 20; ++i) {
      mutate(a, first);
      mutate(b, second);
      ASSERT_EQ(a, b);
    }
    ASSERT_EQ(cross_over(a, generate(first, 9), first), cross_over(b, generate(second, 9), second));
  }
}

TEST(Mutate, OtherSeedsGiveOtherSequences) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    seen.insert(lines(generate(random, 8)));
  }
  EXPECT_GT(seen.size(), 990u);
}

TEST(Mutate, AnEmptySequenceGrowsAndAFullOneDoesNotOverflow) {
  Random random(3);
  Sequence empty;
  mutate(empty, random);
  EXPECT_FALSE(empty.empty());
  for (int i = 0; i < 2000; ++i) {
    Sequence full = generate(random, kMaxEvents);
    ASSERT_EQ(full.size(), kMaxEvents);
    const Sequence before = full;
    mutate(full, random);
    ASSERT_LE(full.size(), kMaxEvents);
  }
  Sequence beyond(kMaxEvents + 20);
  mutate(beyond, random);
  EXPECT_LE(beyond.size(), kMaxEvents);
}

TEST(Operators, EachOneHappensAndTellsTheTruth) {
  Random random(4);
  for (const Operator& one : operators()) {
    int done = 0;
    for (int i = 0; i < 2000; ++i) {
      const Sequence before = grown(random);
      Sequence changed = before;
      const bool applied = one.apply(changed, random);
      ASSERT_EQ(applied, changed != before) << one.name << "\n" << lines(before) << "--\n" << lines(changed);
      ASSERT_TRUE(is_in_range(changed)) << one.name;
      done += applied;
    }
    EXPECT_GT(done, 300) << one.name;
    EXPECT_GT(one.weight, 0);
    Sequence empty;
    EXPECT_EQ(one.apply(empty, random), one.name.starts_with("insert")) << one.name;
  }
}

// What each operator leaves as it was.
TEST(Operators, ChangeWhatTheirNamesSay) {
  Random random(5);
  for (const Operator& one : operators()) {
    for (int i = 0; i < 500; ++i) {
      const Sequence before = grown(random);
      Sequence changed = before;
      if (!one.apply(changed, random)) continue;
      const auto grows = static_cast<std::ptrdiff_t>(changed.size()) - static_cast<std::ptrdiff_t>(before.size());
      if (one.name.starts_with("insert") || one.name == "repeat later")
        ASSERT_EQ(grows, 1) << one.name;
      else if (one.name == "repeat")
        ASSERT_TRUE(grows >= 1 && grows <= 4);
      else if (one.name == "delete")
        ASSERT_EQ(grows, -1);
      else if (one.name == "delete run")
        ASSERT_LE(grows, -2);
      else if (one.name == "move" || one.name == "swap neighbours")
        ASSERT_EQ(bag(changed), bag(before)) << one.name;
      else {
        ASSERT_EQ(grows, 0) << one.name;
        std::size_t differ = 0;
        for (std::size_t at = 0; at < before.size(); ++at) differ += !(changed[at] == before[at]);
        ASSERT_EQ(differ, 1u) << one.name;
      }
    }
  }
}

TEST(Operators, FieldsGetTheirBoundaryValues) {
  SegmentEvent ack;
  ack.ctl = wire::Flags::kAck;
  std::set<std::string> seen;
  Random random(6);
  for (const Operator& one : operators()) {
    for (int i = 0; i < 5000; ++i) {
      Sequence sequence = {segment_event(ack)};
      if (one.apply(sequence, random)) seen.insert(to_string(sequence[0]));
    }
  }
  for (const char* wanted : {"<SEQ=RCV.NXT + 1><CTL=ACK>",
                             "<SEQ=RCV.EDGE><CTL=ACK>",
                             "<SEQ=RCV.NXT - 2147483648><CTL=ACK>",
                             "<ACK=SND.NXT + 1><CTL=ACK>",
                             "<ACK=SND.UNA - 1><CTL=ACK>",
                             "<ACK=SND.UNA + SND.WND + 1><CTL=ACK>",
                             "<ACK=ISS><CTL=ACK>",
                             "<CTL=ACK><WND=0>",
                             "<CTL=ACK><WND=1>",
                             "<CTL=ACK><DATA=1460>",
                             "<CTL=ACK><DATA=1>",
                             "<CTL=>",
                             "<CTL=SYN,ACK>",
                             "<CTL=FIN,ACK>",
                             "<CTL=RST,ACK>",
                             "<CTL=URG,ACK><UP=1>",
                             "<CTL=ACK><RSV=1>",
                             "<CTL=ACK><BAD=checksum>",
                             "<CTL=ACK><BAD=option-overrun>",
                             "<CTL=ACK><SEC=other>",
                             "<CTL=ACK><MSS=0>",
                             "<CTL=ACK><MSS=65535>"}) {
    EXPECT_TRUE(seen.contains(std::string("segment: ") + wanted)) << wanted;
  }
}

TEST(CrossOver, MixesBothAndKeepsTheirOrder) {
  Random random(7);
  int both = 0;
  constexpr int kTimes = 10'000;
  for (int i = 0; i < kTimes; ++i) {
    const Sequence a = grown(random), b = grown(random);
    const Sequence child = cross_over(a, b, random);
    ASSERT_TRUE(is_in_range(child));
    const auto from_a = bag(a), from_b = bag(b);
    bool some_a = false, some_b = false;
    for (const Event& event : child) {
      const bool in_a = from_a.contains(to_string(event)), in_b = from_b.contains(to_string(event));
      ASSERT_TRUE(in_a || in_b) << to_string(event);
      some_a = some_a || (in_a && !in_b);
      some_b = some_b || (in_b && !in_a);
    }
    both += some_a && some_b;
  }
  EXPECT_GT(both, kTimes / 2);
}

// With marked events: a's are waits of 1, 2, 3 ... ms, b's SENDs of 1, 2, 3 ... octets.
TEST(CrossOver, EachSidesEventsStayInOrder) {
  Sequence a, b;
  for (std::uint32_t i = 1; i <= 20; ++i) {
    a.push_back(wait_event(i));
    b.push_back(call_event({Verb::Send, false, true, false, false, static_cast<std::uint16_t>(i), 0}));
  }
  Random random(8);
  bool spliced = false, interleaved = false, inserted = false;
  for (int i = 0; i < 2000; ++i) {
    const Sequence child = cross_over(a, b, random);
    std::uint32_t last_a = 0, last_b = 0, turns = 0;
    for (std::size_t at = 0; at < child.size(); ++at) {
      const Event& event = child[at];
      std::uint32_t& last = event.kind == Event::Kind::Wait ? last_a : last_b;
      const std::uint32_t now = event.kind == Event::Kind::Wait ? event.wait.ms : event.call.length;
      ASSERT_GT(now, last) << lines(child);
      last = now;
      turns += at > 0 && child[at - 1].kind != event.kind;
    }
    spliced = spliced || turns == 1;
    inserted = inserted || (turns == 2 && child.back() == a.back());
    interleaved = interleaved || turns > 4;
  }
  EXPECT_TRUE(spliced && interleaved && inserted);
}

TEST(CrossOver, JoinsWhereTheStatesAreAlike) {
  Random random(9);
  int alike = 0;
  constexpr int kTimes = 5000;
  for (int i = 0; i < kTimes; ++i) {
    const Sequence a = generate(random, 10), b = generate(random, 10), child = cross_over(a, b, random);
    // What follows the handshake of one rarely begins with the handshake of the other.
    int opens = 0;
    for (const Event& event : child) opens += event.kind == Event::Kind::Call && event.call.verb == Verb::Open;
    alike += opens <= 2;
  }
  EXPECT_GT(alike, kTimes * 6 / 10);
}

TEST(CrossOver, NothingAndTooMuch) {
  Random random(10);
  EXPECT_TRUE(cross_over({}, {}, random).empty());
  const Sequence full(kMaxEvents, wait_event(1));
  for (int i = 0; i < 500; ++i) {
    EXPECT_LE(cross_over(full, full, random).size(), kMaxEvents);
    EXPECT_LE(cross_over({}, full, random).size(), kMaxEvents);
    EXPECT_LE(cross_over(full, {}, random).size(), kMaxEvents);
  }
}

TEST(Generate, HasTheLengthThatIsAskedFor) {
  Random random(11);
  for (std::size_t events = 0; events < kMaxEvents + 20; ++events) {
    const Sequence sequence = generate(random, events);
    EXPECT_EQ(sequence.size(), std::min(events, kMaxEvents));
    EXPECT_TRUE(is_in_range(sequence));
  }
}

TEST(Generate, ReachesEveryStateAndStaysOnAConnectionMostOfTheTime) {
  Random random(12);
  std::map<State, int> ends;
  int events[4] = {}, established = 0;
  std::set<Verb> verbs;
  constexpr int kTimes = 20'000;
  for (int i = 0; i < kTimes; ++i) {
    const Sequence sequence = generate(random, 12);
    ++ends[guess_at(sequence, sequence.size()).state];
    bool was_established = false;
    for (std::size_t at = 1; at <= sequence.size(); ++at)
      was_established = was_established || guess_at(sequence, at).state == State::Established;
    established += was_established;
    for (const Event& event : sequence) {
      ++events[static_cast<std::size_t>(event.kind)];
      if (event.kind == Event::Kind::Call) verbs.insert(event.call.verb);
    }
  }
  for (State state : wire::kAllStates) EXPECT_GT(ends[state], kTimes / 200) << wire::to_string(state);
  EXPECT_GT(established, kTimes * 8 / 10);
  EXPECT_EQ(verbs.size(), kVerbs);
  const int all = kTimes * 12;
  EXPECT_GT(events[static_cast<int>(Event::Kind::Segment)], all * 4 / 10);
  EXPECT_GT(events[static_cast<int>(Event::Kind::Call)], all * 2 / 10);
  EXPECT_GT(events[static_cast<int>(Event::Kind::Wait)], all * 3 / 100);
  EXPECT_GT(events[static_cast<int>(Event::Kind::Peer)], all * 3 / 100);
}

TEST(Generate, OpensInEveryWay) {
  Random random(13);
  std::map<std::string, int> ways;
  for (int i = 0; i < 4000; ++i) {
    std::string way;
    for (const Event& event : generate(random, 3)) {
      if (event.kind == Event::Kind::Call) way += to_string(event).substr(6) + "; ";
      if (event.kind == Event::Kind::Segment) way += wire::Flags{event.segment.ctl}.syn() ? "SYN; " : "segment; ";
    }
    ++ways[way];
  }
  for (const char* way : {"OPEN passive; SYN; segment; ", "OPEN passive specified; SYN; segment; ",
                          "OPEN active; SYN; segment; ", "OPEN passive specified; OPEN active; SYN; "}) {
    EXPECT_GT(ways[way], 100) << way;
  }
}

}  // namespace
}  // namespace conform::fuzz
