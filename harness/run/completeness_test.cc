// The real table is complete; and whoever breaks it is told where. Each mistake is made in a copy of the specs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/run/completeness.h"
#include "harness/spec/reader.h"

namespace conform {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

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
  std::string mistakes() const {
    const auto suite = spec::read_suite(path_.string());
    if (!suite) return "not readable:\n" + to_string(suite.diagnostics());
    CompletenessReport report = check_completeness(*suite, oracle::Program(suite->table));
    for (Diagnostic& d : report.mistakes) d.file = fs::path(d.file).lexically_relative(path_).string();
    return to_string(report.mistakes);
  }

 private:
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

}  // namespace
}  // namespace conform
