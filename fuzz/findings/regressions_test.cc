// What was found once and mended stays mended: every scenario of corpus/regressions/ conforms on our stack.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/findings/testing.h"
#include "harness/run/runner.h"

namespace conform::fuzz {
namespace {

namespace fs = std::filesystem;

TEST(Regressions, StayMended) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(TCPCONFORM_SOURCE_DIR "/corpus/regressions")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  const auto target = make_stack_target();
  for (const fs::path& file : files) {
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto scenarios = spec::read_scenarios(text, file.string(), suite());
    ASSERT_TRUE(scenarios.ok()) << to_string(scenarios.diagnostics());
    Plan plan;
    plan.cases = plan_scenarios(*scenarios, suite(), CaseKind::Replay);
    for (const CaseResult& result : run_plan(plan, suite(), program(), *target, nullptr, {}).cases) {
      EXPECT_EQ(result.verdict, Verdict::Conforms) << file << ": " << result.id << ": " << result.reason;
    }
  }
  EXPECT_FALSE(files.empty()) << "there is nothing in corpus/regressions";
}

}  // namespace
}  // namespace conform::fuzz
