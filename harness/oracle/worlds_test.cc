// Sets of worlds, over small tables: what is left open stays open until an observation decides.
#include "harness/oracle/testing.h"

namespace conform::oracle {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using spec::Var;
using wire::State;

// A SYN is taken in one of two ways that cannot be told apart at once; an ACK brings to light in which.
constexpr std::string_view kLatentChoice = R"(section: "1.1"
title: a choice that shows later
event: segment
states: [CLOSED, SYN-SENT]
steps:
- step: choose
  title: choose
  rows:
  - id: choice
    gloss: small or large
    states: [CLOSED]
    when: SEG.SYN
    next: SYN-SENT
    cite: [RFC 1 1.1]
    alternatives:
    - label: small
      do: SND.MSS <- 100
      next: SYN-SENT
    - label: large
      do: SND.MSS <- 200
      next: SYN-SENT
- step: show
  title: show
  rows:
  - id: shown
    gloss: the choice is shown
    states: [SYN-SENT]
    when: SEG.CTL.ACK and not SEG.SYN
    emit: <CTL=ACK><WND=SND.MSS>
    cite: [RFC 1 1.2]
)";

std::string latent_choice() { return spec::replaced(kLatentChoice, "    next: SYN-SENT\n", ""); }

TEST(Worlds, TwoAlternativesStayOpenUntilAnObservationRefutesOne) {
  const auto table = small_table(latent_choice());
  Talk talk(*table);
  talk.peer("<CTL=SYN>").state(State::SynSent).settled();
  EXPECT_EQ(talk.oracle().worlds().size(), 2u);
  EXPECT_THAT(talk, Conforms());
  talk.peer("<CTL=ACK>").target("<CTL=ACK><WND=200>").settled();
  ASSERT_EQ(talk.oracle().worlds().size(), 1u);
  EXPECT_EQ(talk[Var::SndMss], 200);
  EXPECT_THAT(talk, Conforms());
}

// ---- a row that is watched

TEST(Watching, TellsWhatIsPossibleFromWhatHappened) {
  Oracle oracle = Talk().established().oracle();
  oracle.watch(the_rfc().program.find_row("3.10.7.4/second/rst-exact"));
  EXPECT_FALSE(oracle.watched_possible());
  wire::Segment segment;
  segment.flags.bits = wire::Flags::kRst;
  segment.seq = oracle.world().seq(Var::RcvNxt);
  Oracle other = oracle;
  oracle.arrive(segment, true, true, Time{});
  EXPECT_TRUE(oracle.watched_possible());
  EXPECT_TRUE(oracle.watched_fired());
  segment.seq = segment.seq - 1;
  other.arrive(segment, true, true, Time{});
  EXPECT_FALSE(other.watched_possible());
  EXPECT_FALSE(other.watched_fired());
}

constexpr std::string_view kSameOutcome = R"(section: "1.1"
title: two rows with one outcome
event: segment
states: [CLOSED]
steps:
- step: only
  title: only
  rows:
  - id: one
    gloss: one
    states: [CLOSED]
    overlaps: [other]
    cite: [RFC 1 1.1]
    next: LISTEN
  - id: other
    gloss: the other
    states: [CLOSED]
    overlaps: [one]
    cite: [RFC 1 1.1]
    next: LISTEN
)";

TEST(Watching, ARowThatNothingTellsFromAnotherHasHappenedToo) {
  const auto table = small_table(std::string(kSameOutcome));
  Talk talk(*table);
  Oracle oracle = talk.oracle();
  oracle.watch(table->program.find_row("1.1/only/other"));
  oracle.arrive(wire::Segment{}, true, true, Time{});
  ASSERT_EQ(oracle.worlds().size(), 1u);
  EXPECT_EQ(oracle.world().fired[0].row, table->program.find_row("1.1/only/one"));
  EXPECT_TRUE(oracle.watched_fired());
}

TEST(Worlds, AChoiceOnceShownIsHeld) {
  const auto table = small_table(latent_choice());
  Talk talk(*table);
  talk.peer("<CTL=SYN>").settled().peer("<CTL=ACK>").target("<CTL=ACK><WND=200>").settled();
  talk.peer("<CTL=ACK>").target("<CTL=ACK><WND=100>");
  EXPECT_THAT(talk, Deviates(Kind::WrongField, "1.1/show/shown"));
  EXPECT_THAT(talk, Refuted());
}

