// Sequences on disk: there and back without loss, and every error told.
#include "fuzz/corpus/files.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "fuzz/corpus/testing.h"
#include "fuzz/sequence/testing.h"

namespace conform::fuzz {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

struct Files : testing::Test {
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root = fs::path(testing::TempDir()) / ("corpus-" + std::string(test->name()));
    fs::remove_all(root);
    fs::create_directories(root);
  }
  void TearDown() override { fs::remove_all(root); }

  std::string at(const std::string& name) const { return (root / name).string(); }
  std::string text_of(const std::string& name) const {
    std::ifstream in(root / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path root;
};

TEST_F(Files, AFolderThereAndBack) {
  AnySequence any(17);
  fs::create_directories(root / "compact");
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(write_sequence(any.next(), at("compact/s" + std::to_string(i))).ok());
  std::ofstream(root / "compact" / ".hidden") << "x";
  const auto decoded = decode_files(at("compact"), at("readable"), suite());
  ASSERT_TRUE(decoded.ok()) << to_string(decoded.diagnostics());
  EXPECT_EQ(*decoded, 50u);
  std::ofstream(root / "readable" / "README.md") << "not a sequence";
  const auto encoded = encode_files(at("readable"), at("again"), suite());
  ASSERT_TRUE(encoded.ok()) << to_string(encoded.diagnostics());
  EXPECT_EQ(*encoded, 50u);
  for (int i = 0; i < 50; ++i) {
    const std::string name = "s" + std::to_string(i);
    EXPECT_EQ(text_of("again/" + name), text_of("compact/" + name));
  }
}

TEST_F(Files, AFileIntoAFile) {
  Event event;
  event.kind = Event::Kind::Wait;
  event.wait.ms = 5;
  ASSERT_TRUE(write_sequence({event}, at("one"), "unused").ok());
  ASSERT_TRUE(decode_files(at("one"), at("two.yaml"), suite()).ok());
  EXPECT_EQ(text_of("two.yaml"), "scenario: \"two\"\nstart: CLOSED+fresh\nsteps:\n- wait: 5 ms\n");
  ASSERT_TRUE(write_sequence({event}, at("one.yaml"), "its title").ok());
  EXPECT_THAT(text_of("one.yaml"), HasSubstr("title: \"its title\"\n"));
  const auto read = read_sequence(at("one.yaml"), suite());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, Sequence{event});
}

TEST_F(Files, EveryErrorIsToldAndNoOtherFileLost) {
  for (const char* name : {"a.yaml", "c.yaml"}) std::ofstream(at(name)) << "scenario: x\nsteps: 1\n";
  ASSERT_TRUE(write_sequence({}, at("b.yaml")).ok());
  const auto encoded = encode_files(root.string(), at("out"), suite());
  ASSERT_FALSE(encoded.ok());
  EXPECT_THAT(to_string(encoded.diagnostics()), HasSubstr(at("a.yaml") + ":"));
  EXPECT_THAT(to_string(encoded.diagnostics()), HasSubstr(at("c.yaml") + ":"));
  EXPECT_TRUE(fs::exists(at("out/b")));

  EXPECT_THAT(to_string(read_sequence(at("none"), suite()).diagnostics()), HasSubstr("none: error: cannot read: No such file"));
  EXPECT_THAT(to_string(read_sequence(root.string(), suite()).diagnostics()), HasSubstr("error: cannot read: "));
  EXPECT_FALSE(write_sequence({}, at("no/such/folder")).ok());
  EXPECT_FALSE(decode_files(at("b.yaml"), at("a.yaml") + "/x", suite()).ok());
}

}  // namespace
}  // namespace conform::fuzz
