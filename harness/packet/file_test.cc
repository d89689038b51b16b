#include "harness/packet/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace conform::packet {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class WriteFile : public ::testing::Test {
 protected:
  WriteFile() : folder_(fs::path(::testing::TempDir()) / ("write_file." + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~WriteFile() override { fs::remove_all(folder_); }

  std::string in(const char* name) const { return folder_ / name; }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(folder_), fs::directory_iterator()); }
  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }

  fs::path folder_;
};

// No file of this process may grow beyond `octets`, as if the disk were full there.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t octets) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = octets;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(WriteFile, WritesAndReplaces) {
  ASSERT_TRUE(write_file(in("a"), std::string("one\0two", 7)).ok());
  EXPECT_EQ(read(in("a")), std::string("one\0two", 7));
  ASSERT_TRUE(write_file(in("a"), "").ok());
  EXPECT_EQ(read(in("a")), "");
  EXPECT_EQ(files(), 1);
}

TEST_F(WriteFile, AFullDiskLeavesTheOldFileAndNothingPartial) {
  ASSERT_TRUE(write_file(in("a"), "old").ok());
  std::string why;
  {
    const SmallDisk disk(4'096);
    const auto status = write_file(in("a"), std::string(10'000, 'x'));
    ASSERT_FALSE(status.ok());
    why = to_string(status.diagnostics());
  }
  EXPECT_EQ(why, in("a") + ": error: cannot write: File too large\n");
  EXPECT_EQ(read(in("a")), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(WriteFile, ADeviceIsWrittenToAndNotReplaced) {
  const auto status = write_file("/dev/full", "x");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(to_string(status.diagnostics()), "/dev/full: error: cannot write: No space left on device\n");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(WriteFile, AFolderInTheWayIsReported) {
  fs::create_directory(in("d"));
  const auto status = write_file(in("d"), "x");
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(to_string(status.diagnostics()), HasSubstr("cannot replace: Is a directory"));
  EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace conform::packet
