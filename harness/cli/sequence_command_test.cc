// `minimize` and `corpus`, as a user calls them.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/cli/testing.h"

namespace conform {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::HasSubstr;

struct Sequences : testing::Test {
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root = fs::path(testing::TempDir()) / ("sequences-" + std::string(test->name()));
    fs::remove_all(root);
    fs::create_directories(root);
  }
  void TearDown() override { fs::remove_all(root); }

  std::string at(const std::string& name) const { return (root / name).string(); }
  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(root / name) << content;
    return at(name);
  }
  std::string text_of(const std::string& name) const {
    std::ifstream in(root / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path root;
};

const char* const kGood = "scenario: good\nstart: ESTABLISHED+passive\nsteps:\n- call: CLOSE\n- wait: 1 min\n";

TEST_F(Sequences, WhatConformsHasNothingToBeMinimized) {
  const Outcome o = tcpconform({"minimize", file("good.yaml", kGood)});
  EXPECT_EQ(o.status, kNothing);
  EXPECT_THAT(o.err, HasSubstr("good.yaml shows nothing on stack"));
  EXPECT_EQ(o.out, "");
}

// Under RFC 793 a RST in the window resets; our stack challenges it, as RFC 9293 has it.
TEST_F(Sequences, WhatDeviatesIsMinimized) {
  const std::string steps = "- wait: 1 s\n- call: SEND 100\n- segment: <SEQ=RCV.NXT + 1234><CTL=RST>\n- call: CLOSE\n";
  const std::string path = file("reset.yaml", "scenario: reset\nstart: ESTABLISHED+passive\nsteps:\n" + steps);
  const Outcome o = tcpconform({"minimize", path, "--profile", "rfc793"});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(o.err, AllOf(HasSubstr("reset.yaml on stack: 3.10.7.4/second/"), HasSubstr("7 events -> ")));
  EXPECT_THAT(o.out, AllOf(HasSubstr("title: \"3.10.7.4/second/"), HasSubstr("<SEQ=RCV.NXT + 1><CTL=RST>")));
  EXPECT_THAT(o.out, testing::Not(HasSubstr("SEND")));
  const Outcome to_file = tcpconform({"minimize", path, "--profile", "rfc793", "-o", at("small.yaml")});
  EXPECT_EQ(to_file.status, kAsExpected) << to_file.err;
  EXPECT_EQ(to_file.out, "");
  EXPECT_EQ(text_of("small.yaml"), o.out);
  EXPECT_EQ(tcpconform({"minimize", path, "--profile", "rfc793", "-o", at("no/folder.yaml")}).status, kHarness);
}

TEST_F(Sequences, MinimizeSaysWhatItCannotRead) {
  EXPECT_EQ(tcpconform({"minimize", at("none.yaml")}).status, kUsage);
  const Outcome o = tcpconform({"minimize", file("bad.yaml", "scenario: bad\nsteps: 1\n")});
  EXPECT_EQ(o.status, kUsage);
  EXPECT_THAT(o.err, HasSubstr("bad.yaml:"));
  EXPECT_EQ(tcpconform({"minimize", file("good.yaml", kGood), "--target", "no-such"}).status, kNoTarget);
  EXPECT_EQ(tcpconform({"minimize", file("good.yaml", kGood), "--profile", "rfc1"}).status, kUsage);
}

TEST_F(Sequences, ThereAndBack) {
  fs::create_directories(root / "readable");
  file("readable/good.yaml", kGood);
  const Outcome encoded = tcpconform({"corpus", "encode", at("readable"), at("compact")});
  EXPECT_EQ(encoded.status, kAsExpected) << encoded.err;
  EXPECT_THAT(encoded.err, HasSubstr("1 written to "));
  EXPECT_EQ(text_of("compact/good").front(), '\1');
  EXPECT_EQ(tcpconform({"corpus", "decode", at("compact"), at("again")}).status, kAsExpected);
  EXPECT_THAT(text_of("again/good.yaml"),
              AllOf(HasSubstr("start: CLOSED+fresh\n"), HasSubstr("- call: OPEN passive\n"), HasSubstr("- wait: 1 min\n")));
  EXPECT_EQ(tcpconform({"corpus", "decode", at("again"), at("nothing")}).status, kNothing);
  EXPECT_EQ(tcpconform({"corpus", "encode", at("no-such"), at("nothing")}).status, kUsage);
}

TEST_F(Sequences, SeedsOfThePlan) {
  const Outcome o = tcpconform({"corpus", "seeds", at("seeds"), "--stimuli", "1"});
  EXPECT_EQ(o.status, kAsExpected) << o.err;
  EXPECT_THAT(o.err, AllOf(HasSubstr(" seeds in "), HasSubstr(" cases are none: ")));
  EXPECT_TRUE(fs::exists(root / "seeds" / "way-established-passive.yaml"));
  EXPECT_GT(std::distance(fs::directory_iterator(root / "seeds"), fs::directory_iterator()), 500);
}

}  // namespace
}  // namespace conform
