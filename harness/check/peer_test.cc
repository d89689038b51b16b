// The fate of what the target sent: taken, lost, taken again; and what an honest receiver answers.
#include "harness/check/peer.h"

#include <gmock/gmock.h>

#include "harness/check/testing.h"

namespace conform {
namespace {

using ::testing::HasSubstr;
using What = spec::PeerStep::What;
using wire::SeqNum;

wire::Segment sent(std::uint32_t seq, std::string_view flags, std::size_t octets = 0) {
  wire::Segment s;
  s.seq = SeqNum(seq);
  s.flags = flags_of(flags);
  s.text.resize(octets);
  return s;
}

class PeerTest : public ::testing::Test {
 protected:
  PeerTest() {
    world_.values[spec::Var::PeerIss] = 500;
    world_.values[spec::Var::RcvNxt] = 501;
  }
  // The ACK of the answer, relative to 1000; nothing when there is none.
  std::optional<int> does(What what, std::uint8_t which) {
    const auto answer = peer_.does({what, which}, world_);
    if (!answer) return std::nullopt;
    last_ = *answer;
    return answer->ack - SeqNum(1000);
  }
  void established() {
    peer_.sees(sent(1000, "SYN,ACK"));
    EXPECT_EQ(does(What::Takes, 0), 1);
  }

  Peer peer_;
  oracle::World world_;
  wire::Segment last_;
};

TEST_F(PeerTest, InOrderEachIsAcknowledged) {
  established();
  peer_.sees(sent(1001, "PSH,ACK", 100));
  peer_.sees(sent(1101, "PSH,ACK", 50));
  EXPECT_EQ(does(What::Takes, 0), 101);
  EXPECT_EQ(does(What::Takes, 0), 151);
  EXPECT_EQ(last_.seq, SeqNum(501));
  EXPECT_EQ(last_.flags.bits, wire::Flags::kAck);
  EXPECT_EQ(does(What::Takes, 0), std::nullopt) << "nothing is on its way";
}

TEST_F(PeerTest, OutOfOrderItAcknowledgesWhatItHasUntilTheHoleIsFilled) {
  established();
  for (std::uint32_t at : {1001u, 1101u, 1201u}) peer_.sees(sent(at, "ACK", 100));
  EXPECT_EQ(does(What::Takes, 2), 1);
  EXPECT_EQ(does(What::Takes, 1), 1);
  EXPECT_EQ(does(What::Takes, 0), 301);
}

TEST_F(PeerTest, WhatIsLostStaysAHole) {
  established();
  for (std::uint32_t at : {1001u, 1101u}) peer_.sees(sent(at, "ACK", 100));
  EXPECT_EQ(does(What::Loses, 0), std::nullopt);
  EXPECT_EQ(does(What::Takes, 0), 1);
  peer_.sees(sent(1001, "ACK", 100));
  EXPECT_EQ(does(What::Takes, 0), 201) << "the retransmission fills it";
}

TEST_F(PeerTest, ADuplicateIsAcknowledgedAgain) {
  established();
  peer_.sees(sent(1001, "FIN,ACK", 10));
  EXPECT_EQ(does(What::Takes, 0), 12);
  EXPECT_EQ(does(What::TakesAgain, 0), 12);
  EXPECT_EQ(does(What::TakesAgain, 1), 12) << "the SYN,ACK comes again";
}

TEST_F(PeerTest, ASynIsAnsweredByTheHandshake) {
  peer_.sees(sent(1000, "SYN"));
  EXPECT_EQ(does(What::Takes, 0), 1);
  EXPECT_EQ(last_.flags.bits, wire::Flags::kSyn | wire::Flags::kAck);
  EXPECT_EQ(last_.seq, SeqNum(500));
}

TEST_F(PeerTest, WhatItAcknowledgedByItselfItHas) {
  established();
  peer_.sees(sent(1001, "ACK", 100));
  wire::Segment said = sent(501, "ACK");
  said.ack = SeqNum(1061);
  said.wnd = 77;
  peer_.says(said);
  peer_.sees(sent(1101, "ACK", 10));
  EXPECT_EQ(does(What::Takes, 1), 61);
  EXPECT_EQ(last_.wnd, 77);
  said.ack = SeqNum(5000);
  peer_.says(said);
  EXPECT_EQ(does(What::Takes, 0), 111) << "what was never sent cannot be had";
}

TEST_F(PeerTest, BareAcksAndResetsAreNotOnTheirWay) {
  established();
  peer_.sees(sent(1001, "ACK"));
  peer_.sees(sent(1001, "RST"));
  EXPECT_EQ(does(What::Takes, 0), std::nullopt);
}

TEST_F(PeerTest, ANumberBeyondTheLastCountsOn) {
  established();
  for (std::uint32_t at : {1001u, 1011u}) peer_.sees(sent(at, "ACK", 10));
  EXPECT_EQ(does(What::Takes, 5), 1) << "the second of two";
  EXPECT_EQ(does(What::Takes, 5), 21);
}

TEST(PeerSteps, AScenarioSpeaksOfThem) {
  FakeTarget target;
  RunContext context;
  context.program = &rfc().program;
  context.paths = &rfc().suite.paths;
  const PlannedCase planned = planned_case("peer", kListen,
                                           "- segment: <SEQ=PEER.ISS><CTL=SYN>\n- peer: loses 0\n- peer: takes 0\n"
                                           "- expect: {state: SYN-RECEIVED}\n"
                                           "- segment: <SEQ=PEER.ISS><CTL=SYN>\n- peer: takes again 0\n");
  CaseRun run(context, planned, target, 20000);
  while (!run.done()) target.wait(run.resume());
  const CaseResult result = run.take_result();
  int injected = 0;
  for (const TraceEntry& entry : result.trace) injected += entry.what == TraceEntry::What::Injected;
  EXPECT_EQ(injected, 2) << "the peer answers nothing that it does not have\n" << written(result);

  const PlannedCase taken = planned_case("peer", kListen,
                                         "- segment: <SEQ=PEER.ISS><CTL=SYN>\n- peer: takes 0\n- expect: {state: ESTABLISHED}\n");
  CaseRun second(context, taken, target, 20001);
  while (!second.done()) target.wait(second.resume());
  EXPECT_EQ(second.take_result().verdict, Verdict::Conforms);
}

}  // namespace
}  // namespace conform
