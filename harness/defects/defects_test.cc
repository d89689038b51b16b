// scratch
#include <gtest/gtest.h>
#include <chrono>
#include <map>
#include <fmt/format.h>
#include "harness/defects/expected_rows.h"
#include "harness/defects/trial.h"
namespace conform::defects {
TEST(Scratch, All) {
  auto t0 = std::chrono::steady_clock::now();
  auto go = [&](tcp::Defect d, std::string_view name) {
    Trial t = try_defect(d, 0);
    std::map<std::string, int> rows;
    int right = 0; std::size_t first_right = 0;
    for (auto& x : t.deviations) { auto& f = *x.result.finding; bool ok = is_expected(d, f.row); right += ok; if (ok && !first_right) first_right = x.tried; ++rows[fmt::format("{} {} [{}]", ok ? "+" : "-", f.row, to_string(f.kind))]; }
    fmt::print("{:32} tried {} dev {} right {} first {} firstright {} broken {} t {:.2f}\n", name, t.tried, t.deviations.size(), right, t.deviations.empty() ? 0 : t.deviations[0].tried, first_right, t.broken.size(), std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count());
    for (auto& [r, n] : rows) fmt::print("      {:4} {}\n", n, r);
    if (!t.broken.empty()) fmt::print("      broken {} {}\n", t.broken[0].id, t.broken[0].reason);
    if (!t.deviations.empty()) fmt::print("      first {} {}\n", t.deviations[0].result.id, t.deviations[0].result.finding->row);
  };
  go(tcp::Defect::None, "None");
  for (auto& e : tcp::defects::all_defects()) go(e.defect, e.name);
}
}
