// RFC 5681 3.2: what counts as a duplicate ACK, and what the third of them does.
#include "stack/tcp/fast_retransmit.h"

#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

constexpr const char* kDuplicate = "<SEQ=301><ACK=101><CTL=ACK>";
constexpr const char* kFront = "<SEQ=101><ACK=301><CTL=ACK><DATA=500>";

// Four segments of 500 octets are in flight.
struct Flight : Talk {
  Flight() {
    establish("<WND=65535><MSS=500>");
    send(2000);
  }
  // The same segment three times: what is heard after each, with bars between.
  std::string thrice(const std::string& line) {
    std::string all = segment(line);
    for (int i = 1; i < 3; ++i) all += "|" + segment(line);
    return all;
  }
};

TEST(FastRetransmit, TheThirdDuplicateAckSendsTheFrontAgain) {
  Flight t;
  t.wait(900ms);
  EXPECT_EQ(t.segment(kDuplicate), "");
  EXPECT_EQ(t.segment(kDuplicate), "");
  EXPECT_EQ(t.segment(kDuplicate), kFront);
  EXPECT_EQ(t.segment(kDuplicate), "");
  EXPECT_EQ(t.stack.find(t.id)->rto(), 1s) << "no timeout has expired";
  EXPECT_EQ(t.wait(1s), "1.000 " + std::string(kFront)) << "the timer began anew, without back-off";
  EXPECT_EQ(t.segment("<SEQ=301><ACK=2101><CTL=ACK>"), "");
  EXPECT_EQ(t.wait(1h), "");
}

TEST(FastRetransmit, OnceForEachLossEvent) {
  Flight t;
  EXPECT_EQ(t.thrice(kDuplicate), "||" + std::string(kFront));
  EXPECT_EQ(t.segment("<SEQ=301><ACK=601><CTL=ACK>"), "");
  EXPECT_EQ(t.thrice("<SEQ=301><ACK=601><CTL=ACK>"), "||") << "a second hole of the same flight";
  EXPECT_EQ(t.segment("<SEQ=301><ACK=2101><CTL=ACK>"), "");
  t.send(1000);
  EXPECT_EQ(t.thrice("<SEQ=301><ACK=2101><CTL=ACK>"), "||") << "at the recovery point, not beyond it";
  EXPECT_EQ(t.segment("<SEQ=301><ACK=2601><CTL=ACK>"), "");
  EXPECT_EQ(t.thrice("<SEQ=301><ACK=2601><CTL=ACK>"), "||<SEQ=2601><ACK=301><CTL=PSH,ACK><DATA=500>");
}

TEST(FastRetransmit, WhatIsNoDuplicateIsNotCountedAndDoesNotBreakTheRow) {
  struct Case {
    const char* what;
    std::string other;   // comes between the second and the third duplicate
    std::string answer;  // to it
    std::string third, again;
  };
  const Case cases[] = {
      {"text", "<SEQ=301><ACK=101><CTL=ACK><DATA=10>", "", "<SEQ=311><ACK=101><CTL=ACK>",
       "<SEQ=101><ACK=311><CTL=ACK><DATA=500>"},
      {"text beyond a hole", "<SEQ=302><ACK=101><CTL=ACK><DATA=10>", "<SEQ=2101><ACK=301><CTL=ACK>", kDuplicate,
       kFront},
      {"a FIN beyond a hole", "<SEQ=302><ACK=101><CTL=FIN,ACK>", "<SEQ=2101><ACK=301><CTL=ACK>", kDuplicate, kFront},
      {"a SYN", "<SEQ=301><ACK=101><CTL=SYN,ACK>", "<SEQ=2101><ACK=301><CTL=ACK>", kDuplicate, kFront},
      {"another window", "<SEQ=301><ACK=101><CTL=ACK><WND=60000>", "", "<SEQ=301><ACK=101><CTL=ACK><WND=60000>",
       kFront},
      {"an older ACK", "<SEQ=301><ACK=100><CTL=ACK>", "", kDuplicate, kFront},
      {"outside the window", "<SEQ=300><ACK=101><CTL=ACK>", "<SEQ=2101><ACK=301><CTL=ACK>", kDuplicate, kFront},
      {"no ACK bit", "<SEQ=301><CTL=PSH>", "", kDuplicate, kFront},
  };
  for (const Case& c : cases) {
    Flight t;
    EXPECT_EQ(t.segment(kDuplicate), "") << c.what;
    EXPECT_EQ(t.segment(kDuplicate), "") << c.what;
    EXPECT_EQ(t.segment(c.other), c.answer) << c.what;
    EXPECT_EQ(t.segment(c.third), c.again) << c.what;
  }
}