TEST(Worlds, WhatNoWorldAllowsIsRefutedAndBothAreNamed) {
  const auto table = small_table(latent_choice());
  Talk talk(*table);
  talk.peer("<CTL=SYN>").settled().peer("<CTL=ACK>").target("<CTL=ACK><WND=300>");
  ASSERT_THAT(talk, Deviates(Kind::WrongField, "1.1/show/shown"));
  EXPECT_THAT(talk.finding()->allowed, HasSubstr("<WND=100>"));
  EXPECT_THAT(talk.finding()->allowed, HasSubstr("\nor emit <CTL=ACK>"));
  EXPECT_THAT(talk.finding()->allowed, HasSubstr("<WND=200>"));
  EXPECT_THAT(talk.finding()->observed, HasSubstr("<WND=300>"));
  EXPECT_THAT(talk.finding()->cite, ElementsAre("RFC 1 1.2"));
}

TEST(Worlds, NothingThatHappensLaterRevivesARefutedTarget) {
  const auto table = small_table(latent_choice());
  Talk talk(*table);
  talk.peer("<CTL=SYN>").settled().peer("<CTL=ACK>").target("<CTL=ACK><WND=300>");
  const std::string first = describe(talk.finding());
  talk.target("<CTL=ACK><WND=100>").settled().peer("<CTL=SYN>").state(State::SynSent).later(1000);
  EXPECT_THAT(talk, Refuted());
  EXPECT_EQ(describe(talk.finding()), first) << "the first deviation is the one that is told";
}

constexpr std::string_view kSecondBest = R"(section: "1.1"
title: the second is worse
event: segment
states: [CLOSED]
steps:
- step: only
  title: only
  rows:
  - id: should
    gloss: what should be
    states: [CLOSED]
    when: SEG.SYN
    cite: [RFC 1 1.1]
    alternatives:
    - label: silent
      misses: SHOULD
      why: silence is a pity
      then: drop
    - label: answered
      may-emit: <CTL=RST>
      then: drop
  - id: must
    gloss: what must be
    states: [CLOSED]
    when: not SEG.SYN
    alternatives:
    - label: answered
      emit: <CTL=RST>
      then: drop
    - label: answered with ACK
      misses: SHOULD
      emit: <ACK=0><CTL=RST,ACK>
      then: drop
    - label: silent
      why: nobody is told
      misses: MUST
      then: drop
)";

TEST(Worlds, WhatCanBeExplainedWithoutAnAssumptionIs) {
  const auto table = small_table(kSecondBest);
  Talk talk(*table);
  talk.peer("<CTL=SYN>");
  EXPECT_EQ(talk.oracle().worlds().size(), 2u);
  EXPECT_EQ(talk.oracle().worlds().front().weight(), 0) << "the lightest stands first, wherever the table has it";
  talk.settled();
  EXPECT_THAT(talk, Conforms());
}

TEST(Worlds, AMissedShouldIsTold) {
  const auto table = small_table(kSecondBest);
  Talk talk(*table);
  talk.peer("<CTL=ACK>").target("<SEQ=0><ACK=0><CTL=RST,ACK>").settled();
  ASSERT_THAT(talk, Deviates(Kind::MissedShould, "1.1/only/must"));
  EXPECT_THAT(talk, Not(Refuted()));
  EXPECT_EQ(talk.finding()->level, spec::Level::Should);
  EXPECT_EQ(talk.finding()->observed, "answered with ACK");
}

TEST(Worlds, AMissedMustIsToldByItsLevel) {
  const auto table = small_table(kSecondBest);
  Talk talk(*table);
  talk.peer("<CTL=ACK>").settled();
  ASSERT_TRUE(talk.finding());
  EXPECT_EQ(talk.finding()->level, spec::Level::Must);
  EXPECT_EQ(talk.finding()->row, "1.1/only/must");
  EXPECT_EQ(talk.finding()->note, "nobody is told");
  EXPECT_THAT(talk, Not(Refuted()));
}

TEST(Worlds, TheWorstAssumptionIsTheVerdict) {
  const auto table = small_table(kSecondBest);
  Talk talk(*table);
  talk.peer("<CTL=ACK>").target("<SEQ=0><ACK=0><CTL=RST,ACK>").settled();   // a SHOULD
  talk.peer("<CTL=ACK>").settled();                                        // a MUST
  talk.peer("<CTL=ACK>").target("<SEQ=0><ACK=0><CTL=RST,ACK>").settled();   // a SHOULD
  ASSERT_TRUE(talk.finding());
  EXPECT_EQ(talk.finding()->level, spec::Level::Must);
}

TEST(Worlds, WhatIsForgivenIsNotToldAgain) {
  const auto table = small_table(kSecondBest);
  Talk talk(*table);
  talk.peer("<CTL=ACK>").settled();
  ASSERT_TRUE(talk.finding());
  talk.forgive();
  EXPECT_THAT(talk, Conforms());
  talk.peer("<CTL=ACK>").settled();
  EXPECT_TRUE(talk.finding()) << "but what is missed afterwards is";
}

