// `report` and `diff`, on results that are written here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/cli/testing.h"
#include "harness/report/json.h"

namespace conform {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

RunResult run_with(Verdict verdict) {
  RunResult run;
  run.target_name = "sample";
  run.target_version = "sample 1.0";
  CaseResult result;
  result.id = "3.10.7.4/second/rst-in-window@ESTABLISHED+passive:<CTL=RST>";
  result.section = "3.10.7.4";
  result.row = "3.10.7.4/second/rst-in-window";
  result.title = "a RST in the window is challenged";
  result.state = wire::State::Established;
  result.verdict = verdict;
  if (verdict == Verdict::Deviates) {
    result.reason = "wrong state: CLOSED";
    result.finding = Finding{
        Kind::WrongState, result.row, spec::Level::Must, {"RFC 5961 3.2"}, "state ESTABLISHED", "state CLOSED", {}, {}};
  }
  run.cases.push_back(result);
  return run;
}

class Results : public testing::Test {
 protected:
  Results() {
    std::string pattern = (std::filesystem::temp_directory_path() / "results-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    write("good", run_with(Verdict::Conforms));
    write("bad", run_with(Verdict::Deviates));
  }
  ~Results() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const RunResult& run) {
    std::filesystem::create_directories(folder_ + "/" + name);
    std::ofstream(folder_ + "/" + name + "/results.json") << report::to_json(run);
  }
  std::string folder_;
};

TEST_F(Results, ReportPrintsTheFailuresAgain) {
  const Outcome o = tcpconform({"report", folder_ + "/bad"});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(o.out, AllOf(HasSubstr("sample 1.0"), HasSubstr("rst-in-window"), HasSubstr("state CLOSED"),
                           HasSubstr("RFC 5961 3.2")));
}

TEST_F(Results, ReportTakesTheFileAsWellAndWritesJunitAndJson) {
  const std::string junit = folder_ + "/junit.xml";
  const Outcome o = tcpconform({"report", folder_ + "/bad/results.json", "--json", "--junit", junit});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_EQ(o.out, report::to_json(run_with(Verdict::Deviates)));
  std::stringstream text;
  text << std::ifstream(junit).rdbuf();
  EXPECT_THAT(text.str(), AllOf(StartsWith("<?xml"), HasSubstr("<failure")));
}

TEST_F(Results, ReportOfWhatIsNotThere) {
  const Outcome parent = tcpconform({"report", folder_});
  EXPECT_EQ(parent.status, kUsage);
  EXPECT_THAT(parent.err, AllOf(HasSubstr("there is no results.json in"),
                                HasSubstr("there is one in: " + folder_ + "/bad, " + folder_ + "/good")));
  EXPECT_THAT(tcpconform({"report", folder_ + "/nowhere"}).err, HasSubstr("`tcpconform run` writes"));
  std::ofstream(folder_ + "/broken.json") << "{\n  oops";
  const Outcome broken = tcpconform({"report", folder_ + "/broken.json"});
  EXPECT_EQ(broken.status, kUsage);
  EXPECT_THAT(broken.err, HasSubstr("broken.json:2:"));
}

TEST_F(Results, DiffFailsOnARegressionOnly) {
  const Outcome worse = tcpconform({"diff", folder_ + "/good", folder_ + "/bad"});
  EXPECT_EQ(worse.status, kDeviation) << worse.err;
  EXPECT_THAT(worse.out, AllOf(HasSubstr("rst-in-window"), HasSubstr("deviates")));
  EXPECT_EQ(tcpconform({"diff", folder_ + "/bad", folder_ + "/good"}).status, kAsExpected);
  EXPECT_EQ(tcpconform({"diff", folder_ + "/bad", folder_ + "/bad/results.json"}).status, kAsExpected);
  EXPECT_EQ(tcpconform({"diff", folder_ + "/bad", folder_ + "/gone"}).status, kUsage);
}

}  // namespace
}  // namespace conform
