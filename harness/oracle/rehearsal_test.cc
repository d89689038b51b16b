// A play of the table against itself: where ways lead, and which rows an event would fire.
#include "harness/oracle/rehearsal.h"

#include <algorithm>

#include "harness/oracle/testing.h"

namespace conform::oracle {
namespace {

using spec::Var;
using wire::State;

class Play : public ::testing::Test {
 public:
  Play() : rehearsal_(the_rfc().program, config()) {}

  static Config config() {
    Config config;
    config.peer_iss = wire::SeqNum(Talk::kPeerIss);
    return config;
  }
  wire::Segment segment(std::string_view text) const {
    const auto pattern = spec::parse_segment(text, the_rfc().suite.table.definitions);
    EXPECT_TRUE(pattern.ok()) << text;
    return resolve(*pattern, rehearsal_.world(), 65535);
  }
  Play& peer(std::string_view text) {
    rehearsal_.arrive(segment(text), true, true);
    return *this;
  }
  Play& user(std::string_view text) {
    rehearsal_.call(*spec::parse_call(text));
    return *this;
  }
  Play& wait(std::int64_t ms) {
    rehearsal_.wait(ms);
    return *this;
  }
  State state() const { return rehearsal_.world().state; }

  static bool among(const std::vector<Fired>& fired, const std::string& row) {
    return std::ranges::find(fired, the_rfc().program.find_row(row), &Fired::row) != fired.end();
  }
  Rehearsal rehearsal_;
};

TEST_F(Play, TheHandshakeLeadsToEstablished) {
  user("OPEN passive").peer("<SEQ=PEER.ISS><CTL=SYN><MSS=1460>");
  EXPECT_EQ(state(), State::SynReceived);
  peer("<CTL=ACK>");
  EXPECT_EQ(state(), State::Established);
  EXPECT_FALSE(rehearsal_.refuted());
  EXPECT_FALSE(rehearsal_.finding());
}

TEST_F(Play, TextThatTheUserGivesIsSent) {
  user("OPEN active").peer("<SEQ=PEER.ISS><CTL=SYN,ACK><MSS=1460>").user("SEND 3000");
  const World& w = rehearsal_.world();
  EXPECT_EQ(w[Var::SndNxt], w[Var::SndEnd]);
  EXPECT_EQ(w.seq(Var::SndNxt) - w.seq(Var::SndUna), 3000);
}

TEST_F(Play, TheFinFollowsTheText) {
  user("OPEN active").peer("<SEQ=PEER.ISS><CTL=SYN,ACK>").user("SEND 100").user("CLOSE");
  EXPECT_EQ(state(), State::FinWait1);
  EXPECT_TRUE(rehearsal_.world()[Var::FinSent]);
  EXPECT_EQ(rehearsal_.world().seq(Var::SndNxt) - rehearsal_.world().seq(Var::SndUna), 101);
}

TEST_F(Play, AClosedWindowHoldsTextBack) {
  user("OPEN active").peer("<SEQ=PEER.ISS><CTL=SYN,ACK><WND=0>").user("SEND 100");
  EXPECT_EQ(rehearsal_.world()[Var::SndNxt], rehearsal_.world()[Var::SndUna]);
}

TEST_F(Play, ReceivedTextIsAcknowledgedAndTakesItsPlaceInTheWindow) {
  user("OPEN active").peer("<SEQ=PEER.ISS><CTL=SYN,ACK>").peer("<CTL=ACK><DATA=1000>");
  EXPECT_EQ(rehearsal_.world()[Var::RcvAcked], rehearsal_.world()[Var::RcvNxt]);
  EXPECT_EQ(rehearsal_.world()[Var::RcvWnd], 63000);
}

TEST_F(Play, TimersRunOutWhenTimePasses) {
  user("OPEN active").peer("<SEQ=PEER.ISS><CTL=SYN,ACK>").user("CLOSE").peer("<CTL=FIN,ACK>");
  ASSERT_EQ(state(), State::TimeWait);
  EXPECT_TRUE(rehearsal_.would_fire(239'999).empty());
  wait(240'000);
  EXPECT_EQ(state(), State::Closed);
  EXPECT_FALSE(rehearsal_.finding());
}

TEST_F(Play, TimersDoNotRunOutEarly) {
  user("OPEN active").peer("<SEQ=PEER.ISS><CTL=SYN,ACK>").user("CLOSE").peer("<CTL=FIN,ACK>");
  wait(239'999);
  EXPECT_EQ(state(), State::TimeWait);
  wait(1);
  EXPECT_EQ(state(), State::Closed);
}

TEST_F(Play, TheFirstThingThatTheTableAllowsHappens) {
  user("OPEN active").peer("<SEQ=PEER.ISS><CTL=SYN,ACK>").peer("<CTL=ACK><DATA=10>").user("CLOSE");
  EXPECT_EQ(state(), State::FinWait1) << "of 3.10.4/only/established-unread, whose first alternative sends a FIN";
}

TEST_F(Play, WhatWouldFireIsToldAndNothingChanges) {
  user("OPEN passive");
  const World before = rehearsal_.world();
  EXPECT_TRUE(among(rehearsal_.would_fire(segment("<CTL=SYN>"), true, true), "3.10.7.2/third/syn"));
  EXPECT_TRUE(among(rehearsal_.would_fire(segment("<CTL=RST>"), true, true), "3.10.7.2/first/rst"));
  EXPECT_FALSE(among(rehearsal_.would_fire(segment("<CTL=RST>"), true, true), "3.10.7.2/third/syn"));
  EXPECT_TRUE(among(rehearsal_.would_fire(segment("<CTL=SYN>"), false, true), "3.1/only/invalid"));
  EXPECT_TRUE(among(rehearsal_.would_fire(segment("<CTL=SYN>"), true, false), "3.10.7.2/third-security/security"));
  EXPECT_TRUE(among(rehearsal_.would_fire(*spec::parse_call("CLOSE")), "3.10.4/only/listen"));
  EXPECT_TRUE(rehearsal_.would_fire(1'000'000).empty());
  EXPECT_TRUE(rehearsal_.world().same_future(before));
  EXPECT_EQ(state(), State::Listen);
}

TEST_F(Play, RowsThatOnlyAMistakeFiresAreNotPromised) {
  user("OPEN active").peer("<SEQ=PEER.ISS><CTL=SYN,ACK>").user("CLOSE").peer("<CTL=FIN,ACK>");
  EXPECT_FALSE(among(rehearsal_.would_fire(60'000), "3.10.8/time-wait/time-wait-early"));
  EXPECT_TRUE(among(rehearsal_.would_fire(240'000), "3.10.8/time-wait/time-wait"));
}

}  // namespace
}  // namespace conform::oracle
