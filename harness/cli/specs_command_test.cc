// `list`, `show` and `validate`, as a user calls them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/cli/testing.h"

namespace conform {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kRow = "3.10.7.4/second/rst-in-window";

TEST(List, RowsBySectionWithGlossStatesAndLevel) {
  const Outcome o = tcpconform({"list", "3.10.7.4/second/*"});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(o.out, AllOf(StartsWith("3.10.7.4  SEGMENT ARRIVES"), HasSubstr("  second: check the RST bit\n"),
                           HasSubstr(kRow), HasSubstr("MUST"), HasSubstr("        in "), HasSubstr("ESTABLISHED")));
  EXPECT_THAT(o.out, Not(HasSubstr("3.10.7.4/first")));
}

TEST(List, EverythingWithoutASelector) {
  const Outcome o = tcpconform({"list"});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  for (const char* section : {"3.10.1 ", "3.10.6 ", "3.10.7.1 ", "3.10.8 "}) EXPECT_THAT(o.out, HasSubstr(section));
}

TEST(List, FiltersByStateAndLevel) {
  const Outcome in_listen = tcpconform({"list", "3.10.7.3", "--state", "LISTEN"});
  EXPECT_EQ(in_listen.status, kNothing);
  EXPECT_THAT(in_listen.err, HasSubstr("nothing was selected"));
  const Outcome may = tcpconform({"list", "--level", "may", "--json"});
  EXPECT_THAT(may.out, Not(HasSubstr("\"level\": \"MUST\"")));
}

TEST(List, JsonIsAnArrayWithIdsFilesAndLines) {
  const Outcome o = tcpconform({"list", kRow, "--json"});
  const auto rows = nlohmann::json::parse(o.out);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["id"], kRow);
  EXPECT_EQ(rows[0]["step"], "second");
  EXPECT_THAT(rows[0]["file"].get<std::string>(), EndsWith("3.10.7.4-other-states.yaml"));
  EXPECT_GT(rows[0]["line"].get<int>(), 0);
}

TEST(List, CasesOfARow) {
  const Outcome o = tcpconform({"list", "--cases", kRow});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(o.out, StartsWith(std::string(kRow) + "@"));
  EXPECT_THAT(o.out, HasSubstr("@ESTABLISHED+passive:"));
}

TEST(List, WaysAndVariables) {
  EXPECT_THAT(tcpconform({"list", "--ways", "TIME-WAIT*"}).out, HasSubstr("TIME-WAIT+closing"));
  const Outcome o = tcpconform({"list", "--variables"});
  EXPECT_THAT(o.out, AllOf(HasSubstr("SND.UNA"), HasSubstr("sequence number"), HasSubstr("oldest unacknowledged")));
  EXPECT_EQ(tcpconform({"list", "--variables", "--ways"}).status, kUsage);
}

TEST(List, WrongWordsSayWhatThereIs) {
  const Outcome state = tcpconform({"list", "--state", "SYN_SENT"});
  EXPECT_EQ(state.status, kUsage);
  EXPECT_THAT(state.err, AllOf(HasSubstr("unknown state 'SYN_SENT'"), HasSubstr("SYN-SENT, SYN-RECEIVED")));
  EXPECT_THAT(tcpconform({"list", "--level", "maybe"}).err, HasSubstr("there are: must, should, may"));
  EXPECT_THAT(tcpconform({"list", "--profile", "rfc1"}).err, HasSubstr("there are: rfc793, rfc9293"));
  EXPECT_EQ(tcpconform({"list", "--specs", "/nowhere"}).status, kUsage);
}

TEST(Show, ARowAsItIsWritten) {
  const Outcome o = tcpconform({"show", kRow});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(o.out, AllOf(StartsWith(std::string(kRow) + "\n"), HasSubstr("3.10.7.4, SEGMENT ARRIVES"),
                           HasSubstr("check the RST bit"), HasSubstr("  when          SEG.RST and "),
                           HasSubstr("  profile       rfc9293\n"), HasSubstr("<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>"),
                           HasSubstr("  then          drop\n"), HasSubstr("3.10.7.4-other-states.yaml:"),
                           HasSubstr(" cases:\n    " + std::string(kRow) + "@")));
}

