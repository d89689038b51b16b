// Paths, scenarios and targets: what is read and what is refused; the rest of tables is in reader_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spec/reader.h"
#include "harness/spec/testing.h"

namespace conform::spec {
namespace {

TEST(PathsTest, Errors) {
  EXPECT_EQ(with_paths("from: LISTEN", "from: LISTNE"),
            "paths.yaml:8:9: error: unknown way 'LISTNE'; did you mean 'LISTEN'?\n");
  EXPECT_EQ(with_paths("  state: LISTEN\n", "  state: LISTEN\n  from: SYN-RECEIVED+passive\n"),
            "paths.yaml:4:9: error: ways in a circle: LISTEN from SYN-RECEIVED+passive from LISTEN\n");
  EXPECT_EQ(with_paths("from: LISTEN", "from: SYN-RECEIVED+passive"),
            "paths.yaml:8:9: error: ways in a circle: SYN-RECEIVED+passive from SYN-RECEIVED+passive\n");
  EXPECT_EQ(with_paths("way: SYN-RECEIVED+passive", "way: LISTEN"),
            "paths.yaml:6:8: error: way 'LISTEN' stands twice, first in line 2\n");
  EXPECT_EQ(with_paths("OPEN passive", "OPEN pasive"),
            "paths.yaml:5:16: error: OPEN is either 'active' or 'passive'\n");
  EXPECT_EQ(with_paths("<CTL=SYN>", "<CTL=SYNN>"),
            "paths.yaml:10:33: error: unknown flag 'SYNN'; did you mean 'SYN'?\n");
  EXPECT_EQ(with_paths("- segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460>", "- segment: <SEQ=PEER.ISS>"),
            "paths.yaml:10:14: error: CTL is missing; <CTL=> sends no control bits\n");
  EXPECT_EQ(with_paths("waits: [1 s]", "waits: [1]"),
            "paths.yaml:14:11: error: time '1' without a unit; as in '1 ms', '1 s', '1 min'\n");
  EXPECT_EQ(with_paths("RCV.NXT - 1]", "max(RCV.NXT, IRS)]"),
            "paths.yaml:13:29: error: expected ',', but the text ends; a comma inside [] or {} ends the text: quote "
            "it\npaths.yaml:13:34: error: expected an operator, found ')'; a comma inside [] or {} ends the text: "
            "quote it\n");
  EXPECT_EQ(with_paths("ways:\n", "weys:\n"),
            "paths.yaml:1:1: error: unknown key 'weys' in the paths file; did you mean 'ways'?\n"
            "paths.yaml:1:1: error: key 'ways' is missing in the paths file\n");
}

TEST(ScenarioTest, Errors) {
  EXPECT_EQ(with_scenario("start: LISTEN", "start: LISTNE"),
            "scenarios/one.yaml:3:8: error: unknown way 'LISTNE'; did you mean 'LISTEN'?\n");
  EXPECT_EQ(with_scenario("start: LISTEN\n", ""),
            "scenarios/one.yaml:1:1: error: key 'start' is missing in a scenario\n");
  EXPECT_EQ(with_scenario("- segment: <SEQ=PEER.ISS><CTL=SYN>", "- segment: <SEQ=PEER.ISS><CTL=SYN>\n  call: CLOSE"),
            "scenarios/one.yaml:5:3: error: a step has exactly one of call, segment, wait, peer, expect\n");
  const auto peer = [](const std::string& step) {
    return with_scenario("- segment: <SEQ=PEER.ISS><CTL=SYN>", "- peer: " + step);
  };
  EXPECT_EQ(peer("takes 0"), "");
  EXPECT_EQ(peer("takes again 255"), "");
  EXPECT_EQ(peer("drops 0"), "scenarios/one.yaml:5:9: error: unknown deed of the peer 'drops'; one of takes, loses, takes again\n");
  EXPECT_EQ(peer("loses"), "scenarios/one.yaml:5:14: error: 'loses' wants one number, at most 255\n");
  EXPECT_EQ(peer("takes 256"), "scenarios/one.yaml:5:15: error: 'takes' wants one number, at most 255\n");
  EXPECT_EQ(peer("takes again 1 2"), "scenarios/one.yaml:5:23: error: 'takes again' wants one number, at most 255\n");
  EXPECT_EQ(with_scenario("state: SYN-RECEIVED", "silence: true"),
            "scenarios/one.yaml:6:42: error: 'silence' contradicts 'emit'\n");
  EXPECT_EQ(with_scenario("state: SYN-RECEIVED", "silence: yes"),
            "scenarios/one.yaml:6:42: error: expected true or false, found 'yes'\n");
  EXPECT_EQ(with_scenario("state: SYN-RECEIVED", "recieved: 3"),
            "scenarios/one.yaml:6:33: error: unknown key 'recieved' in 'expect'; did you mean 'received'?\n");
  EXPECT_EQ(with_scenario("- segment: <SEQ=PEER.ISS><CTL=SYN>", "- wait: {until: LISTNE, at-most: 10}"),
            "scenarios/one.yaml:5:17: error: unknown state 'LISTNE'; did you mean 'LISTEN'?\n"
            "scenarios/one.yaml:5:34: error: time '10' without a unit; as in '10 ms', '10 s', '10 min'\n");
  EXPECT_EQ(with_scenario("title:", "family: IPv5\nneeds: [security]\nlevel: SHOULD\ntitle:"),
            "scenarios/one.yaml:2:9: error: unknown family 'IPv5'; did you mean 'IPv4'?\n");
  EXPECT_EQ(
      with_scenario("steps:\n- segment: <SEQ=PEER.ISS><CTL=SYN>\n- expect: {emit: <CTL=SYN,ACK>, state: SYN-RECEIVED}",
                    "steps: []"),
      "scenarios/one.yaml:4:8: error: a scenario without steps\n");
}

TEST(ScenarioTest, IsReadBesideASuite) {
  SpecsFolder folder;
  const Suite suite = folder.read().value();
  const auto good = read_scenarios(
      "scenarios:\n- scenario: a\n  start: LISTEN\n  steps: [{segment: <CTL=SYN>}, {expect: {received: 3}}]\n",
      "x.yaml", suite);
  ASSERT_TRUE(good.ok()) << to_string(good.diagnostics());
  EXPECT_EQ(good->at(0).steps.size(), 2u);
  const auto bad = read_scenarios("scenario: a\nstart: nowhere\nsteps: [{wait: acceptable}]\n", "x.yaml", suite);
  EXPECT_EQ(to_string(bad.diagnostics()),
            "x.yaml:2:8: error: unknown way 'nowhere'; one of LISTEN, SYN-RECEIVED+passive\n"
            "x.yaml:3:16: error: expected a number, but 'acceptable' is a truth value\n");
}

TEST(TargetTest, IsReadAndChecked) {
  SpecsFolder folder;
  folder.write("targets/linux.yaml",
               "target: linux\nkind: linux\nparameters: {net.ipv4.tcp_fin_timeout: 60, b: off}\ndeviations:\n- row: "
               "a/b\n  cases: x\ninapplicable:\n- cases: [\"a@*\"]\n  lacks: no such cal\n  reason: r\n");
  const auto target = read_target_file(folder.path("targets/linux.yaml"));
  EXPECT_EQ(folder.relative(target.diagnostics()),
            "targets/linux.yaml:3:47: error: unquoted 'off' is a truth value to YAML readers; write \"off\"\n"
            "targets/linux.yaml:5:3: error: key 'reason' is missing in a deviation\n"
            "targets/linux.yaml:9:10: error: unknown lack 'no such cal'; did you mean 'no such call'?\n");
  EXPECT_EQ(folder.relative(read_target_file(folder.path("none.yaml")).diagnostics()),
            "none.yaml: error: cannot be read\n");
}

TEST(ValidateTest, FindsTheKindByTheKeys) {
  SpecsFolder folder;
  folder.write("targets/t.yaml", "target: t\nkind: stack\ntitel: x\n");
  folder.write("other/x.yaml", "hello: world\n");
  folder.write("other/table.yaml",
               replaced(replaced(SpecsFolder::kSection, "3.10.7.4", "3.9"), "not acceptable", "not acceptible"));
  folder.write("other/scenario.yaml", replaced(SpecsFolder::kScenario, "start: LISTEN", "start: LISTNE"));
  folder.write("other/paths.yaml", replaced(SpecsFolder::kPaths, "state: LISTEN", "state: LISTNE"));
  const auto said = [&](const std::string& name) {
    return folder.relative(validate(folder.path(name), folder.path()));
  };
  EXPECT_EQ(folder.relative(validate(folder.path(), folder.path())),
            "targets/t.yaml:3:1: error: unknown key 'titel' in a target file; did you mean 'title'?\n");
  EXPECT_EQ(said("table/a-section.yaml"), "");
  EXPECT_EQ(said("paths.yaml"), "");
  EXPECT_EQ(said("scenarios/one.yaml"), "");
  EXPECT_EQ(said("other"),
            "other/paths.yaml:3:10: error: unknown state 'LISTNE'; did you mean 'LISTEN'?\n"
            "other/scenario.yaml:3:8: error: unknown way 'LISTNE'; did you mean 'LISTEN'?\n"
            "other/table.yaml:11:15: error: unknown name 'acceptible'; did you mean 'acceptable'?\n"
            "other/x.yaml:1:1: error: cannot tell what kind of spec this is; a table has 'section', paths have 'ways', "
            "a scenario has 'scenario', a target has 'target'\n");
  EXPECT_EQ(said("none.yaml"), "none.yaml: error: cannot be read\n");
  folder.write("table/definitions.yaml", "definitions:\n- {name: acceptable, value: SEG.SQE = 0}\n");
  EXPECT_EQ(said("table/definitions.yaml"),
            "table/definitions.yaml:2:29: error: unknown name 'SEG.SQE'; did you mean 'SEG.SEQ'?\n");
}

}  // namespace
}  // namespace conform::spec
