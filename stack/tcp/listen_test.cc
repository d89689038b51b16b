// RFC 9293 3.10.7.1 and 3.10.7.2: segments that find CLOSED or LISTEN.
#include <gtest/gtest.h>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

TEST(Closed, AnswersEverythingButRst) {
  Talk t;
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN>"), "<SEQ=0><ACK=301><CTL=RST,ACK>");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=FIN><DATA=7>"), "<SEQ=0><ACK=308><CTL=RST,ACK>");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN,FIN><DATA=7>"), "<SEQ=0><ACK=309><CTL=RST,ACK>");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=777><CTL=ACK>"), "<SEQ=777><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=777><CTL=SYN,ACK><DATA=3>"), "<SEQ=777><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=RST>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=777><CTL=RST,ACK>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN,RST>"), "");
}

TEST(Closed, RstHasNoWindow) {
  Talk t;
  t.show_window = true;
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN>"), "<SEQ=0><ACK=301><CTL=RST,ACK><WND=0>");
}

TEST(Listen, IgnoresRst) {
  Talk t;
  t.open_passive();
  EXPECT_EQ(t.segment("<SEQ=300><CTL=RST>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=5><CTL=RST,ACK>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN,RST>"), "");
  EXPECT_EQ(t.state(), "LISTEN");
}

TEST(Listen, ResetsAnyAck) {
  Talk t;
  t.open_passive();
  EXPECT_EQ(t.segment("<SEQ=300><ACK=444><CTL=ACK>"), "<SEQ=444><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=445><CTL=SYN,ACK>"), "<SEQ=445><CTL=RST>");
  EXPECT_EQ(t.segment("<SEQ=300><ACK=446><CTL=FIN,ACK><DATA=9>"), "<SEQ=446><CTL=RST>");
  EXPECT_EQ(t.state(), "LISTEN");
}

TEST(Listen, DropsWhatHasNeitherSynNorAck) {
  Talk t;
  t.open_passive();
  EXPECT_EQ(t.segment("<SEQ=300><CTL=FIN><DATA=9>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=PSH><DATA=9>"), "");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=>"), "");
  EXPECT_EQ(t.state(), "LISTEN");
}

TEST(Listen, SynSetsTheSequenceVariables) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN><WND=4000>");
  EXPECT_EQ(t.tcb().irs, wire::SeqNum(t.peer_iss));
  EXPECT_EQ(t.tcb().rcv_nxt, wire::SeqNum(t.peer_iss + 1));
  EXPECT_EQ(t.tcb().snd_una, t.tcb().iss);
  EXPECT_EQ(t.tcb().snd_nxt, t.tcb().iss + 1);
  EXPECT_EQ(t.tcb().snd_wnd, 4000u);
}

TEST(Listen, SynOfAnotherPeerIsForNoConnectionIfTheRemoteIsSpecified) {
  Talk t;
  OpenCall call;
  call.remote = Socket{kPeer4, 4001};
  t.open(call);
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN>"), "<SEQ=0><ACK=301><CTL=RST,ACK>");
  EXPECT_EQ(t.state(), "LISTEN");
}

TEST(Listen, TextAndFinOnTheSynWaitForEstablished) {
  Talk t;
  t.open_passive();
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN,FIN><DATA=20>"), "<SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>");
  EXPECT_EQ(t.receive(100), "queued");
  EXPECT_EQ(t.state(), "SYN-RECEIVED");
  EXPECT_EQ(t.segment("<SEQ=322><ACK=101><CTL=ACK>"),
            "[open ok] [received 20] [connection closing] <SEQ=101><ACK=322><CTL=ACK>");
  EXPECT_EQ(t.state(), "CLOSE-WAIT");
}

TEST(Listen, UrgentOnTheSynIsToldInEstablished) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN,URG><UP=11><DATA=20>");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK>"), "[open ok] [urgent data]");
  EXPECT_EQ(t.receive(100), "received 10");
  EXPECT_EQ(t.receive(100), "received 10");
}

TEST(Listen, RetransmittedSynWithTextDoesNotUpsetSynReceived) {
  Talk t;
  t.open_passive();
  t.segment("<SEQ=300><CTL=SYN><DATA=20>");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN><DATA=20>"), "");  // its text is in the window, but it has no ACK
  EXPECT_EQ(t.state(), "SYN-RECEIVED");
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN>"), "<SEQ=101><ACK=301><CTL=ACK>");  // left of the window
  EXPECT_EQ(t.state(), "SYN-RECEIVED");
}

TEST(Listen, MalformedOptionsAreSurvived) {
  const std::vector<std::uint8_t> lists[] = {{2, 0, 5, 180}, {2, 1, 5, 180}, {200, 40, 2, 4},
                                             {1, 2, 4, 5},   {2, 3, 5, 0},   {1, 1, 1, 2}};
  for (const auto& options : lists) {
    Talk t;
    t.open_passive();
    wire::Segment syn;
    syn.source_port = t.peer.port;
    syn.destination_port = t.local.port;
    syn.seq = wire::SeqNum(t.peer_iss);
    syn.flags.bits = wire::Flags::kSyn;
    syn.wnd = 1000;
    syn.options.append(options);
    t.stack.arrive(codec::encode({kPeer4, kHost4, 64, 0}, syn), t.stack.now());
    EXPECT_EQ(t.heard(), "<SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1460>");
    EXPECT_EQ(t.tcb().snd_mss, 536) << "as if there had been no MSS option";
  }
}

TEST(Listen, Ipv6) {
  Talk t(host_config(), true);
  t.open_passive();
  EXPECT_EQ(t.segment("<SEQ=300><CTL=SYN>"), "<SEQ=100><ACK=301><CTL=SYN,ACK><MSS=1440>");
  EXPECT_EQ(t.tcb().snd_mss, 1220);
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK>"), "[open ok]");
}

}  // namespace
}  // namespace tcp::testing
