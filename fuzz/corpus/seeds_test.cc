// Seeds: every case of the plan that a sequence can say.
#include "fuzz/corpus/seeds.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "fuzz/corpus/testing.h"
#include "fuzz/sequence/testing.h"

namespace conform::fuzz {
namespace {

TEST(Seeds, EveryRowAndScenarioOnceUnderAName) {
  const oracle::Program program(suite().table);
  const Seeds made = plan_seeds(suite(), program, 1);
  std::set<std::string> names, rows;
  for (const Seed& seed : made.seeds) {
    EXPECT_TRUE(is_in_range(seed.sequence)) << seed.title;
    EXPECT_TRUE(names.insert(seed.name).second) << seed.name;
    EXPECT_EQ(seed.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-"), std::string::npos) << seed.name;
    rows.insert(seed.title.substr(0, seed.title.find('@')));
  }
  for (const char* row : {"3.10.7.4/second/rst-in-window", "3.10.1/only/passive", "way/ESTABLISHED+passive"}) {
    EXPECT_TRUE(rows.contains(row)) << row;
  }
  std::size_t unsaid = 0;
  for (const auto& [why, cases] : made.unsaid) {
    EXPECT_THAT(why, testing::HasSubstr("a sequence")) << "one says why";
    unsaid += cases;
  }
  EXPECT_LT(unsaid, made.seeds.size() / 3);
  const auto rst = std::ranges::find_if(made.seeds, [](const Seed& seed) {
    return seed.title.starts_with("3.10.7.4/second/rst-exact@ESTABLISHED+passive:");
  });
  ASSERT_NE(rst, made.seeds.end());
  ASSERT_EQ(rst->sequence.size(), 4u);
  EXPECT_EQ(to_string(rst->sequence.front()), "call: OPEN passive");
  EXPECT_EQ(rst->name.substr(0, 45), "3.10.7.4-second-rst-exact-established-passive");
}

}  // namespace
}  // namespace conform::fuzz
