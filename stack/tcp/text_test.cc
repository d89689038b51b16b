// RFC 9293 3.10.7.4, sixth to eighth: urgent data, text and FIN; the windows that we offer.
#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

TEST(Text, AckIsDelayedAndEverySecondSegmentAcknowledged) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=1460>"), "");
  EXPECT_EQ(t.segment("<SEQ=1761><ACK=101><CTL=ACK><DATA=1460>"), "<SEQ=101><ACK=3221><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=3221><ACK=101><CTL=ACK><DATA=1>"), "");
  EXPECT_EQ(t.wait(10s), "0.200 <SEQ=101><ACK=3222><CTL=ACK>");
}

TEST(Text, AckRidesOnText) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>"), "");
  EXPECT_EQ(t.send(5), "<SEQ=101><ACK=311><CTL=PSH,ACK><DATA=5>");
  EXPECT_EQ(t.wait(500ms), "") << "nothing is left to be acknowledged";
}

TEST(Text, HolesAreHeldAndFilled) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=ACK><DATA=10>"), "<SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=331><ACK=101><CTL=ACK><DATA=10>"), "<SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=316><ACK=101><CTL=ACK><DATA=20>"), "<SEQ=101><ACK=301><CTL=ACK>") << "fills in between";
  EXPECT_EQ(t.receive(100), "queued");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=12>"), "[received 12] <SEQ=101><ACK=341><CTL=ACK>")
      << "one ACK covers everything that was held (MUST-58, MUST-59)";
  EXPECT_EQ(t.receive(100), "received 28");
}

TEST(Text, HeldSinceBeforeTheHandshakeEndedIsAcknowledgedOnce) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN>");
  t.close();
  EXPECT_EQ(t.segment("<SEQ=311><ACK=100><CTL=ACK><DATA=1>"), "<SEQ=102><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK>"), "");
  EXPECT_EQ(t.wait(900ms), "") << "nothing has been accepted";
}

TEST(Text, ADuplicateIsNotDeliveredTwice) {
  Talk t;
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>"), "<SEQ=101><ACK=311><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=15>"), "");
  EXPECT_EQ(t.receive(100), "received 15");
}

TEST(Text, AfterTheFinIsIgnored) {
  Talk t;
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>");
  EXPECT_EQ(t.segment("<SEQ=302><ACK=101><CTL=ACK,URG><UP=4><DATA=10>"), "");
  EXPECT_EQ(t.receive(100), "error: connection closing");
  EXPECT_EQ(t.segment("<SEQ=302><ACK=101><CTL=FIN,ACK><DATA=10>"), "<SEQ=101><ACK=302><CTL=ACK>");
  EXPECT_EQ(t.state(), "CLOSE-WAIT");
}

TEST(Text, PushSeen) {
  Talk t;
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=PSH,ACK><DATA=10>");
  t.segment("<SEQ=311><ACK=101><CTL=ACK><DATA=10>");
  EXPECT_EQ(t.receive(5), "received 5");
  EXPECT_EQ(t.receive(5), "received 5 push");
  EXPECT_EQ(t.receive(50), "received 10");
}

TEST(Urgent, IsToldOnceForEachAdvanceOfTheMark) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK,URG><UP=20><DATA=10>"), "[urgent data]");
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=ACK,URG><UP=10><DATA=10>"), "<SEQ=101><ACK=321><CTL=ACK>")
      << "the same mark";
  EXPECT_EQ(t.segment("<SEQ=321><ACK=101><CTL=ACK,URG><UP=5><DATA=10>"), "[urgent data]");
  EXPECT_EQ(t.receive(7), "received 7 urgent");
  EXPECT_EQ(t.receive(100), "received 18") << "up to the mark and not beyond";
  EXPECT_EQ(t.receive(100), "received 5");
  EXPECT_EQ(t.segment("<SEQ=331><ACK=101><CTL=ACK,URG><UP=0><DATA=10>").find("urgent"), std::string::npos)
      << "a mark in what is consumed";
}

TEST(Urgent, WithoutTextAndBeyondTheWindow) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK,URG><UP=65535>"), "[urgent data]");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>"), "");
  EXPECT_EQ(t.receive(100), "received 10 urgent");
}

TEST(Urgent, MarkIsWhereTheUntrimmedSegmentPutIt) {
  Talk t;
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK,URG><UP=15><DATA=20>"), "[urgent data] <SEQ=101><ACK=321><CTL=ACK>");
  EXPECT_EQ(t.receive(100), "received 15");
  EXPECT_EQ(t.receive(100), "received 5");
}

