// Shrinking against predicates whose smallest failing sequence is known.
#include "fuzz/findings/shrink.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "fuzz/findings/simpler.h"
#include "fuzz/findings/testing.h"
#include "fuzz/mutate/mutate.h"
#include "fuzz/sequence/testing.h"

namespace conform::fuzz {
namespace {

bool is_call(const Event& event, Verb verb) { return event.kind == Event::Kind::Call && event.call.verb == verb; }
bool is_rst(const Event& event) { return event.kind == Event::Kind::Segment && wire::Flags{event.segment.ctl}.rst(); }

// An OPEN, somewhere behind it so many octets of text, behind that a RST, and 437 ms in all.
bool opened_filled_and_reset(const Sequence& sequence) {
  int stage = 0;
  std::uint32_t octets = 0, ms = 0;
  for (const Event& event : sequence) {
    if (stage == 0 && is_call(event, Verb::Open)) stage = 1;
    if (stage == 1 && event.kind == Event::Kind::Segment) octets += event.segment.data;
    if (stage == 1 && octets >= 1234 && is_rst(event)) stage = 2;
    if (event.kind == Event::Kind::Wait) ms += event.wait.ms;
  }
  return stage == 2 && ms >= 437;
}

// Whether some single event can be left out, or made simpler.
bool can_be_smaller(const Sequence& sequence, const StillFails& fails) {
  for (std::size_t at = 0; at < sequence.size(); ++at) {
    Sequence without = sequence;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(at));
    if (fails(without)) return true;
    for (const Event& event : simpler_events(sequence[at])) {
      Sequence changed = sequence;
      changed[at] = event;
      if (fails(changed)) return true;
    }
  }
  return false;
}

TEST(Shrink, OnlyWhatIsNeededIsLeftAndItsNumbersAreRound) {
  const Sequence large = sequence_of(
      "- call: STATUS\n"
      "- call: OPEN active unspecified timeout=20s\n"
      "- segment: <SEQ=PEER.ISS><CTL=SYN,ACK><MSS=1460><OPT=0402>\n"
      "- wait: 1234 ms\n"
      "- segment: <SEQ=RCV.EDGE - 3><ACK=SND.UNA><CTL=PSH,URG,ACK><WND=77><UP=9><DATA=700><RSV=3><BAD=checksum>\n"
      "- segment: <SEQ=RCV.NXT - 3><CTL=PSH,ACK><DATA=900>\n"
      "- peer: takes 3\n"
      "- wait: 2 min\n"
      "- segment: <SEQ=RCV.NXT + 17><CTL=RST,ACK>\n"
      "- call: CLOSE\n"
      "- wait: 4 min\n");
  ASSERT_TRUE(opened_filled_and_reset(large));
  const Sequence small = shrink(large, opened_filled_and_reset);
  EXPECT_EQ(lines(small),
            "call: OPEN active\n"
            "wait: 500 ms\n"
            "segment: <CTL=><DATA=700>\n"
            "segment: <CTL=><DATA=600>\n"
            "segment: <CTL=RST>\n");
}

TEST(Shrink, NothingCanBeLeftOutOfWhatComesOutAndAgainItStaysAsItIs) {
  int shrunk = 0;
  for (std::uint64_t seed = 1; shrunk < 40; ++seed) {
    Random random(seed);
    Sequence sequence = generate(random, kMaxEvents);
    for (int i = 0; i < 8; ++i) mutate(sequence, random);
    // Which events matter is drawn as well: two kinds in this order, and how many flags there are.
    const auto first = static_cast<Event::Kind>(random.below(4)), second = static_cast<Event::Kind>(random.below(4));
    const std::uint32_t most = random.below(5);
    const StillFails fails = [=](const Sequence& s) {
      const auto one = std::find_if(s.begin(), s.end(), [=](const Event& e) { return e.kind == first; });
      if (one == s.end()) return false;
      const auto two = std::find_if(one + 1, s.end(), [=](const Event& e) { return e.kind == second; });
      if (two == s.end()) return false;
      const auto with_text = std::count_if(s.begin(), s.end(), [](const Event& e) {
        return e.kind == Event::Kind::Segment && e.segment.data > 3 && wire::Flags{e.segment.ctl}.ack();
      });
      return static_cast<std::uint32_t>(with_text) >= most;
    };
    if (!fails(sequence)) continue;
    ++shrunk;
    const Sequence small = shrink(sequence, fails);
    ASSERT_TRUE(fails(small));
    ASSERT_TRUE(is_in_range(small));
    ASSERT_LE(small.size(), 2 + most);
    ASSERT_FALSE(can_be_smaller(small, fails)) << lines(small);
    ASSERT_EQ(lines(shrink(small, fails)), lines(small));
    ASSERT_EQ(lines(shrink(sequence, fails)), lines(small)) << "not deterministic";
  }
}

// SEND and RECEIVE in equal number: never can one be left out alone.
TEST(Shrink, NeighboursAreLeftOutTogether) {
  const StillFails fails = [](const Sequence& s) {
    const auto sends = std::count_if(s.begin(), s.end(), [](const Event& e) { return is_call(e, Verb::Send); });
    const auto receives = std::count_if(s.begin(), s.end(), [](const Event& e) { return is_call(e, Verb::Receive); });
    return sends == receives;
  };
  Sequence pairs;
  for (int i = 0; i < 6; ++i) {
    for (const char* call : {"- call: SEND 10\n", "- call: RECEIVE 10\n"}) pairs.push_back(sequence_of(call).front());
  }
  EXPECT_EQ(lines(shrink(pairs, fails)), "");
}

TEST(Shrink, NoSequenceIsTriedTwiceAndNoMoreThanAllowed) {
  Random random(5);
  const Sequence large = generate(random, kMaxEvents);
  std::vector<Sequence> tried;
  const StillFails fails = [&](const Sequence& s) {
    EXPECT_EQ(std::count(tried.begin(), tried.end(), s), 0) << lines(s);
    tried.push_back(s);
    return std::count_if(s.begin(), s.end(), is_rst) + static_cast<std::ptrdiff_t>(s.size()) > 5;
  };
  const Sequence small = shrink(large, fails);
  EXPECT_GT(tried.size(), 30u);
  EXPECT_LE(small.size(), 6u);
  tried.clear();
  const Sequence less_small = shrink(large, fails, 3);
  EXPECT_EQ(tried.size(), 3u);
  EXPECT_LT(less_small.size(), large.size()) << "what was reached by then is given";
  EXPECT_GT(less_small.size(), small.size());
}

TEST(Shrink, WhatDoesNotFailIsGivenBack) {
  Random random(6);
  const Sequence sequence = generate(random, 12);
  int asked = 0;
  EXPECT_EQ(shrink(sequence, [&](const Sequence&) { return ++asked, false; }), sequence);
  EXPECT_EQ(asked, 1);
}

TEST(Shrink, WhatFailsWithoutAnyEventBecomesEmpty) {
  Random random(7);
  EXPECT_TRUE(shrink(generate(random, 20), [](const Sequence&) { return true; }).empty());
}

}  // namespace
}  // namespace conform::fuzz
