// The real table is complete; and whoever breaks it is told where. Each mistake is made in a copy of the specs.
#include "harness/run/completeness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/spec/reader.h"

namespace conform {
namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

const std::string kSpecs = TCPCONFORM_SOURCE_DIR "/specs";

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// A copy of the specs that may be spoilt.
class Copy {
 public:
  Copy() {
    std::string pattern = (fs::temp_directory_path() / "specs-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    fs::copy(kSpecs, path_, fs::copy_options::recursive);
  }
  ~Copy() { fs::remove_all(path_); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  // Replaces the first `from` after `anchor`. A text that is not there fails the test: the table has changed.
  Copy& replace(const std::string& file, const std::string& anchor, const std::string& from, const std::string& to) {
    std::string text = read(path_ / file);
    const std::size_t begin = text.find(anchor);
    const std::size_t at = begin == text.npos ? begin : text.find(from, begin);
    EXPECT_NE(at, text.npos) << file << " has no '" << from << "' after '" << anchor << "'";
    if (at == text.npos) return *this;
    text.replace(at, from.size(), to);
    std::ofstream(path_ / file, std::ios::binary) << text;
    return *this;
  }

  // What is said of the copy, file names below it.
  std::string mistakes() const { return said(&CompletenessReport::mistakes); }
  std::string unreached() const { return said(&CompletenessReport::unreached); }

 private:
  std::string said(Diagnostics CompletenessReport::*part) const {
    auto suite = spec::read_suite(path_.string());
    if (suite) make_small(*suite);
    if (!suite) {
      ADD_FAILURE() << to_string(suite.diagnostics());
      return {};
    }
    Diagnostics diagnostics = check_completeness(*suite, oracle::Program(suite->table)).*part;
    for (Diagnostic& d : diagnostics) d.file = fs::path(d.file).lexically_relative(path_).string();
    return to_string(diagnostics);
  }

  // The mistakes that are made here show with few stimuli, and the whole product takes its time under sanitizers.
  static void make_small(spec::Suite& suite) {
    spec::Stimuli& s = suite.paths.stimuli;
    for (auto* values : {&s.seq, &s.ack, &s.data, &s.wnd}) values->resize(std::min<std::size_t>(values->size(), 2));
    suite.scenarios.clear();
  }

  fs::path path_;
};

TEST(Completeness, RealTableHasNoMistakes) {
  const auto suite = spec::read_suite(kSpecs);
  ASSERT_TRUE(suite) << to_string(suite.diagnostics());
  const CompletenessReport report = check_completeness(*suite, oracle::Program(suite->table));
  EXPECT_EQ(to_string(report.mistakes), "");
  EXPECT_GT(report.rows, 100u);
  // Eleven states by each class, but for what the classes list as impossible.
  EXPECT_GT(report.cells, 10 * suite->table.classes.size());
  EXPECT_GT(report.events, 10000u);
}

constexpr const char* kOther = "table/3.10.7.4-other-states.yaml";
constexpr const char* kStatus = "table/3.10.6-status.yaml";

TEST(Completeness, RowsThatFireTogetherUndeclared) {
  Copy copy;
  copy.replace(kOther, "- id: rst-in-window\n", "SEG.SEQ != RCV.NXT and in-window", "in-window");
  EXPECT_THAT(copy.mistakes(),
              ContainsRegex(
                  "other-states.yaml:[0-9]+:[0-9]+: error: row 'rst-in-window' fires together with row 'rst-exact' in "
                  "[A-Z0-9-]+: .*RST.*; declare 'overlaps: \\[rst-exact\\]'"));
}

TEST(Completeness, DeclaredRowsMayFireTogether) {
  Copy copy;
  copy.replace(kOther, "- id: rst-in-window\n", "SEG.SEQ != RCV.NXT and in-window", "in-window");
  copy.replace(kOther, "- id: rst-in-window\n", "profile:", "overlaps: [rst-exact]\n    profile:");
  EXPECT_THAT(copy.mistakes(), Not(HasSubstr("row 'rst-in-window' fires together with row 'rst-exact' ")));
}

TEST(Completeness, CannotHappenRowThatFires) {
  Copy copy;
  copy.replace(kStatus, "- id: closed\n", "reply: connection does not exist", "cannot-happen: no one asks");
  EXPECT_THAT(copy.mistakes(),
              HasSubstr("row 'closed' cannot happen, but does in CLOSED: CLOSED+fresh, STATUS; give it a behaviour"));
}

TEST(Completeness, StateWithoutARowForAClass) {
  Copy copy;
  copy.replace(kStatus, "- id: state\n", "[LISTEN, SYN-SENT,", "[SYN-SENT,");
  EXPECT_THAT(copy.mistakes(),
              HasSubstr("no row answers class 'STATUS' in LISTEN: LISTEN, STATUS; add a row to the table"));
}

TEST(Completeness, ClassThatNothingBringsAbout) {
  Copy copy;
  copy.replace("paths.yaml", "\nstimuli:", "  - ABORT\n", "");
  const std::string mistakes = copy.mistakes();
  EXPECT_THAT(mistakes, HasSubstr("nothing brings class 'ABORT' about in CLOSED; add a stimulus to paths.yaml"));
  EXPECT_THAT(mistakes, HasSubstr("nothing brings class 'ABORT' about in TIME-WAIT"));
}

TEST(Completeness, ListedCellThatHappens) {
  Copy copy;
  copy.replace("table/classes.yaml", "- class: ABORT", "event: call ABORT",
               "event: call ABORT\n  cannot-happen:\n  - states: [LISTEN]\n    because: no one would");
  EXPECT_THAT(copy.mistakes(),
              HasSubstr("class 'ABORT' cannot happen in LISTEN, but does: LISTEN, ABORT; take the state off"));
}

TEST(Completeness, WayThatLeadsElsewhere) {
  Copy copy;
  copy.replace("paths.yaml", "- way: LAST-ACK+passive", "call: CLOSE", "call: STATUS");
  EXPECT_THAT(copy.mistakes(), HasSubstr("way 'LAST-ACK+passive' leads to CLOSE-WAIT, not to LAST-ACK"));
}

TEST(Completeness, SituationThatStandsNowhere) {
  Copy copy;
  copy.replace("paths.yaml", "- situation: in-flight", "call: SEND 100", "call: ABORT");
  EXPECT_THAT(copy.mistakes(), HasSubstr("situation 'in-flight' can stand on no way"));
}

TEST(Completeness, RowThatNoRehearsalReaches) {
  Copy copy;
  copy.replace(kOther, "- id: rst-exact\n", "when: SEG.RST and", "when: SEG.RST and SEG.LEN = 7777 and");
  EXPECT_THAT(copy.unreached(),
              HasSubstr("no rehearsal reaches row 'rst-exact' in ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT;"));
}

}  // namespace
}  // namespace conform
