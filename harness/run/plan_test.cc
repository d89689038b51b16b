// What is to be run: the real plan, whole and selected; and that every way leads where it says.
#include "harness/run/plan.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "harness/check/testing.h"
#include "harness/run/ways.h"

namespace conform {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using wire::State;

// The real paths, but with a few ways and boundary values only: the whole product takes its time.
const spec::Suite& suite() {
  static const spec::Suite pared = [] {
    spec::Suite few = rfc().suite;
    const std::set<std::string> ways = {"CLOSED+fresh",       "LISTEN",            "SYN-RECEIVED+passive",
                                        "ESTABLISHED+passive", "CLOSE-WAIT+passive", "LAST-ACK+passive"};
    std::erase_if(few.paths.ways, [&](const spec::Way& way) { return !ways.contains(way.name); });
    few.paths.situations.resize(1);
    for (auto* values : {&few.paths.stimuli.seq, &few.paths.stimuli.ack}) values->resize(3);
    for (auto* values : {&few.paths.stimuli.data, &few.paths.stimuli.wnd}) values->resize(1);
    return few;
  }();
  return pared;
}

Plan plan(const PlanOptions& options = {}) { return make_plan(suite(), rfc().program, options); }
const Plan& whole() {
  static const Plan the_plan = plan();
  return the_plan;
}
// With the situation in which a RECEIVE may wait.
const Plan& choices() {
  static const Plan the_plan = [] {
    spec::Suite more = suite();
    const auto& all = rfc().suite.paths.situations;
    more.paths.situations.push_back(*std::ranges::find(all, "waiting", &spec::Situation::name));
    return make_plan(more, rfc().program, {});
  }();
  return the_plan;
}
std::vector<std::string> ids(const Plan& plan) {
  std::vector<std::string> all;
  for (const PlannedCase& planned : plan.cases) all.push_back(planned.about.id);
  return all;
}
std::string written(const PlannedStep& planned) {
  const char phase = static_cast<char>('0' + static_cast<int>(planned.phase));
  if (const auto* call = std::get_if<spec::CallStep>(&planned.step.what)) return phase + to_string(call->call);
  if (const auto* segment = std::get_if<spec::SegmentStep>(&planned.step.what)) return phase + segment->segment.text;
  if (const auto* wait = std::get_if<spec::WaitStep>(&planned.step.what)) return phase + wait->at_most.text();
  return std::string(1, phase) + "expect";
}

TEST(Glob, StarsAndQuestionMarks) {
  EXPECT_TRUE(glob_matches("", ""));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("*", "anything/at:all"));
  EXPECT_TRUE(glob_matches("3.10.7.4/*@*+passive*", "3.10.7.4/second/rst-exact@ESTABLISHED+passive:<CTL=RST>"));
  EXPECT_TRUE(glob_matches("a*b*c", "a--b-b-c-c"));
  EXPECT_TRUE(glob_matches("a?c", "abc"));
  EXPECT_TRUE(glob_matches("abc**", "abc"));
}

TEST(Glob, NothingElse) {
  EXPECT_FALSE(glob_matches("", "a"));
  EXPECT_FALSE(glob_matches("abc", "abcd"));
  EXPECT_FALSE(glob_matches("bcd", "abcd")) << "a whole text, not a part of it";
  EXPECT_FALSE(glob_matches("a?c", "ac"));
  EXPECT_FALSE(glob_matches("a*b", "a-c"));
  EXPECT_FALSE(glob_matches("a.c", "abc")) << "a dot is a dot";
  EXPECT_FALSE(glob_matches("[a]", "a"));
}

TEST(ThePlan, IsTheSameEveryTime) {
  const Plan again = plan();
  ASSERT_EQ(ids(whole()), ids(again));
  for (std::size_t i = 0; i < again.cases.size(); ++i) {
    const PlannedCase &one = whole().cases[i], &other = again.cases[i];
    ASSERT_TRUE(std::ranges::equal(one.steps, other.steps, {}, written, written)) << one.about.id;
    ASSERT_EQ(one.row, other.row);
  }
}

TEST(ThePlan, GivesEveryCaseANameOfItsOwn) {
  PlanOptions both;
  both.families = {Family::Ipv4, Family::Ipv6};
  for (const std::vector<std::string>& names : {ids(whole()), ids(plan(both))}) {
    std::set<std::string> seen;
    for (const std::string& id : names) EXPECT_TRUE(seen.insert(id).second) << id << " stands twice";
  }
}

TEST(ThePlan, BeginsWithWaysAndScenarios) {
  bool rows = false;
  for (const PlannedCase& planned : whole().cases) {
    rows |= planned.about.kind == CaseKind::Row;
    EXPECT_EQ(planned.about.kind == CaseKind::Row, rows) << planned.about.id << " comes after the rows";
  }
  EXPECT_TRUE(rows);
  EXPECT_EQ(whole().cases.front().about.id, "way/" + suite().paths.ways.front().name);
  EXPECT_THAT(ids(whole()), Contains("scenario/" + suite().scenarios.front().name));
}

