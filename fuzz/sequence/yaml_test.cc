// The readable form: a scenario file that says the same, and what other scenarios become.
#include "fuzz/sequence/yaml.h"

#include <gmock/gmock.h>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/testing.h"
#include "harness/spec/reader.h"

namespace conform::fuzz {
namespace {

const spec::Suite& suite() {
  static const spec::Suite read = [] {
    auto result = spec::read_suite(TCPCONFORM_SOURCE_DIR "/specs");
    if (!result.ok()) ADD_FAILURE() << to_string(result.diagnostics());
    return result.ok() ? std::move(*result) : spec::Suite{};
  }();
  return read;
}

std::string lines(const Sequence& sequence) {
  std::string text;
  for (const Event& event : sequence) text += to_string(event) + "\n";
  return text;
}

// The events of a scenario of these steps; or what is wrong with it.
std::string events_of(const std::string& steps, const std::string& start = "CLOSED+fresh") {
  const auto result = from_yaml("scenario: one\nstart: " + start + "\nsteps:\n" + steps, "one.yaml", suite());
  return result.ok() ? lines(*result) : to_string(result.diagnostics());
}

// "scenarios:" of many files that each hold one.
std::string joined(const std::vector<std::string>& files) {
  std::string text = "scenarios:\n";
  for (const std::string& file : files) {
    std::string indent = "- ";
    for (std::size_t at = 0; at < file.size(); indent = "  ") {
      const std::size_t end = file.find('\n', at) + 1;
      text += indent + file.substr(at, end - at);
      at = end;
    }
  }
  return text;
}

TEST(Yaml, AConversationAsAFile) {
  const std::vector<std::uint8_t> octets = {1,    0x01, 0x44, 0x02, 0x04, 4,    2,    4,    5,    0xb4, 0x00, 0x10,
                                            0x24, 0x18, 0x11, 0xe4, 0x0a, 0x45, 0x64, 0x02, 0xf4, 0x03, 0x13};
  const std::string file = to_yaml(decode(octets), "half-open", "the peer \"knocks\" \\ and waits");
  EXPECT_EQ(file,
            "scenario: half-open\n"
            "title: \"the peer \\\"knocks\\\" \\\\ and waits\"\n"
            "start: CLOSED+fresh\n"
            "steps:\n"
            "- call: OPEN passive\n"
            "- segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460>\n"
            "- segment: <CTL=ACK>\n"
            "- segment: <SEQ=RCV.NXT - 1><CTL=PSH,ACK><DATA=1380>\n"
            "- call: SEND 100 push\n"
            "- wait: 500 ms\n"
            "- peer: takes 1\n");
  const auto scenarios = spec::read_scenarios(file, "half-open.yaml", suite());
  ASSERT_TRUE(scenarios.ok()) << to_string(scenarios.diagnostics());
  EXPECT_EQ(scenarios->front().title, "the peer \"knocks\" \\ and waits");
  const auto back = from_yaml(file, "half-open.yaml", suite());
  ASSERT_TRUE(back.ok()) << to_string(back.diagnostics());
  EXPECT_EQ(encode(*back), octets);
}

TEST(Yaml, EverySequenceComesBack) {
  AnySequence any(11);
  for (int batch = 0; batch < 25; ++batch) {
    std::vector<Sequence> sequences;
    std::vector<std::string> files;
    for (int i = 0; i < 100; ++i) {
      sequences.push_back(any.next(16));
      files.push_back(to_yaml(sequences.back(), "s" + std::to_string(i), "number " + std::to_string(i)));
    }
    const auto scenarios = spec::read_scenarios(joined(files), "batch.yaml", suite());
    ASSERT_TRUE(scenarios.ok()) << to_string(scenarios.diagnostics());
    ASSERT_EQ(scenarios->size(), sequences.size());
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      const auto back = from_scenario((*scenarios)[i], suite());
      ASSERT_TRUE(back.ok()) << files[i] << to_string(back.diagnostics());
      ASSERT_EQ(*back, sequences[i]) << files[i];
    }
  }
}

TEST(Yaml, ASequenceWithoutEventsComesBack) {
  const auto back = from_yaml(to_yaml({}, "nothing", ""), "nothing.yaml", suite());
  ASSERT_TRUE(back.ok()) << to_string(back.diagnostics());
  EXPECT_TRUE(back->empty());
}

TEST(Yaml, AnyNameAndTitleMakeAFileThatCanBeRead) {
  const Sequence one(1);
  for (const char* text : {"", "no", "12", "1234567", "0x12", "1e5", "tRUE", "3.10.7.4/second/rst", "a: b # c", "\"",
                           "tab\tand\nline", "\xc3\xa9t\xc3\xa9", "-x"}) {
    const auto back = from_yaml(to_yaml(one, text, text), "any.yaml", suite());
    ASSERT_TRUE(back.ok()) << text << "\n" << to_string(back.diagnostics());
    EXPECT_EQ(*back, one);
  }
}

TEST(Yaml, ExpressionsAreSumsOfOneLiveVariable) {
  EXPECT_EQ(events_of("- segment: <SEQ=RCV.NXT+2-5><ACK=SND.UNA + SND.WND - 1><CTL=ACK>\n"
                      "- segment: <SEQ=RCV.NXT + RCV.WND><ACK=1 + ISS><CTL=ACK>\n"
                      "- segment: <SEQ=RCV.NXT + 0x80000000><ACK=0xffffffff><CTL=ACK>\n"
                      "- segment: <SEQ=RCV.NXT + 2 * 3><ACK=(SND.NXT - 1) - 1><CTL=ACK><WND=2 * 500><DATA=10 + 5>\n"),
            "segment: <SEQ=RCV.NXT - 3><ACK=SND.UNA + SND.WND - 1><CTL=ACK>\n"
            "segment: <SEQ=RCV.EDGE><ACK=ISS + 1><CTL=ACK>\n"
            "segment: <SEQ=RCV.NXT - 2147483648><ACK=4294967295><CTL=ACK>\n"
            "segment: <SEQ=RCV.NXT + 6><ACK=SND.NXT - 2><CTL=ACK><WND=1000><DATA=15>\n");
}

TEST(Yaml, OptionsAreTranslated) {
  EXPECT_EQ(events_of("- segment: <CTL=SYN><OPT=0402><MSS=1460>\n"
                      "- segment: <CTL=SYN><OPT=020405b40101>\n"
                      "- segment: <CTL=SYN><OPT=0203ff>\n"),
            "segment: <CTL=SYN><MSS=1460><OPT=0402>\n"
            "segment: <CTL=SYN><MSS=1460><OPT=0101>\n"
            "segment: <CTL=SYN><OPT=0203ff>\n");
}

TEST(Yaml, ExpectationsAreLeftOutAndWaitsArePlain) {
  EXPECT_EQ(
      events_of("- call: OPEN active\n"
                "- expect: {emit: <CTL=SYN>, state: SYN-SENT}\n"
                "- wait: {until: CLOSED, at-most: 5 min}\n"
                "- wait: {until: <CTL=SYN>, at-most: 3 s}\n"
                "- wait: 25 min\n"
                "- wait: 2 * MSL\n"
                "- wait: 0 ms\n"),
      "call: OPEN active\nwait: 5 min\nwait: 3 s\nwait: 10 min\nwait: 10 min\nwait: 5 min\nwait: 4 min\nwait: 0 ms\n");
}

TEST(Yaml, TheWayToTheStartComesFirst) {
  EXPECT_EQ(events_of("- call: CLOSE\n", "ESTABLISHED+passive"),
            "call: OPEN passive\n"
            "segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460>\n"
            "segment: <CTL=ACK>\n"
            "call: CLOSE\n");
  EXPECT_EQ(events_of("- call: STATUS\n", "CLOSED+last-ack"),
            "call: OPEN passive\n"
            "segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460>\n"
            "segment: <CTL=ACK>\n"
            "segment: <CTL=FIN,ACK>\n"
            "call: CLOSE\n"
            "segment: <CTL=ACK>\n"
            "call: STATUS\n");
}

TEST(Yaml, WhatCannotBeSaidIsNamedWithItsLine) {
  EXPECT_EQ(events_of("- segment: <SEQ=IRS><CTL=ACK>\n"
                      "- segment: <CTL=ACK><DATA=RCV.WND>\n"
                      "- segment: <CTL=ACK><DATA=2001>\n"
                      "- call: SEND 70000\n"
                      "- wait: RTX.LONGEST * 3 / 2\n"
                      "- segment: <SEQ=max(RCV.NXT, RCV.READ)><ACK=SND.NXT + SND.WND><CTL=ACK>\n"
                      "- peer: loses 8\n"
                      "- call: RECEIVE 0\n"),
            "one.yaml:4:3: error: SEQ=IRS cannot be said in a sequence; it says a live variable, or one with a number "
            "added or subtracted\n"
            "one.yaml:5:3: error: DATA is 'RCV.WND', which cannot be said in a sequence; it says plain numbers\n"
            "one.yaml:6:3: error: DATA=2001; a sequence says at most 2000\n"
            "one.yaml:7:3: error: 70000 octets in one call; a sequence says at most 65535\n"
            "one.yaml:8:3: error: the time is 'RTX.LONGEST * 3 / 2', which cannot be said in a sequence; it says plain "
            "numbers\n"
            "one.yaml:9:3: error: SEQ=max(RCV.NXT, RCV.READ) cannot be said in a sequence; it says a live variable, or "
            "one with a number added or subtracted\n"
            "one.yaml:9:3: error: ACK=SND.NXT + SND.WND cannot be said in a sequence; it says a live variable, or one "
            "with a number added or subtracted\n"
            "one.yaml:10:3: error: segment 8 of the peer's; a sequence says at most 7\n"
            "one.yaml:11:3: error: RECEIVE 0; a sequence says at least 1\n");
}

TEST(Yaml, TooManyEventsAndUnknownStarts) {
  EXPECT_EQ(events_of("- wait: 300 min\n- wait: 300 min\n"),
            "one.yaml:1:11: error: 49 events; a sequence has at most 48\n");
  spec::Scenario lost;
  lost.start = "NOWHERE";
  lost.mark = {"x.yaml", 3, 1};
  EXPECT_EQ(to_string(from_scenario(lost, suite()).diagnostics()), "x.yaml:3:1: error: unknown start 'NOWHERE'\n");
  const auto two = from_yaml(joined({to_yaml({}, "a", ""), to_yaml({}, "b", "")}), "two.yaml", suite());
  EXPECT_EQ(to_string(two.diagnostics()), "two.yaml:1:1: error: 2 scenarios; a sequence is one\n");
}

// Seeds: the scenarios that there are. What cannot be one says why, and is the smaller part.
TEST(Yaml, TheSuitesOwnScenariosBecomeSequences) {
  std::size_t good = 0;
  for (const spec::Scenario& scenario : suite().scenarios) {
    const auto sequence = from_scenario(scenario, suite());
    if (!sequence.ok()) {
      for (const Diagnostic& why : sequence.diagnostics()) EXPECT_GT(why.line, 0) << why.to_string();
      continue;
    }
    ++good;
    EXPECT_TRUE(is_in_range(*sequence)) << scenario.name;
    EXPECT_EQ(decode(encode(*sequence)), *sequence) << scenario.name;
    const auto back = from_yaml(to_yaml(*sequence, scenario.name, scenario.title), scenario.name, suite());
    ASSERT_TRUE(back.ok()) << to_string(back.diagnostics());
    EXPECT_EQ(*back, *sequence) << scenario.name;
  }
  EXPECT_GT(good, suite().scenarios.size() * 8 / 10);
}

}  // namespace
}  // namespace conform::fuzz
