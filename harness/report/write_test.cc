#include "harness/report/write.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "harness/report/json.h"
#include "harness/report/sample_run.h"

namespace conform::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class WriteReports : public ::testing::Test {
 protected:
  WriteReports() : folder_(fs::path(::testing::TempDir()) / ("write_reports." + std::to_string(::getpid()))) {}
  ~WriteReports() override { fs::remove_all(folder_); }

  std::string read(const char* name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return text.str();
  }
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (!entry.is_directory()) names.insert(fs::relative(entry.path(), folder_));
    }
    return names;
  }

  fs::path folder_;
};

TEST_F(WriteReports, WritesAllThree) {
  const auto status = write_reports(sample_run(), folder_ / "a" / "b");
  ASSERT_TRUE(status.ok()) << to_string(status.diagnostics());
  EXPECT_THAT(files(), ElementsAre("a/b/captures/3.10.7.4_second_rst-in-window@ESTABLISHED+passive.pcapng",
                                   "a/b/junit.xml", "a/b/results.json"));
  EXPECT_TRUE(from_json(read("a/b/results.json")).ok());
  EXPECT_TRUE(pugi::xml_document().load_string(read("a/b/junit.xml").c_str()));
}

TEST_F(WriteReports, AnotherRunReplacesItAll) {
  ASSERT_TRUE(write_reports(sample_run(), folder_).ok());
  std::ofstream(folder_ / "captures" / "notes.txt") << "mine";
  RunResult better = sample_run();
  better.cases.resize(1);
  ASSERT_TRUE(write_reports(better, folder_).ok());
  EXPECT_THAT(files(), ElementsAre("captures/notes.txt", "junit.xml", "results.json"));
  EXPECT_EQ(from_json(read("results.json"))->cases.size(), 1u);
}

TEST_F(WriteReports, AFullDiskIsReportedAndNothingPartialStays) {
  ASSERT_TRUE(write_reports(sample_run(), folder_).ok());
  const std::string before = read("results.json");
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit unlimited = limit;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  limit.rlim_cur = 256;  // no file may be larger
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto status = write_reports(sample_run(), folder_);
  ::setrlimit(RLIMIT_FSIZE, &unlimited);
  std::signal(SIGXFSZ, handler);

  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.diagnostics().size(), 3u) << "each of the three files is named";
  const std::string said = to_string(status.diagnostics());
  EXPECT_THAT(said, HasSubstr((folder_ / "results.json").string() + ": error: cannot write: File too large"));
  EXPECT_THAT(said, HasSubstr((folder_ / "junit.xml").string() + ": error: cannot write: File too large"));
  EXPECT_EQ(read("results.json"), before);
  EXPECT_EQ(files().size(), 3u);
}

TEST_F(WriteReports, AFileInTheFoldersPlaceIsReported) {
  std::ofstream(folder_.string()) << "x";
  const auto status = write_reports(sample_run(), folder_);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(to_string(status.diagnostics()), HasSubstr("cannot make this folder: Not a directory"));
}

TEST(ReportFolder, IsSafe) {
  RunResult run;
  run.target_name = "adapter:../x";
  EXPECT_EQ(report_folder(run), "reports/adapter-.._x");
}

TEST(Captures, AreOfTheCasesAskedFor) {
  RunResult run = sample_run();
  run.cases[2].trace = run.cases[1].trace;
  run.cases.push_back(deviating_case());
  const auto deviating = capture_files(run);
  ASSERT_EQ(deviating.size(), 2u);
  EXPECT_EQ(deviating[0].name, "3.10.7.4_second_rst-in-window@ESTABLISHED+passive.pcapng");
  EXPECT_EQ(deviating[1].name, "3.10.7.4_second_rst-in-window@ESTABLISHED+passive-2.pcapng");
  EXPECT_EQ(capture_files(run, CaptureOf::NotConforming).size(), 3u);
  run.cases[0].trace = run.cases[1].trace;
  EXPECT_EQ(capture_files(run, CaptureOf::All).size(), 4u);
}

TEST(Captures, HoldThePacketsOfTheTrace) {
  const auto packets = captured_packets(deviating_case().trace);
  ASSERT_EQ(packets.size(), 2u) << "the call has no packet";
  EXPECT_EQ(packets[0].direction, packet::Direction::Inbound);
  EXPECT_EQ(packets[0].comment, "<SEQ=101><CTL=RST>");
  EXPECT_EQ(packets[0].at, std::chrono::milliseconds(3));
  EXPECT_EQ(packets[1].direction, packet::Direction::Outbound);
  EXPECT_EQ(packets[1].comment, "<SEQ=1><ACK=1><CTL=ACK> - unexpected");
  EXPECT_EQ(packets[1].datagram, deviating_case().trace[2].datagram);
}

}  // namespace
}  // namespace conform::report
