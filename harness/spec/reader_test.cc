#include "harness/spec/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spec/testing.h"

namespace conform::spec {
namespace {

TEST(ReaderTest, AGoodFolderIsReadWhole) {
  SpecsFolder folder;
  const Result<Suite> suite = folder.read();
  ASSERT_TRUE(suite.ok()) << to_string(suite.diagnostics());
  EXPECT_EQ(suite->table.version, "9293-1");
  ASSERT_EQ(suite->table.sections.size(), 1u);
  const Section& section = suite->table.sections[0];
  EXPECT_EQ(section.number, "3.10.7.4");
  EXPECT_TRUE(has(section.states, wire::State::Established) && !has(section.states, wire::State::SynReceived));
  ASSERT_EQ(section.steps.size(), 2u);
  const Row& row = section.steps[1].rows.at(0);
  EXPECT_EQ(row.full_id, "3.10.7.4/second/rst-exact");
  EXPECT_EQ(row.when.text(), "SEG.RST and SEG.SEQ = RCV.NXT");
  EXPECT_EQ(row.states.count(), 2u);
  EXPECT_TRUE(row.profiles.all());
  EXPECT_EQ(row.level, Level::Must);
  ASSERT_EQ(row.alternatives.size(), 1u);
  EXPECT_EQ(row.alternatives[0].next, wire::State::Closed);
  EXPECT_EQ(row.alternatives[0].then, Then::Return);
  EXPECT_THAT(row.requirements, ::testing::ElementsAre("MUST-58"));
  EXPECT_EQ(row.mark.line, 17);
  EXPECT_EQ(suite->paths.ways[1].from, "LISTEN");
  EXPECT_EQ(suite->paths.stimuli.ctl.size(), 4u);
  EXPECT_EQ(suite->paths.stimuli.waits[0].evaluate({}), 1000);
  ASSERT_EQ(suite->scenarios.size(), 1u);
  const auto& expect = std::get<ExpectStep>(suite->scenarios[0].steps[1].what);
  EXPECT_EQ(expect.emit[0].text, "<CTL=SYN,ACK>");
  EXPECT_EQ(expect.state, wire::State::SynReceived);
}

TEST(ReaderTest, EveryErrorOfEveryFileIsTold) {
  SpecsFolder folder;
  folder.write("table/a-section.yaml", R"(section: "3.10.7.4"
title: x
event: segmnt
steps:
- step: first
  rows:
  - id: a
    states: [SYN_SENT, ESTABLISHED]
    whn: true
    emit: <SEQ=SND.NTX><CTL=AKC>
    then: dropp
)");
  folder.write("paths.yaml", "ways:\n- way: LISTEN\n  state: LISTN\n");
  folder.write("scenarios/one.yaml", "scenario: s\nstart: LISTEN\nsteps:\n- cal: CLOSE\n");
  EXPECT_EQ(folder.errors(),
            "table/a-section.yaml:3:8: error: unknown event 'segmnt'; did you mean 'segment'?\n"
            "table/a-section.yaml:8:14: error: unknown state 'SYN_SENT'; did you mean 'SYN-SENT'?\n"
            "table/a-section.yaml:9:5: error: unknown key 'whn' in a row; did you mean 'when'?\n"
            "table/a-section.yaml:10:16: error: unknown name 'SND.NTX'; did you mean 'SND.NXT'?\n"
            "table/a-section.yaml:11:11: error: unknown way to go on 'dropp'; did you mean 'drop'?\n"
            "paths.yaml:3:10: error: unknown state 'LISTN'; did you mean 'LISTEN'?\n"
            "scenarios/one.yaml:4:3: error: unknown key 'cal' in a step; did you mean 'call'?\n");
}

TEST(ReaderTest, MissingPartsOfTheFolder) {
  SpecsFolder folder;
  folder.remove("paths.yaml").remove("scenarios");
  EXPECT_EQ(folder.errors(),
            "paths.yaml: error: the ways to the states are missing: no such file\n"
            "scenarios: error: the scenarios are missing: no such folder\n");
  folder.remove("table");
  EXPECT_THAT(folder.errors(), ::testing::StartsWith("table: error: no such folder: "));
  EXPECT_FALSE(read_suite("/nonexistent/specs").ok());
  EXPECT_THAT(to_string(read_suite("/nonexistent").diagnostics()),
              ::testing::HasSubstr("/nonexistent/table: error: no such folder"));
}

TEST(ReaderTest, FilesOfOtherNamesAreNotPassedOver) {
  SpecsFolder folder;
  EXPECT_EQ(folder.write("table/more.yml", "definitions: []\n").errors(),
            "table/more.yml: error: the name of a spec ends in '.yaml'\n");
}

TEST(ReaderTest, SectionsStandInTheOrderOfTheirNumbers) {
  SpecsFolder folder;
  for (const char* number : {"3.10.7.1", "3.9", "3.1", "3.10.7", "4"}) {
    folder.write(std::string("table/") + number + ".yaml",
                 replaced(replaced(SpecsFolder::kSection, "3.10.7.4", number), "states: synchronized\n", ""));
  }
  const Result<Suite> suite = folder.read();
  ASSERT_TRUE(suite.ok()) << to_string(suite.diagnostics());
  std::vector<std::string> numbers;
  for (const Section& section : suite->table.sections) numbers.push_back(section.number);
  EXPECT_THAT(numbers, ::testing::ElementsAre("3.1", "3.9", "3.10.7", "3.10.7.1", "3.10.7.4", "4"));
}

TEST(ReaderTest, NothingStandsTwice) {
  SpecsFolder folder;
  folder.write("table/b-section.yaml", SpecsFolder::kSection);
  folder.write("table/b-version.yaml",
               "version: \"2\"\ndefinitions:\n- name: acceptable\n  value: true\n- name: x\n  value: 1\n");
  folder.write("scenarios/two.yaml", SpecsFolder::kScenario);
  const std::string root = folder.path() + "/";
  EXPECT_EQ(folder.errors(), "table/b-section.yaml:1:10: error: section '3.10.7.4' stands twice, first in " + root +
                                 "table/a-section.yaml:1\n" +
                                 "table/definitions.yaml:1:1: error: 'version' stands twice, first in " + root +
                                 "table/b-version.yaml\n" +
                                 "table/definitions.yaml:3:3: error: definition 'acceptable' stands twice, first in " +
                                 root + "table/b-version.yaml:3\n" +
                                 "scenarios/two.yaml:1:11: error: scenario 'open-passive' stands twice, first in " +
                                 root + "scenarios/one.yaml:1\n");
}

TEST(SectionTest, KeysAndSteps) {
  EXPECT_EQ(with_section("section: \"3.10.7.4\"", "section: 3.10"),
            "table/a-section.yaml:1:10: error: expected text, found the number 3.10; write \"3.10\"\n");
  EXPECT_EQ(with_section("\"3.10.7.4\"", "three"),
            "table/a-section.yaml:1:10: error: 'three' is not the number of a section; as in \"3.10.7.4\"\n");
  EXPECT_EQ(with_section("title: SEGMENT ARRIVES, other states\n", ""),
            "table/a-section.yaml:1:1: error: key 'title' is missing in a table file\n");
  EXPECT_EQ(with_section("title: SEGMENT ARRIVES, other states\n", "title:\n"),
            "table/a-section.yaml:2:1: error: key 'title' has no value\n");
  EXPECT_EQ(with_section("title: SEGMENT ARRIVES, other states", "title: no"),
            "table/a-section.yaml:2:8: error: unquoted 'no' is a truth value to YAML readers; write \"no\"\n");
  EXPECT_EQ(with_section("title: SEGMENT ARRIVES, other states", "title: 010"),
            "table/a-section.yaml:2:8: error: unquoted '010' looks like an octal number; write \"010\"\n");
  EXPECT_EQ(with_section("title: SEGMENT ARRIVES, other states", "title: [a]"),
            "table/a-section.yaml:2:8: error: expected text, found a list\n");
  EXPECT_EQ(with_section("event: segment\n", ""),
            "table/a-section.yaml:5:3: error: key 'event' is missing in the section or in the step\n"
            "table/a-section.yaml:13:3: error: key 'event' is missing in the section or in the step\n");
  EXPECT_EQ(with_section("step: second", "step: first"),
            "table/a-section.yaml:14:9: error: step 'first' stands twice\n");
  EXPECT_EQ(with_section("step: first", "step: third"),
            "table/a-section.yaml:14:9: error: step 'second' stands after step 'third'\n");
  EXPECT_EQ(with_section("step: first", "step: two words"),
            "table/a-section.yaml:6:9: error: 'two words' cannot be the name of a step; names are letters, digits and "
            "hyphens\n");
  EXPECT_EQ(with_section("states: synchronized\nsteps", "states: []\nsteps"),
            "table/a-section.yaml:4:9: error: a list of states is empty\n");
}

TEST(RowTest, Behaviours) {
  EXPECT_EQ(with_section("    emit: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>\n    then: drop\n", ""),
            "table/a-section.yaml:9:5: error: a row has neither behaviour nor 'cannot-happen'; 'then: continue' says "
            "that nothing happens\n");
  EXPECT_EQ(with_row_key("    alternatives: [{then: drop}]"),
            "table/a-section.yaml:23:19: error: a row has either 'alternatives' or a behaviour of its own; move "
            "'signal' into the alternatives\n");
  EXPECT_EQ(with_row_key("    cannot-happen: never"),
            "table/a-section.yaml:23:20: error: a row that cannot happen has no behaviour; remove 'signal'\n");
  EXPECT_EQ(with_section("    emit: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>\n    then: drop\n", "    alternatives: []\n"),
            "table/a-section.yaml:12:19: error: 'alternatives' is empty\n");
  EXPECT_EQ(with_section("    emit: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>\n    then: drop\n",
                         "    alternatives: [{label: a, then: drop}, {label: a, profile: rfc793}]\n"),
            "table/a-section.yaml:12:52: error: label 'a' stands twice in the row\n");
  EXPECT_EQ(with_row_key("    misses: MAYBE"),
            "table/a-section.yaml:23:13: error: unknown level 'MAYBE'; one of MUST, SHOULD\n");
  EXPECT_EQ(with_row_key("    level: SHUOLD"),
            "table/a-section.yaml:23:12: error: unknown level 'SHUOLD'; did you mean 'SHOULD'?\n");
  EXPECT_EQ(with_row_key("    profile: rfc9239"),
            "table/a-section.yaml:23:14: error: unknown profile 'rfc9239'; did you mean 'rfc9293'?\n");
  EXPECT_EQ(with_row_key("    reply: ok"),
            "table/a-section.yaml:23:12: error: 'reply' in a row about 'segment'; only user calls are answered\n");
  EXPECT_EQ(with_row_key("    violation: bad"),
            "table/a-section.yaml:23:16: error: 'violation' in a row about 'segment'; it belongs to 'emission form'\n");
  EXPECT_EQ(with_row_key("    requirements: [MUST58, SHLD-2]"),
            "table/a-section.yaml:23:20: error: 'MUST58' is not the id of a requirement; as in 'MUST-58', 'SHLD-2', "
            "'MAY-12'\n");
  EXPECT_EQ(with_row_key("    may-signal: [conection reset]"),
            "table/a-section.yaml:23:18: error: unknown signal 'conection reset'; did you mean 'connection reset'?\n");
  EXPECT_EQ(with_row_key("    do: [take text, SND.UNA <- SEG.LEN]"),
            "table/a-section.yaml:23:32: error: expected a sequence number, but 'SEG.LEN' is a number\n");
  EXPECT_EQ(with_section("event: segment", "event: emission"),
            "table/a-section.yaml:12:11: error: 'emit' in a row about emissions; such a row speaks of the sent segment "
            "as SEG\n");
}

TEST(RowTest, ARowThatJustifiesAnEmissionNeedsNoMore) {
  SpecsFolder folder;
  folder.write("table/emissions.yaml",
               "section: \"3.8\"\ntitle: x\nevent: emission\nsteps:\n- step: any\n  rows:\n  - {id: a, states: all, "
               "when: SEG.SYN}\n");
  const Result<Suite> suite = folder.read();
  ASSERT_TRUE(suite.ok()) << to_string(suite.diagnostics());
  EXPECT_EQ(suite->table.sections[0].steps[0].rows[0].alternatives.size(), 1u);
}

TEST(RowTest, GuardsPointIntoTheText) {
  EXPECT_EQ(with_section("SEG.RST and SEG.SEQ = RCV.NXT", "SEG.RST and SEG.SQE = RCV.NXT"),
            "table/a-section.yaml:19:23: error: unknown name 'SEG.SQE'; did you mean 'SEG.SEQ'?\n");
  EXPECT_EQ(with_section("SEG.RST and SEG.SEQ = RCV.NXT", "\"SEG.RST and SEG.SQE = RCV.NXT\""),
            "table/a-section.yaml:19:24: error: unknown name 'SEG.SQE'; did you mean 'SEG.SEQ'?\n");
  EXPECT_EQ(with_section("when: SEG.RST and SEG.SEQ = RCV.NXT", "when: >-\n      SEG.RST and\n      SEG.SQE = RCV.NXT"),
            "table/a-section.yaml:19:11: error: unknown name 'SEG.SQE'; did you mean 'SEG.SEQ'?\n");
  EXPECT_EQ(with_section("SEG.RST and SEG.SEQ = RCV.NXT", "SEG.LEN"),
            "table/a-section.yaml:19:11: error: expected a truth value, but 'SEG.LEN' is a number\n");
  EXPECT_EQ(with_section("SEG.RST and SEG.SEQ = RCV.NXT", "yes"),
            "table/a-section.yaml:19:11: error: unquoted 'yes' is a truth value to YAML readers; write \"yes\"\n");
}

TEST(RowTest, JumpsAndOverlapsExist) {
  EXPECT_EQ(with_section("then: drop\n    req", "then: go to 3.10.7.4/frist\n    req"),
            "table/a-section.yaml:22:11: error: no step '3.10.7.4/frist' to go to; did you mean '3.10.7.4/first'?\n");
  EXPECT_EQ(with_row_key("    overlaps: [rst-exakt]"),
            "table/a-section.yaml:23:16: error: no row 'rst-exakt' in step 'second'; did you mean 'rst-exact'?\n");
  EXPECT_EQ(with_row_key("    overlaps: [rst-exact]"),
            "table/a-section.yaml:23:16: error: a row cannot overlap itself\n");
}

TEST(RowTest, IdenticalGuardsMustBeDeclared) {
  const std::string twin =
      "  - id: twin\n    states: [CLOSE-WAIT, LAST-ACK]\n    when: SEG.RST  and SEG.SEQ=RCV.NXT\n    then: continue\n";
  const std::string end = "    requirements: [MUST-58]\n";
  EXPECT_EQ(with_section(end, end + twin),
            "table/a-section.yaml:24:5: error: row 'twin' has the same guard as row 'rst-exact' in CLOSE-WAIT; declare "
            "'overlaps: [rst-exact]', or part their states or profiles\n");
  EXPECT_EQ(with_section(end, end + twin + "    overlaps: rst-exact\n"), "");
  EXPECT_EQ(with_section(end, "    profile: rfc793\n" + twin + "    profile: rfc9293\n"), "");
  EXPECT_EQ(with_section(end, end + replaced(twin, "CLOSE-WAIT, LAST-ACK", "LAST-ACK")), "");
  EXPECT_EQ(with_section(end, end + replaced(twin, "id: twin", "id: rst-exact")),
            "table/a-section.yaml:24:9: error: row 'rst-exact' stands twice in step 'second', first in line 17\n");
}

TEST(RowTest, RowsBehindAnUnconditionalDropAreNeverReached) {
  const std::string guard = "    when: not acceptable\n";
  EXPECT_EQ(with_section(guard, ""),
            "table/a-section.yaml:16:5: error: row 'rst-exact' is never reached in ESTABLISHED, CLOSE-WAIT: row "
            "'3.10.7.4/first/not-acceptable' always ends processing\n");
  EXPECT_EQ(with_section("    states: synchronized\n" + guard, "    states: CLOSE-WAIT\n"),
            "table/a-section.yaml:16:5: error: row 'rst-exact' is never reached in CLOSE-WAIT: row "
            "'3.10.7.4/first/not-acceptable' always ends processing\n");
  // Not proven: the row belongs to one profile, needs a capability, or another state leads there.
  EXPECT_EQ(with_section(guard, "    profile: rfc793\n"), "");
  EXPECT_EQ(with_section(guard, "    needs: security\n"), "");
  const std::string moves =
      "    then: drop\n  - id: moves\n    states: ESTABLISHED\n    next: CLOSE-WAIT\n- step: second\n";
  const std::string section =
      replaced(SpecsFolder::kSection, "    states: synchronized\n" + guard, "    states: CLOSE-WAIT\n");
  SpecsFolder folder;
  EXPECT_EQ(folder.write("table/a-section.yaml", replaced(section, "    then: drop\n- step: second\n", moves)).errors(),
            "");
}

TEST(DefinitionTest, Errors) {
  const std::string head = "definitions:\n- {name: acceptable, value: true}\n";
  EXPECT_EQ(
      with_definitions(head + "- name: a\n  value: b or SEG.SYN\n- name: b\n  value: not c\n- name: c\n  value: a\n"),
      "table/definitions.yaml:4:10: error: definition in terms of itself: a -> b -> c -> a\n");
  EXPECT_EQ(with_definitions(head + "- name: a\n  value: a\n"),
            "table/definitions.yaml:4:10: error: definition in terms of itself: a -> a\n");
  EXPECT_EQ(with_definitions(head + "- name: a\n  value: SEG.SQE = 0\n- name: b\n  value: not a\n"),
            "table/definitions.yaml:4:10: error: unknown name 'SEG.SQE'; did you mean 'SEG.SEQ'?\n");
  EXPECT_EQ(with_definitions(head + "- name: SEG.SEQ\n  value: true\n"),
            "table/definitions.yaml:3:9: error: 'SEG.SEQ' is the name of a variable already\n");
  EXPECT_EQ(with_definitions(head + "- name: CLOSED\n  value: true\n"),
            "table/definitions.yaml:3:9: error: 'CLOSED' is the name of a state already\n");
  EXPECT_EQ(with_definitions(head + "- name: max\n  value: true\n"),
            "table/definitions.yaml:3:9: error: 'max' is a word of the language\n");
  EXPECT_EQ(with_definitions(head + "- name: a b\n  value: true\n"),
            "table/definitions.yaml:3:9: error: 'a b' cannot be the name of a definition; names are letters, digits, "
            "dots and hyphens\n");
  EXPECT_EQ(with_definitions(head + "- name: a\n  vlue: true\n"),
            "table/definitions.yaml:3:3: error: key 'value' is missing in a definition\ntable/definitions.yaml:4:3: "
            "error: unknown key 'vlue' in a definition; did you mean 'value'?\n");
  // A file that cannot be parsed loses its definitions; what would follow from that is not told.
  EXPECT_EQ(with_definitions("definitions:\n- name: [\n"),
            "table/definitions.yaml:3:1: error: not YAML: end of sequence flow not found\n");
}

TEST(DefinitionTest, AThousandInAChainAreNoTrouble) {
  std::string text = "definitions:\n- {name: acceptable, value: d999 = 0}\n";
  for (int i = 999; i > 0; --i) text += "- {name: d" + std::to_string(i) + ", value: d" + std::to_string(i - 1) + "}\n";
  EXPECT_EQ(with_definitions(text + "- {name: d0, value: SEG.LEN}\n"), "");
}

TEST(ObligationTest, IsReadAndChecked) {
  SpecsFolder folder;
  const std::string good = R"(section: "3.8.6.3"
title: Delayed acknowledgments
obligations:
- id: acknowledge-text
  states: [ESTABLISHED]
  while: RCV.ACKED < RCV.NXT
  since: RTX.LAST
  within: 500 ms
)";
  const Result<Suite> suite = folder.write("table/b.yaml", good).read();
  ASSERT_TRUE(suite.ok()) << to_string(suite.diagnostics());
  EXPECT_EQ(suite->table.obligations.at(0).full_id, "3.8.6.3/acknowledge-text");
  EXPECT_EQ(suite->table.obligations[0].within.evaluate({}), 500);
  EXPECT_EQ(suite->table.sections.size(), 1u);
  folder.write("table/b.yaml", replaced(good, "500 ms", "500") +
                                   "- id: acknowledge-text\n  states: all\n  while: 3\n  within: SEG.SEQ\n");
  EXPECT_EQ(folder.errors(),
            "table/b.yaml:8:11: error: time '500' without a unit; as in '500 ms', '500 s', '500 min'\n"
            "table/b.yaml:9:7: error: obligation 'acknowledge-text' stands twice, first in line 4\n"
            "table/b.yaml:11:10: error: expected a truth value, but '3' is a number\n"
            "table/b.yaml:12:11: error: expected a number, but 'SEG.SEQ' is a sequence number\n");
}

TEST(ClassTest, IsReadAndChecked) {
  SpecsFolder folder;
  const std::string good =
      "classes:\n- class: RST\n  when: SEG.RST\n  cannot-happen:\n  - states: [CLOSED]\n    because: there is no "
      "window\n";
  const Result<Suite> suite = folder.write("table/classes.yaml", good).read();
  ASSERT_TRUE(suite.ok()) << to_string(suite.diagnostics());
  EXPECT_EQ(suite->table.classes.at(0).cannot_happen.at(0).because, "there is no window");
  const std::string bad = good + "- class: RST\n  event: call CLSE\n- class: RST\n  cannot-happen: [{states: all}]\n";
  folder.write("table/classes.yaml", bad);
  EXPECT_EQ(folder.errors(),
            "table/classes.yaml:7:3: error: class 'RST' stands twice, first in " + folder.path("table/classes.yaml") +
                ":2\n" + "table/classes.yaml:8:10: error: unknown event 'call CLSE'; did you mean 'call CLOSE'?\n" +
                "table/classes.yaml:9:3: error: class 'RST' stands twice, first in " +
                folder.path("table/classes.yaml") + ":2\n" +
                "table/classes.yaml:10:19: error: key 'because' is missing in 'cannot-happen' of a class\n");
}

}  // namespace
}  // namespace conform::spec