TEST(FastRetransmit, AnAckOfSomethingNewBeginsTheCountAnew) {
  Flight t;
  t.segment(kDuplicate);
  t.segment(kDuplicate);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=601><CTL=ACK>"), "");
  EXPECT_EQ(t.thrice("<SEQ=301><ACK=601><CTL=ACK>"), "||<SEQ=601><ACK=301><CTL=ACK><DATA=500>");
}

TEST(FastRetransmit, NothingOutstandingNothingLost) {
  Talk t;
  t.establish();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(t.segment(kDuplicate), "");
  EXPECT_EQ(t.send(10), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>");
  EXPECT_EQ(t.segment(kDuplicate), "") << "those before count for nothing";
}

TEST(FastRetransmit, KarnTakesNoSample) {
  Flight t;
  t.wait(100ms);
  t.segment(kDuplicate);
  t.segment(kDuplicate);
  EXPECT_EQ(t.segment(kDuplicate), kFront);
  t.wait(900ms);
  t.segment("<SEQ=301><ACK=2101><CTL=ACK>");
  EXPECT_EQ(t.stack.find(t.id)->rto(), 1s) << "a sample of one second would have raised it";
}

TEST(FastRetransmit, DuplicatesAfterATimeoutAreNoNewLoss) {
  Flight t;
  EXPECT_EQ(t.wait(1s), "1.000 " + std::string(kFront));
  EXPECT_EQ(t.thrice(kDuplicate), "||");
  t.segment("<SEQ=301><ACK=2101><CTL=ACK>");
  t.send(1000);
  t.segment("<SEQ=301><ACK=2601><CTL=ACK>");
  EXPECT_EQ(t.thrice("<SEQ=301><ACK=2601><CTL=ACK>"), "||<SEQ=2601><ACK=301><CTL=PSH,ACK><DATA=500>");
}

TEST(FastRetransmit, ALostSynAckIsNoLossOfTheFirstText) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN><MSS=500>");
  EXPECT_EQ(t.wait(1s), "1.000 <SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>");
  t.segment(kDuplicate);
  t.send(500);
  t.segment(kDuplicate);
  t.segment(kDuplicate);
  EXPECT_EQ(t.segment(kDuplicate), "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=500>");
}

TEST(FastRetransmit, StaysWithinAShrunkWindow) {
  Flight t;
  t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=200>");
  EXPECT_EQ(t.thrice("<SEQ=301><ACK=101><CTL=ACK><WND=200>"), "||<SEQ=101><ACK=301><CTL=ACK><DATA=200>");
  Flight closed;
  closed.segment("<SEQ=301><ACK=101><CTL=ACK><WND=0>");
  EXPECT_EQ(closed.thrice("<SEQ=301><ACK=101><CTL=ACK><WND=0>"), "||") << "left to the probes";
}

TEST(FastRetransmit, TextThatOurClosedWindowRefusesMakesNoDuplicate) {
  Config config = host_config();
  config.receive_buffer = 1000;
  Talk t(config);
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=1000>");
  EXPECT_EQ(t.send(10), "<SEQ=101><ACK=1301><CTL=PSH,ACK><DATA=10>");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(t.segment("<SEQ=1301><ACK=101><CTL=ACK><DATA=1>"), "<SEQ=111><ACK=1301><CTL=ACK>");
  }
}

TEST(FastRetransmit, AlsoAfterBothEndsHaveClosed) {
  Talk closing;
  closing.establish();
  closing.send(10);
  closing.close();
  closing.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>");
  ASSERT_EQ(closing.state(), "CLOSING");
  const char* duplicate = "<SEQ=302><ACK=101><CTL=ACK>";
  EXPECT_EQ(closing.segment(duplicate), "");
  EXPECT_EQ(closing.segment(duplicate), "");
  EXPECT_EQ(closing.segment(duplicate), "<SEQ=101><ACK=302><CTL=FIN,PSH,ACK><DATA=10>");
}

TEST(FastRetransmit, RecoveryPointAcrossTheEndOfTheSequenceSpace) {
  using wire::SeqNum;
  FastRetransmit lost;
  EXPECT_FALSE(lost.duplicate(SeqNum(5)));
  EXPECT_FALSE(lost.duplicate(SeqNum(5)));
  EXPECT_TRUE(lost.duplicate(SeqNum(5)));
  EXPECT_FALSE(lost.duplicate(SeqNum(5)));
  EXPECT_EQ(lost.recovery_point(), SeqNum(5));
  lost.acknowledged(SeqNum(0xfffffff0));
  EXPECT_EQ(lost.duplicates(), 0u);
  EXPECT_EQ(lost.recovery_point(), SeqNum(5)) << "before the recovery point";
  lost.acknowledged(SeqNum(6));
  EXPECT_EQ(lost.recovery_point(), std::nullopt) << "it must not seem to lie ahead again 2^31 octets later";
}

}  // namespace
}  // namespace tcp::testing
