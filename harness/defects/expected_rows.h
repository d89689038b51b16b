// ExpectedRows owns what each seeded bug breaks: the rows and obligations of the table of which one must be named when
// the bug is in the stack. They are read from the RFC's text, never from what a run says.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "stack/tcp/defects.h"

namespace conform::defects {

struct ExpectedRows {
  tcp::Defect defect = tcp::Defect::None;
  // Globs of full ids: "3.10.7.4/second/rst-in-window*". A deviation that names one of them is named rightly.
  std::vector<std::string_view> globs;
};

// An entry for each defect of the catalogue, in its order.
std::span<const ExpectedRows> expected_rows();

// Whether a finding's row is one that the defect breaks. A defect without an entry breaks nothing.
bool is_expected(tcp::Defect defect, std::string_view row);

}  // namespace conform::defects
