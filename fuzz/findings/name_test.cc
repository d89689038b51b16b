// Names of findings: stable, apart, and safe for a file system.
#include "fuzz/findings/name.h"

#include <gmock/gmock.h>

#include <set>

#include "fuzz/findings/testing.h"

namespace conform::fuzz {
namespace {

using testing::SizeIs;
using testing::StartsWith;

Finding finding(const std::string& row, Kind kind) {
  Finding made;
  made.row = row;
  made.kind = kind;
  return made;
}

TEST(Name, TheRowAndTheKindAndNothingElse) {
  Finding one = finding("3.10.7.4/second/rst-in-window", Kind::UnexpectedSegment);
  EXPECT_EQ(name_of(one), "3.10.7.4-second-rst-in-window--unexpected-segment");
  one.observed = "<SEQ=1>";
  one.allowed = "silence";
  EXPECT_EQ(name_of(one), "3.10.7.4-second-rst-in-window--unexpected-segment");
  EXPECT_EQ(title_of({one, {}}), "3.10.7.4/second/rst-in-window: unexpected segment");
  EXPECT_EQ(name_of(finding("(no row)", Kind::MissedShould)), "no-row--missed-should");
  EXPECT_EQ(name_of(finding("../../etc/passwd", Kind::LostBytes)), "etc-passwd--lost-bytes");
}

TEST(Name, NoTwoRowsOrKindsShareOne) {
  std::set<std::string> rows, names;
  for (const spec::Section& section : suite().table.sections) {
    for (const spec::Step& step : section.steps) {
      for (const spec::Row& row : step.rows) rows.insert(row.full_id);
    }
  }
  for (const spec::Obligation& obligation : suite().table.obligations) rows.insert(obligation.full_id);
  for (const std::string& row : rows) {
    for (Kind kind : kAllKinds) names.insert(name_of(finding(row, kind)));
  }
  ASSERT_GT(rows.size(), 100u);
  EXPECT_THAT(names, SizeIs(rows.size() * kAllKinds.size()));
}

TEST(Name, ADeathIsItsReasonWithoutWhatDiffersFromRunToRun) {
  EXPECT_EQ(name_of_death("error: target died: no answer to a barrier within 1000 ms\n"),
            "target-died--no-answer-to-a-barrier-within-ms");
  EXPECT_EQ(name_of_death("process 4711 ended: signal 11 at 0x7ffe12ab34cd\nmore"),
            name_of_death("process 9999 ended: signal 11 at 0x7ffe00000000\nelse"));
  EXPECT_NE(name_of_death("process 4711 ended: signal 11"), name_of_death("process 4711 ended: signal 6"));
  EXPECT_EQ(name_of_death("SND.UNA =< SND.NXT does not hold"), "target-died--snd.una-snd.nxt-does-not-hold");
  EXPECT_EQ(name_of_death(""), "target-died--no-reason");
  EXPECT_EQ(title_of({{}, "error: target died: no answer\n"}), "target died: no answer");
  EXPECT_EQ(title_of({{}, "exit\t1\nmore"}), "target died: exit 1");
}

TEST(Name, LongOnesAreCutAndStayApart) {
  const std::string reason(300, 'a');
  EXPECT_THAT(name_of_death(reason), SizeIs(120));
  EXPECT_THAT(name_of_death(reason), StartsWith("target-died--aaa"));
  EXPECT_NE(name_of_death(reason + "b"), name_of_death(reason + "c"));
}

}  // namespace
}  // namespace conform::fuzz
