#include "harness/spec/names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace conform::spec {

namespace {
constexpr std::size_t kLongest = 64;  // no known word is longer: such a text is not a slip of the pen
constexpr std::size_t kFewWords = 8;

char folded(char c) {
  if (c == '_') return '-';
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> before(width), above(width), row(width);
  for (std::size_t j = 0; j < width; ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(above, row);
    row[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string_view nearest(std::string_view wrong, const Words& known) {
  if (wrong.empty() || wrong.size() > kLongest) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, wrong.size() / 3) + 1;
  for (std::string_view word : known) {
    const std::size_t distance = edit_distance(wrong, word);
    if (distance >= least || distance >= word.size()) continue;
    least = distance;
    best = word;
  }
  return best;
}

std::string hint_for(std::string_view wrong, const Words& known) {
  if (const std::string_view word = nearest(wrong, known); !word.empty())
    return fmt::format("did you mean '{}'?", word);
  if (known.empty() || known.size() > kFewWords) return {};
  return fmt::format("{}{}", known.size() == 1 ? "only " : "one of ", joined(known));
}

std::string joined(const Words& words) { return fmt::format("{}", fmt::join(words, ", ")); }

}  // namespace conform::spec