constexpr std::string_view kOverlap = R"(section: "1.1"
title: two rows at once
event: segment
states: [CLOSED]
steps:
- step: only
  title: only
  rows:
  - id: syn
    states: [CLOSED]
    when: SEG.SYN
    emit: <CTL=RST>
    then: drop
  - id: text
    states: [CLOSED]
    when: SEG.TEXT > 0
    overlaps: [syn]
    emit: <CTL=SYN>
    then: drop
)";

TEST(Worlds, RowsThatOverlapAreEachAWorld) {
  const auto table = small_table(kOverlap);
  const auto answered = [&](std::string_view stimulus, std::string_view answer) {
    Talk talk(*table);
    talk.peer(stimulus).target(answer).settled();
    return !talk.finding().has_value();
  };
  EXPECT_TRUE(answered("<CTL=SYN><DATA=1>", "<CTL=RST>"));
  EXPECT_TRUE(answered("<CTL=SYN><DATA=1>", "<CTL=SYN>"));
  EXPECT_TRUE(answered("<CTL=SYN>", "<CTL=RST>"));
  EXPECT_FALSE(answered("<CTL=SYN>", "<CTL=SYN>"));
}

TEST(Worlds, OverlappingRowsDoNotBothHappen) {
  const auto table = small_table(kOverlap);
  Talk talk(*table);
  talk.peer("<CTL=SYN><DATA=1>").target("<CTL=RST>").target("<CTL=SYN>");
  EXPECT_THAT(talk, Refuted());
}

TEST(Worlds, SilenceIsNoAnswerWhereEveryWorldWantsOne) {
  const auto table = small_table(kOverlap);
  Talk talk(*table);
  talk.peer("<CTL=SYN><DATA=1>").settled();
  ASSERT_TRUE(talk.finding());
  EXPECT_EQ(talk.finding()->kind, Kind::MissingSegment);
  EXPECT_THAT(talk, Refuted());
}

constexpr std::string_view kJumps = R"(section: "1.1"
title: here
event: segment
states: [CLOSED]
steps:
- step: first
  title: first
  rows:
  - id: jump
    states: [CLOSED]
    when: SEG.SYN
    next: SYN-SENT
    then: go to 1.2/second
- step: second
  title: second
  rows:
  - id: skipped
    states: [CLOSED, SYN-SENT]
    emit: <CTL=RST>
)";
constexpr std::string_view kElsewhere = R"(section: "1.2"
title: elsewhere
event: segment
states: [LAST-ACK]
steps:
- step: first
  title: first
  rows:
  - id: before
    states: all
    emit: <CTL=SYN>
- step: second
  title: second
  rows:
  - id: landed
    states: [SYN-SENT]
    do: SND.WND <- 7
- step: third
  title: third
  rows:
  - id: after
    states: [SYN-SENT]
    emit: <CTL=FIN>
)";

TEST(Worlds, GoToEntersAnotherSectionInTheMiddleAndGoesOnThere) {
  const auto table = small_table(kJumps, kElsewhere);
  Talk talk(*table);
  talk.peer("<CTL=SYN>");
  EXPECT_THAT(talk.oracle().explanation(), ElementsAre("1.1/first/jump", "1.2/second/landed", "1.2/third/after"));
  EXPECT_EQ(talk[Var::SndWnd], 7);
  talk.target("<CTL=FIN>").state(State::SynSent).settled();
  EXPECT_THAT(talk, Conforms());
}

TEST(Worlds, WithoutGoToASectionIsEnteredOnlyInItsStates) {
  const auto table = small_table(kJumps, kElsewhere);
  Talk talk(*table);
  talk.peer("<CTL=ACK>");
  EXPECT_THAT(talk.oracle().explanation(), ElementsAre("1.1/second/skipped"));
}

TEST(Worlds, TheSectionIsChosenByTheStateInWhichTheSegmentArrived) {
  const auto table = small_table(spec::replaced(kJumps, "    then: go to 1.2/second\n", ""), kElsewhere);
  Talk talk(*table);
  talk.peer("<CTL=SYN>");
  EXPECT_THAT(talk.oracle().explanation(), ElementsAre("1.1/first/jump", "1.1/second/skipped"));
  talk.target("<CTL=RST>").settled().peer("<CTL=SYN>");
  EXPECT_TRUE(talk.oracle().explanation().empty()) << "no section speaks of SYN-SENT";
}

}  // namespace
}  // namespace conform::oracle
