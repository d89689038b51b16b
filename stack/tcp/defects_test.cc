// The catalogue of seeded defects. In a test build the environment variable TCP_DEFECT switches one on for the whole
// test program: that it then fails shows that these tests would notice the bug.
#include "stack/tcp/defects.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

namespace tcp {
namespace {

#ifdef TCPCONFORM_DEFECTS

const bool chosen = [] {
  const char* name = std::getenv("TCP_DEFECT");
  for (const defects::Entry& entry : defects::all_defects()) {
    if (name && entry.name == name) defects::active = entry.defect;
  }
  return defects::active != Defect::None;
}();

TEST(Defects, CatalogueIsCompleteAndDistinct) {
  std::set<std::string_view> names, glosses;
  for (const defects::Entry& entry : defects::all_defects()) {
    names.insert(entry.name);
    glosses.insert(entry.gloss);
  }
  EXPECT_GE(names.size(), 32u);
  EXPECT_EQ(names.size(), defects::all_defects().size());
  EXPECT_EQ(glosses.size(), names.size());
}

#else

template <int N>
constexpr bool folds_away() {
  return !defects::on(static_cast<Defect>(N));
}

TEST(Defects, NoneIsInTheShippedStack) {
  static_assert(folds_away<static_cast<int>(Defect::None)>());
  static_assert(folds_away<static_cast<int>(Defect::BadChecksumAccepted)>());
}

#endif

}  // namespace
}  // namespace tcp
