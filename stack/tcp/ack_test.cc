// RFC 9293 3.10.7.4, fifth: the ACK field, and the send window that comes with it.
#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

TEST(Ack, WithoutTheBitTheSegmentIsDropped) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><CTL=FIN><DATA=10>"), "");
  EXPECT_EQ(t.wait(1s), "");
  EXPECT_EQ(t.receive(10), "queued");
  EXPECT_EQ(t.state(), "ESTABLISHED");
}

TEST(Ack, OfSomethingNotYetSentIsAnsweredAndDropped) {
  Talk t;
  t.establish();
  t.send(10);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=112><CTL=ACK><DATA=5>"), "<SEQ=111><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.receive(10), "queued") << "its text is dropped as well";
  EXPECT_EQ(t.tcb().snd_una, t.tcb().iss + 1);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=111><CTL=ACK><DATA=5>"), "[received 5]");
  EXPECT_EQ(t.tcb().snd_una, t.tcb().iss + 11);
}

TEST(Ack, RangeOfRfc5961) {
  Talk t;
  t.establish("<WND=1000><MSS=500>", "<WND=1000>");
  for (int i = 0; i < 4; ++i) {
    t.send(500);
    t.segment("<SEQ=301><ACK=" + std::to_string(601 + 500 * i) + "><CTL=ACK><WND=1000>");
  }
  ASSERT_EQ(t.tcb().snd_una, t.tcb().iss + 2001);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=1101><CTL=ACK><WND=1000><DATA=5>"), "") << "SND.UNA - MAX.SND.WND";
  EXPECT_EQ(t.receive(10), "received 5");
  EXPECT_EQ(t.segment("<SEQ=306><ACK=1100><CTL=ACK><DATA=5>"), "<SEQ=2101><ACK=306><CTL=ACK>") << "one less";
  EXPECT_EQ(t.receive(10), "queued");
}

TEST(Ack, OldSegmentDoesNotUpdateTheWindow) {
  Talk t;
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=2000><DATA=10>");
  EXPECT_EQ(t.tcb().snd_wnd, 2000u);
  t.segment("<SEQ=311><ACK=101><CTL=ACK><WND=3000>");
  EXPECT_EQ(t.tcb().snd_wnd, 3000u);
  t.send(10);
  t.segment("<SEQ=311><ACK=111><CTL=ACK><WND=4000>");
  EXPECT_EQ(t.tcb().snd_wnd, 4000u);
  t.segment("<SEQ=311><ACK=101><CTL=ACK><WND=1>");
  EXPECT_EQ(t.tcb().snd_wnd, 4000u) << "SEG.ACK < SND.UNA";
}

TEST(Ack, WindowOfASegmentWithSmallerSeqIsOld) {
  Talk t;
  t.establish();
  // Beyond a hole: its window is newer than that of the one before the hole.
  t.segment("<SEQ=311><ACK=101><CTL=ACK><WND=5000><DATA=10>");
  EXPECT_EQ(t.tcb().snd_wnd, 5000u);
  t.segment("<SEQ=301><ACK=101><CTL=ACK><WND=77><DATA=10>");
  EXPECT_EQ(t.tcb().snd_wnd, 5000u);
}

TEST(Ack, AcrossTheEndOfTheSequenceSpace) {
  // The ISS depends on the seed: find one that wraps within the first 100000 octets.
  Config config = host_config();
  for (config.seed = 1;; ++config.seed) {
    Talk probe(config);
    probe.open_passive();
    probe.segment("<SEQ=300><CTL=SYN>");
    if (probe.tcb().iss.raw() > 0xfffe7000) break;
  }
  Talk t(config);
  t.peer_iss = 0xffffff00;
  t.establish();
  for (int round = 0; round < 100; ++round) {
    const int seq = 301 + 1000 * round, ack = 101 + 1000 * round;
    const std::string at_seq = std::to_string(seq), at_ack = std::to_string(ack);
    EXPECT_EQ(t.send(1000), "<SEQ=" + at_ack + "><ACK=" + at_seq + "><CTL=PSH,ACK><DATA=1000>");
    ASSERT_EQ(t.segment("<SEQ=" + at_seq + "><ACK=" + std::to_string(ack + 1000) + "><CTL=ACK><DATA=1000>"), "");
    ASSERT_EQ(t.receive(1000).substr(0, 13), "received 1000");
  }
  EXPECT_LT(t.tcb().snd_una.raw(), 0x10000u);
}

TEST(Ack, OfFinAloneLeavesFinWait1) {
  Talk t;
  t.establish();
  t.send(10);
  t.close();
  EXPECT_EQ(t.state(), "FIN-WAIT-1");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=106><CTL=ACK>"), "");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=111><CTL=ACK>"), "");
  EXPECT_EQ(t.state(), "FIN-WAIT-1");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=112><CTL=ACK>"), "[close ok]");
  EXPECT_EQ(t.state(), "FIN-WAIT-2");
}

TEST(Ack, OfTextBeforeTheFinInClosingAndLastAck) {
  Talk closing;
  closing.establish();
  closing.send(10);
  closing.close();
  closing.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>");
  ASSERT_EQ(closing.state(), "CLOSING");
  EXPECT_EQ(closing.segment("<SEQ=302><ACK=111><CTL=ACK>"), "");
  EXPECT_EQ(closing.state(), "CLOSING");
  EXPECT_EQ(closing.wait(1s), "1.000 <SEQ=111><ACK=302><CTL=FIN,ACK>") << "only the FIN is sent again";
  EXPECT_EQ(closing.segment("<SEQ=302><ACK=112><CTL=ACK>"), "[close ok]");
  EXPECT_EQ(closing.state(), "TIME-WAIT");

  Talk last;
  last.establish();
  last.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>");
  last.send(10);
  last.close();
  ASSERT_EQ(last.state(), "LAST-ACK");
  EXPECT_EQ(last.segment("<SEQ=302><ACK=111><CTL=ACK>"), "");
  EXPECT_EQ(last.state(), "LAST-ACK");
  EXPECT_EQ(last.segment("<SEQ=302><ACK=112><CTL=ACK>"), "[close ok]");
  EXPECT_EQ(last.state(), "CLOSED");
}

TEST(Ack, FinAndAckOfOursInOneSegment) {
  Talk t;
  t.establish();
  t.close();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=FIN,ACK>"),
            "[close ok] [connection closing] <SEQ=102><ACK=302><CTL=ACK>");
  EXPECT_EQ(t.state(), "TIME-WAIT");
}

}  // namespace
}  // namespace tcp::testing