TEST(ThePlan, TriesEveryRowFromWhereItsCaseSays) {
  int rows = 0;
  for (const PlannedCase& planned : whole().cases) {
    if (planned.about.kind != CaseKind::Row) continue;
    ++rows;
    ASSERT_NE(planned.row, oracle::kNoRow) << planned.about.id;
    EXPECT_EQ(rfc().program.row(planned.row).full_id, planned.about.row);
    EXPECT_THAT(planned.about.id, StartsWith(planned.about.row + "@" + planned.about.path + ":"));
    EXPECT_EQ(std::ranges::count(planned.steps, Phase::Stimulus, &PlannedStep::phase), 1) << planned.about.id;
    EXPECT_EQ(planned.steps.back().phase, Phase::Stimulus);
    EXPECT_TRUE(std::ranges::is_sorted(planned.steps, {}, &PlannedStep::phase));
    EXPECT_FALSE(spec::is_departure(rfc().program.row(planned.row))) << "only a mistake fires it";
  }
  EXPECT_GT(rows, 100);
}

TEST(ThePlan, TellsWhichRowsItDoesNotReach) {
  const auto unreached = [](const std::string& row, State state) {
    return std::ranges::any_of(whole().unreached, [&](const Unreached& u) { return u.row == row && u.state == state; });
  };
  EXPECT_TRUE(unreached("3.10.7.4/second/rst-exact", State::FinWait1)) << "no way leads to FIN-WAIT-1 here";
  EXPECT_FALSE(unreached("3.10.7.4/second/rst-exact", State::Established));
  EXPECT_FALSE(unreached("3.10.7.4/second/rst-elsewhere-793", State::FinWait1)) << "it is not of this profile";
  EXPECT_FALSE(unreached("3.10.8/time-wait/time-wait-early", State::TimeWait)) << "only a mistake fires it";
  EXPECT_FALSE(unreached("3.8/text/new-text", State::FinWait1)) << "emissions have no cases of their own";
}

TEST(ThePlan, TriesWhatDependsOnAChoiceAndSaysOnWhich) {
  const auto planned_for = [](const std::string& row) {
    const auto found = std::ranges::find(choices().cases, row, [](const PlannedCase& planned) { return planned.about.row; });
    return found == choices().cases.end() ? nullptr : &*found;
  };
  const PlannedCase* waiting = planned_for("3.10.3/only/on-hand-and-queued");
  ASSERT_NE(waiting, nullptr);
  ASSERT_EQ(waiting->needed.rows.size(), 1u);
  const spec::Row& choice = rfc().program.row(waiting->needed.rows[0].row);
  EXPECT_EQ(choice.full_id, "3.10.3/only/less-on-hand");
  EXPECT_EQ(choice.alternatives[waiting->needed.rows[0].alternative].label, "queued");
  EXPECT_FALSE(waiting->needed.window);
  const PlannedCase* closed = planned_for("3.10.7.4/first-allowances/zero-window-ack");
  ASSERT_NE(closed, nullptr);
  EXPECT_EQ(closed->fires_in, State::SynReceived);
  EXPECT_EQ(closed->needed.window, 0);
  const PlannedCase* usual = planned_for("3.10.7.4/second/rst-exact");
  ASSERT_NE(usual, nullptr);
  EXPECT_TRUE(usual->needed.none());
}

TEST(ThePlan, KnowsWhatATargetDoesThatRetransmits) {
  const auto given_up = [](const PlannedCase& planned) {
    return planned.about.row == "3.10.8/retransmission/give-up" && planned.fires_in == State::LastAck;
  };
  EXPECT_TRUE(std::ranges::any_of(whole().cases, given_up));
}

TEST(ThePlan, HasNoMoreStimuliForARowThanAskedFor) {
  PlanOptions one;
  one.stimuli_per_row = 1;
  std::set<std::string> places;
  for (const PlannedCase& planned : plan(one).cases) {
    if (planned.about.kind != CaseKind::Row) continue;
    EXPECT_TRUE(places.insert(planned.about.row + "@" + planned.about.path).second) << planned.about.id;
  }
  EXPECT_LT(plan(one).cases.size(), whole().cases.size());
}

TEST(ThePlan, OfOneProfileHasNoRowsOfTheOther) {
  PlanOptions old;
  old.profile = spec::Profile::Rfc793;
  const auto has_row = [](const Plan& plan, std::string_view row) {
    return std::ranges::any_of(plan.cases, [&](const PlannedCase& planned) { return planned.about.row == row; });
  };
  EXPECT_TRUE(has_row(whole(), "3.10.7.4/second/rst-in-window"));
  EXPECT_FALSE(has_row(whole(), "3.10.7.4/second/rst-elsewhere-793"));
  const Plan then = plan(old);
  EXPECT_FALSE(has_row(then, "3.10.7.4/second/rst-in-window"));
  EXPECT_TRUE(has_row(then, "3.10.7.4/second/rst-elsewhere-793"));
}