TEST(Urgent, PointerIntoWhatTheUserHasNotConsumed) {
  Talk t;
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>");
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=ACK,URG><UP=0>"), "[urgent data]") << "RCV.UP = RCV.NXT, text waits";
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=ACK,URG><UP=0>"), "") << "still the same urgent text";
  EXPECT_EQ(t.receive(4), "received 4 urgent");
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=ACK,URG><UP=0>"), "") << "still in urgent mode";
  EXPECT_EQ(t.receive(100), "received 6");
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=ACK,URG><UP=0>"), "") << "everything is consumed";
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=ACK><DATA=5>"), "<SEQ=101><ACK=316><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=316><ACK=101><CTL=ACK,URG><UP=0>"), "[urgent data]") << "urgent mode was left in between";
}

TEST(Urgent, PointerAtTheFirstOctetOfTheSegmentItself) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK,URG><UP=0><DATA=10>"), "") << "nothing unconsumed precedes it";
  EXPECT_EQ(t.receive(100), "received 10");
}

TEST(Urgent, MarkDoesNotRecede) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK,URG><UP=20>"), "[urgent data]");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK,URG><UP=5><DATA=10>"), "");
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=ACK><DATA=20>"), "<SEQ=101><ACK=331><CTL=ACK>");
  EXPECT_EQ(t.receive(100), "received 20") << "RCV.UP is still 321";
  EXPECT_EQ(t.receive(100), "received 10");
}

TEST(Urgent, ConsumedByAQueuedReceiveIsNoLongerPending) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.receive(100), "queued");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK,URG><UP=10><DATA=10>"), "[urgent data] [received 10]");
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=ACK,URG><UP=0>"), "") << "the data consumed has reached it";
}

TEST(Fin, BeyondAHoleWaitsForIt) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=FIN,ACK><DATA=10>"), "<SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.state(), "ESTABLISHED");
  EXPECT_EQ(t.receive(100), "queued");
  EXPECT_EQ(t.receive(100), "queued");
  EXPECT_EQ(t.receive(100), "queued");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>"),
            "[received 10] [received 10] [connection closing] [error: connection closing] "
            "<SEQ=101><ACK=322><CTL=ACK>");
  EXPECT_EQ(t.state(), "CLOSE-WAIT");
}

TEST(Fin, BareBeyondAHole) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=311><ACK=101><CTL=FIN,ACK>"), "<SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>"), "[connection closing] <SEQ=101><ACK=312><CTL=ACK>");
  EXPECT_EQ(t.receive(100), "received 10");
  EXPECT_EQ(t.receive(100), "error: connection closing");
}

// A peer at odds with itself: every segment that is in order is processed all the same.
TEST(Fin, InOrderWhileAnotherIsHeld) {
  Talk t;
  t.establish();
  EXPECT_EQ(t.segment("<SEQ=331><ACK=101><CTL=FIN,ACK>"), "<SEQ=101><ACK=301><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>"), "[connection closing] <SEQ=101><ACK=302><CTL=ACK>");
  EXPECT_EQ(t.state(), "CLOSE-WAIT");
}

TEST(Fin, BehindTextInOrderEndsTheStreamBeforeWhatIsHeld) {
  Talk t;
  t.establish();
  t.segment("<SEQ=331><ACK=101><CTL=FIN,ACK><DATA=1>");
  t.segment("<SEQ=302><ACK=101><CTL=FIN,ACK>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK><DATA=30>"), "[connection closing] <SEQ=101><ACK=332><CTL=ACK>");
  EXPECT_EQ(t.receive(100), "received 30");
}

TEST(Fin, HeldEndsTheStreamBeforeHeldText) {
  Talk t;
  t.establish();
  t.segment("<SEQ=311><ACK=101><CTL=FIN,ACK>");
  t.segment("<SEQ=311><ACK=101><CTL=ACK><DATA=10>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>"), "[connection closing] <SEQ=101><ACK=312><CTL=ACK>");
  EXPECT_EQ(t.receive(100), "received 10");
}

TEST(Fin, HeldIsVoidWhenTextRunsOverIt) {
  Talk t;
  t.establish();
  t.segment("<SEQ=311><ACK=101><CTL=FIN,ACK>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=20>"), "");
  EXPECT_EQ(t.segment("<SEQ=331><ACK=101><CTL=FIN,ACK>"), "<SEQ=101><ACK=321><CTL=ACK>");
  EXPECT_EQ(t.segment("<SEQ=321><ACK=101><CTL=ACK><DATA=10>"), "[connection closing] <SEQ=101><ACK=332><CTL=ACK>")
      << "the later one was held";
}

TEST(Fin, OnASynComesBeforeTextOfTheAck) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN,FIN>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=10>"),
            "[open ok] [connection closing] <SEQ=101><ACK=302><CTL=ACK>");
  EXPECT_EQ(t.state(), "CLOSE-WAIT");
}

