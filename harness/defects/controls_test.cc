// What the RFC leaves to the stack is no deviation, whichever way our stack does it.
#include "harness/defects/controls.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "harness/defects/testing.h"
#include "harness/defects/trial.h"

namespace conform::defects {

void PrintTo(const Control& control, std::ostream* out) { *out << control.gloss; }

namespace {

class FreeChoice : public testing::TestWithParam<Control> {};

TEST_P(FreeChoice, Conforms) {
  const Control& control = GetParam();
  const Trial trial =
      run_suite({.config = control.config, .seed = control.seed, .without = control.without, .look_inside = true});
  EXPECT_GT(trial.tried, 1000u) << "the plan is all but empty";
  EXPECT_TRUE(trial.deviations.empty() && trial.unjudged.empty()) << control.gloss << ":\n" << describe(trial);
}

INSTANTIATE_TEST_SUITE_P(All, FreeChoice, testing::ValuesIn(controls()),
                         [](const testing::TestParamInfo<Control>& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace conform::defects