TEST(Selection, TakesIdsRowsAndSections) {
  const auto selected = [](std::string glob) {
    PlanOptions options;
    options.select = {std::move(glob)};
    return ids(plan(options));
  };
  const std::string id = ids(whole()).back();
  EXPECT_THAT(selected(id), ::testing::ElementsAre(id));
  EXPECT_THAT(selected("3.10.7.4/second/rst-exact"), Each(StartsWith("3.10.7.4/second/rst-exact@")));
  EXPECT_THAT(selected("3.10.7.4/second/rst-exact"), Not(IsEmpty()));
  EXPECT_THAT(selected("3.10.6"), Each(StartsWith("3.10.6/")));
  EXPECT_THAT(selected("3.10.6"), Not(IsEmpty()));
  EXPECT_THAT(selected("way/*"), Each(StartsWith("way/")));
  EXPECT_THAT(selected("no such thing"), IsEmpty());
}

TEST(Selection, KeepsTheOrderOfThePlan) {
  PlanOptions options;
  options.select = {"3.10.6", "way/LISTEN"};
  const std::vector<std::string> some = ids(plan(options));
  EXPECT_EQ(some.front(), "way/LISTEN");
  EXPECT_GT(some.size(), 1u);
}

TEST(Selection, ByStateAndByLevel) {
  PlanOptions state, level;
  state.state = State::LastAck;
  level.level = spec::Level::Should;
  for (const PlannedCase& planned : plan(state).cases) EXPECT_EQ(planned.about.state, State::LastAck) << planned.about.id;
  for (const PlannedCase& planned : plan(level).cases) {
    EXPECT_EQ(planned.about.level, spec::Level::Should) << planned.about.id;
  }
  EXPECT_THAT(plan(state).cases, Not(IsEmpty()));
  EXPECT_THAT(plan(level).cases, Not(IsEmpty()));
}

TEST(Families, DoubleEveryCaseThatDoesNotNameOne) {
  PlanOptions both;
  both.families = {Family::Ipv4, Family::Ipv6};
  both.select = {"3.10.6", "3.10.6*+ipv6"};
  std::size_t four = 0, six = 0;
  for (const PlannedCase& planned : plan(both).cases) {
    (planned.family == Family::Ipv6 ? six : four)++;
    EXPECT_EQ(planned.about.id.ends_with("+ipv6"), planned.family == Family::Ipv6) << planned.about.id;
  }
  EXPECT_GT(four, 0u);
  EXPECT_EQ(four, six);
}

TEST(Ways, LeadWhereTheySay) {
  for (const spec::Way& way : rfc().suite.paths.ways) {
    oracle::Config config;
    config.peer_iss = wire::SeqNum(0xffffffe0u);
    oracle::Rehearsal rehearsal(rfc().program, config);
    EXPECT_TRUE(rehearse(rehearsal, steps_of(rfc().suite.paths, way.name))) << way.name;
    EXPECT_EQ(to_string(rehearsal.world().state), to_string(way.state)) << way.name;
    EXPECT_FALSE(rehearsal.finding()) << way.name << ": " << rehearsal.finding()->row;
  }
}

TEST(Ways, BeginWithWhatTheyGoOnFrom) {
  const auto& paths = rfc().suite.paths;
  const auto listen = steps_of(paths, "LISTEN"), established = steps_of(paths, "ESTABLISHED+passive");
  ASSERT_EQ(listen.size(), 1u);
  ASSERT_EQ(established.size(), 3u);
  EXPECT_EQ(std::get<spec::CallStep>(established[0].what).call.verb, Verb::Open);
  EXPECT_TRUE(steps_of(paths, "no such way").empty());
}

TEST(Scenarios, AreNotAnsweredByTheirWay) {
  const auto scenarios = spec::read_scenarios(
      "scenario: x\ntitle: x\nstart: LISTEN\nsteps:\n- segment: <CTL=RST>\n- expect: {silence: true}\n", "x.yaml", rfc().suite);
  ASSERT_TRUE(scenarios.ok());
  const auto cases = plan_scenarios(*scenarios, rfc().suite, CaseKind::Replay);
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].about.id, "replay/x");
  EXPECT_EQ(cases[0].about.state, State::Listen);
  EXPECT_FALSE(cases[0].epilogue);
  std::vector<std::string> steps;
  for (const PlannedStep& step : cases[0].steps) steps.push_back(written(step));
  EXPECT_THAT(steps, ::testing::ElementsAre("0OPEN passive", "0expect", "2<CTL=RST>", "2expect"));
}

}  // namespace
}  // namespace conform