TEST(Fin, RetransmittedIsAcknowledgedInEveryState) {
  struct Case {
    const char* state;
    std::vector<const char*> way;
    const char* answer;
  };
  const Case cases[] = {
      {"CLOSE-WAIT", {"<SEQ=301><ACK=101><CTL=FIN,ACK>"}, "<SEQ=101><ACK=302><CTL=ACK>"},
      {"CLOSING", {"close", "<SEQ=301><ACK=101><CTL=FIN,ACK>"}, "<SEQ=102><ACK=302><CTL=ACK>"},
      {"LAST-ACK", {"<SEQ=301><ACK=101><CTL=FIN,ACK>", "close"}, "<SEQ=102><ACK=302><CTL=ACK>"},
      {"TIME-WAIT", {"close", "<SEQ=301><ACK=102><CTL=FIN,ACK>"}, "<SEQ=102><ACK=302><CTL=ACK>"},
  };
  for (const Case& c : cases) {
    Talk t;
    t.establish();
    for (const std::string step : c.way) step == "close" ? t.close() : t.segment(step);
    ASSERT_EQ(t.state(), c.state);
    EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>"), c.answer) << c.state;
    // A second FIN: CLOSING ignores what does not acknowledge our FIN.
    const bool ignored = c.state == std::string("CLOSING");
    EXPECT_EQ(t.segment("<SEQ=302><ACK=101><CTL=FIN,ACK>"), ignored ? "" : c.answer) << c.state;
    EXPECT_EQ(t.state(), c.state);
  }
}

TEST(Fin, RetransmittedRestartsTimeWait) {
  Talk t;
  t.establish();
  t.close();
  t.segment("<SEQ=301><ACK=102><CTL=FIN,ACK>");
  t.wait(3min);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=FIN,ACK>"), "<SEQ=102><ACK=302><CTL=ACK>");
  t.wait(4min - 1ms);
  EXPECT_EQ(t.state(), "TIME-WAIT");
  t.wait(1ms);
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(Fin, PlainAckInTimeWaitIsNotAnsweredAndRestartsNothing) {
  Talk t;
  t.establish();
  t.close();
  t.segment("<SEQ=301><ACK=102><CTL=FIN,ACK>");
  t.wait(3min);
  EXPECT_EQ(t.segment("<SEQ=302><ACK=102><CTL=ACK>"), "");
  EXPECT_EQ(t.segment("<SEQ=250><ACK=102><CTL=FIN,ACK>"), "<SEQ=102><ACK=302><CTL=ACK>") << "not the peer's FIN";
  t.wait(1min);
  EXPECT_EQ(t.state(), "CLOSED");
}

TEST(Fin, HalfCloseReceivesOn) {
  Talk t;
  t.establish();
  t.close();
  t.segment("<SEQ=301><ACK=102><CTL=ACK>");
  EXPECT_EQ(t.state(), "FIN-WAIT-2");
  EXPECT_EQ(t.receive(100), "queued");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=102><CTL=ACK><DATA=10>"), "[received 10]");
  EXPECT_EQ(t.wait(1h), "0.200 <SEQ=102><ACK=311><CTL=ACK>") << "FIN-WAIT-2 has no timeout";
  EXPECT_EQ(t.segment("<SEQ=311><ACK=102><CTL=FIN,ACK><DATA=10>"), "[connection closing] <SEQ=102><ACK=322><CTL=ACK>");
  EXPECT_EQ(t.receive(100), "received 10") << "text on hand is not lost";
  EXPECT_EQ(t.receive(100), "error: connection closing");
}

TEST(Window, RightEdgeStaysUntilItCanMoveByAGoodDeal) {
  Config config = host_config();
  config.receive_buffer = 4000;
  Talk t(config);
  t.establish();
  t.show_window = true;
  t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=1000>");
  EXPECT_EQ(t.segment("<SEQ=1301><ACK=101><CTL=ACK><DATA=1000>"), "<SEQ=101><ACK=2301><CTL=ACK><WND=2000>");
  EXPECT_EQ(t.receive(1000), "received 1000") << "less than an MSS and less than half the buffer";
  EXPECT_EQ(t.receive(459), "received 459");
  EXPECT_EQ(t.receive(1), "received 1 <SEQ=101><ACK=2301><CTL=ACK><WND=3460>");
  EXPECT_EQ(t.segment("<SEQ=2301><ACK=101><CTL=ACK><DATA=1000>"), "");
  EXPECT_EQ(t.segment("<SEQ=3301><ACK=101><CTL=ACK><DATA=2000>"), "<SEQ=101><ACK=5301><CTL=ACK><WND=460>");
  EXPECT_EQ(t.segment("<SEQ=5301><ACK=101><CTL=ACK><DATA=500>"), "");
  EXPECT_EQ(t.wait(1s), "0.200 <SEQ=101><ACK=5761><CTL=ACK><WND=0>");
  EXPECT_EQ(t.segment("<SEQ=5761><ACK=101><CTL=ACK><DATA=1>"), "<SEQ=101><ACK=5761><CTL=ACK><WND=0>") << "a probe";
  EXPECT_EQ(t.receive(4000), "received 4000 <SEQ=101><ACK=5761><CTL=ACK><WND=4000>");
}

}  // namespace
}  // namespace tcp::testing