TEST(Show, ShortNameIsEnoughWhereItIsAlone) {
  EXPECT_THAT(tcpconform({"show", "rst-in-window"}).out, StartsWith(kRow));
}

TEST(Show, AlternativesEachWithItsReason) {
  const Outcome o = tcpconform({"show", "3.10.7.4/first-allowances/syn-repeated"});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(
      o.out, AllOf(HasSubstr("any of these:"), HasSubstr("  - answered anew\n"),
                   HasSubstr("why           the peer has not seen"), HasSubstr("<SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>")));
}

TEST(Show, AWayFromClosedOn) {
  const Outcome o = tcpconform({"show", "TIME-WAIT+closing"});
  EXPECT_THAT(o.out, AllOf(StartsWith("way/TIME-WAIT+closing\n"), HasSubstr("    call: OPEN passive\n"),
                           HasSubstr("    call: CLOSE\n"), HasSubstr("    segment: <CTL=ACK>\n")));
}

TEST(Show, ACaseStepByStep) {
  const std::string ids = tcpconform({"list", "--cases", kRow}).out;
  const std::string id = ids.substr(0, ids.find('\n'));
  const Outcome o = tcpconform({"show", id});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(o.out, AllOf(StartsWith(id + "\n"), HasSubstr("    way        call: OPEN "),
                           HasSubstr("    stimulus   segment: <")));
}

TEST(Show, DefinitionsAndVariables) {
  EXPECT_THAT(tcpconform({"show", "ack-acceptable"}).out, HasSubstr("SND.UNA < SEG.ACK =< SND.NXT"));
  EXPECT_THAT(tcpconform({"show", "SND.WL1"}).out, HasSubstr("window update"));
}

TEST(Show, AnUnknownIdIsAnsweredWithTheNearest) {
  const Outcome o = tcpconform({"show", "3.10.7.4/second/rst-in-windwo"});
  EXPECT_EQ(o.status, kUsage);
  EXPECT_THAT(o.err, AllOf(HasSubstr("there is no '3.10.7.4/second/rst-in-windwo'"),
                           HasSubstr(std::string("did you mean one of: ") + kRow)));
  const Outcome far = tcpconform({"show", "qqqqqq"});
  EXPECT_EQ(far.status, kUsage);
  EXPECT_THAT(far.err, HasSubstr("`tcpconform list`"));
}

class Validate : public testing::Test {
 protected:
  Validate() {
    std::string pattern = (std::filesystem::temp_directory_path() / "validate-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Validate() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }
  std::string folder_;
};

TEST_F(Validate, TheBuiltInSpecsHaveNoMistakes) {
  const Outcome o = tcpconform({"validate"});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(o.out, testing::MatchesRegex(
                         "[0-9]+ files, [0-9]+ rows, [0-9]+ cells, [0-9]+ scenarios: no mistakes\n(note: .*\n)?"));
}

TEST_F(Validate, OneGoodFile) {
  const std::string file =
      write("good.yaml", "scenario: quiet\ntitle: nothing happens\nstart: LISTEN\nsteps:\n- wait: 1 s\n");
  const Outcome o = tcpconform({"validate", file});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_EQ(o.out, "1 file: no mistakes\n");
}

TEST_F(Validate, MistakesPointToTheirPlace) {
  const std::string file =
      write("bad.yaml", "scenario: quiet\ntitle: nothing happens\nstart: LISTNE\nsteps:\n- wait: 1 s\n");
  const Outcome o = tcpconform({"validate", file});
  EXPECT_EQ(o.status, kUsage);
  EXPECT_THAT(o.err,
              AllOf(HasSubstr(file + ":3:"), HasSubstr("did you mean 'LISTEN'?"), EndsWith("1 file: 1 mistake\n")));
}

TEST_F(Validate, NothingThereIsSaid) {
  const Outcome o = tcpconform({"validate", folder_ + "/none.yaml"});
  EXPECT_EQ(o.status, kUsage);
  EXPECT_THAT(o.err, HasSubstr("there is no " + folder_));
  EXPECT_EQ(tcpconform({"validate", folder_}).status, kUsage);  // no YAML in it
}

}  // namespace
}  // namespace conform
