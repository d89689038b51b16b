// Chance that is the same everywhere, and the values that are worth a try.
#include "fuzz/mutate/values.h"

#include <fstream>
#include <map>
#include <set>

#include "fuzz/mutate/options.h"
#include "fuzz/mutate/testing.h"
#include "stack/wire/segment.h"

namespace conform::fuzz {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Ge;
using ::testing::IsSupersetOf;
using ::testing::Le;

template <typename Draw>
auto drawn(Draw draw, int times = 20'000) {
  Random random(7);
  std::set<decltype(draw(random))> values;
  for (int i = 0; i < times; ++i) values.insert(draw(random));
  return values;
}

// The generator's own reference values for the seed 1234567.
TEST(RandomTest, IsSplitMix64) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
  EXPECT_EQ(random.next(), 9817491932198370423u);
}

TEST(RandomTest, StaysInBoundsAndReachesThem) {
  EXPECT_EQ(drawn([](Random& r) { return r.below(5); }), (std::set<std::uint32_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(drawn([](Random& r) { return r.below(0); }), (std::set<std::uint32_t>{0}));
  EXPECT_EQ(drawn([](Random& r) { return r.between(-2, 1); }), (std::set<std::int32_t>{-2, -1, 0, 1}));
  EXPECT_EQ(drawn([](Random& r) { return r.percent(0); }), (std::set<bool>{false}));
  EXPECT_EQ(drawn([](Random& r) { return r.percent(100); }), (std::set<bool>{true}));
}

TEST(RandomTest, WeightsAreProportions) {
  constexpr Weighted<int> kItems[] = {{1, 10}, {0, 20}, {3, 30}};
  Random random(1);
  std::map<int, int> counts;
  for (int i = 0; i < 40'000; ++i) ++counts[pick(kItems, random)];
  EXPECT_EQ(counts.count(20), 0u);
  EXPECT_NEAR(counts[10], 10'000, 500);
  EXPECT_NEAR(counts[30], 30'000, 500);
}

TEST(Values, SequenceNumbersLieAtTheEdges) {
  const auto values = drawn([](Random& r) { return to_string(boundary_seq(100, r)); }, 200'000);
  EXPECT_THAT(values, IsSupersetOf({"RCV.NXT", "RCV.NXT - 1", "RCV.NXT + 1", "RCV.EDGE", "RCV.EDGE - 1", "RCV.EDGE + 1",
                                    "RCV.NXT - 100", "RCV.NXT - 99", "RCV.NXT - 101", "RCV.EDGE - 100", "RCV.EDGE - 99",
                                    "RCV.NXT - 2147483648", "RCV.NXT + 2147483647", "PEER.ISS", "PEER.ISS - 100000",
                                    "RCV.READ", "0", "4294967295", "RCV.NXT + 65535"}));
}

TEST(Values, AcknowledgmentsLieAtTheEdges) {
  const auto values = drawn([](Random& r) { return to_string(boundary_ack(r)); }, 200'000);
  EXPECT_THAT(values,
              IsSupersetOf({"SND.NXT", "SND.NXT + 1", "SND.NXT - 1", "SND.UNA", "SND.UNA - 1", "SND.UNA + 1", "SND.END",
                            "SND.END + 1", "SND.UNA + SND.WND", "SND.UNA + SND.WND + 1", "ISS", "ISS + 1", "ISS - 1",
                            "SND.UNA - 65536", "SND.NXT - 2147483648", "SND.UNA + 2147483647", "0", "1"}));
}

TEST(Values, LengthsAndWindows) {
  EXPECT_THAT(drawn(boundary_window, 50'000), IsSupersetOf({0, 1, 2, 535, 536, 537, 1459, 1460, 1461, 0x8000, 0xffff}));
  EXPECT_THAT(drawn(boundary_data, 50'000),
              AllOf(IsSupersetOf({0, 1, 535, 536, 537, 1460, 1461, 2000}), Each(Le(kMaxData))));
  EXPECT_THAT(drawn(boundary_call_length, 50'000), IsSupersetOf({0, 1, 535, 536, 537, 1459, 1460, 1461, 0xffff}));
  EXPECT_THAT(drawn([](Random& r) { return boundary_urgent(30, r); }),
              IsSupersetOf({0, 1, 28, 29, 30, 31, 32, 0xffff}));
  EXPECT_THAT(drawn([](Random& r) { return boundary_urgent(0, r); }), IsSupersetOf({0, 1, 2}));
}

TEST(Values, TimesLieAtTheEndsOfTimers) {
  EXPECT_THAT(drawn(boundary_wait, 100'000),
              AllOf(IsSupersetOf({199u, 200u, 201u, 499u, 500u, 501u, 999u, 1000u, 1001u, 2000u, 60'000u, 119'999u,
                                  240'000u, 240'001u, 300'000u, kMaxWaitMs}),
                    Each(Le(kMaxWaitMs))));
  EXPECT_THAT(drawn(boundary_timeout), AllOf(Contains(300'000u), Each(AllOf(Ge(1u), Le(kMaxTimeoutMs)))));
}

TEST(Values, FlagsSensibleAndNot) {
  using wire::Flags;
  EXPECT_EQ(drawn(boundary_flags, 100'000).size(), 256u) << "any of them may come";
  Random random(2);
  int sensible = 0;
  for (int i = 0; i < 1000; ++i) {
    const Flags flags{boundary_flags(random)};
    sensible +=
        flags.bits == Flags::kSyn || flags.bits == Flags::kRst || (flags.ack() && !(flags.syn() && flags.fin()));
  }
  EXPECT_GT(sensible, 600);
}

// The kinds of a list that is well formed; nothing if it is not.
std::optional<std::vector<int>> kinds(const OptionList& list) {
  std::vector<int> found;
  for (std::size_t at = 0; at < list.size();) {
    found.push_back(list[at]);
    if (list[at] == 0) return found;
    if (list[at] == 1) {
      ++at;
      continue;
    }
    if (at + 1 >= list.size() || list[at + 1] < 2 || at + list[at + 1] > list.size()) return std::nullopt;
    at += list[at + 1];
  }
  return found;
}

TEST(OptionLists, UsualOnesCanBeRead) {
  Random random(1);
  for (int i = 0; i < 5000; ++i) {
    const OptionList list = usual_syn_options(random);
    wire::Options options;
    ASSERT_TRUE(options.append({list.begin(), list.end()}));
    ASSERT_TRUE(options.mss().has_value());
    ASSERT_EQ(list.size() % 4, 0u);
    ASSERT_TRUE(kinds(list).has_value());
  }
}

TEST(OptionLists, WellFormedOnesAreAndHoldEveryKind) {
  Random random(2);
  std::set<int> seen;
  std::set<int> sizes;
  for (int i = 0; i < 20'000; ++i) {
    const OptionList list = well_formed_options(random);
    const auto found = kinds(list);
    ASSERT_TRUE(found.has_value());
    ASSERT_FALSE(list.overflowed());
    seen.insert(found->begin(), found->end());
    sizes.insert(static_cast<int>(list.size() % 4));
  }
  EXPECT_THAT(seen, IsSupersetOf({0, 1, 2, 3, 4, 8, 28, 253}));
  EXPECT_GT(seen.size(), 100u) << "unknown kinds";
  EXPECT_EQ(sizes.size(), 4u) << "padded and not";
}

TEST(OptionLists, BrokenOnesMostlyAre) {
  Random random(3);
  int broken = 0, length_0 = 0, length_1 = 0;
  for (int i = 0; i < 10'000; ++i) {
    const OptionList list = broken_options(random);
    ASSERT_FALSE(list.empty());
    broken += !kinds(list).has_value();
    for (std::size_t at = 0; at + 1 < list.size() && list[at] > 1; at += list[at + 1]) {
      length_0 += list[at + 1] == 0;
      length_1 += list[at + 1] == 1;
      if (list[at + 1] < 2) break;
    }
  }
  EXPECT_GT(broken, 6000);
  EXPECT_GT(length_0, 300);
  EXPECT_GT(length_1, 300);
}

TEST(OptionLists, AnAlteredListIsAtMostOneOptionLonger) {
  Random random(4);
  int changed = 0;
  for (int i = 0; i < 5000; ++i) {
    const OptionList list = well_formed_options(random), altered = altered_options(list, random);
    ASSERT_LE(altered.size(), std::min<std::size_t>(list.size() + 10, 40));
    ASSERT_GE(altered.size() + 1, list.size());
    changed += !(list == altered);
  }
  EXPECT_GT(changed, 4500);
}

// libFuzzer's syntax: name="octets", hex as \xNN. What is called broken must be, and nothing else may be.
TEST(Dictionary, EveryEntryIsWhatItsNameSays) {
  std::ifstream file(TCPCONFORM_SOURCE_DIR "/fuzz/mutate/options.dict");
  std::set<std::string> names;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t equals = line.find("=\"");
    ASSERT_NE(equals, std::string::npos) << line;
    ASSERT_EQ(line.back(), '"') << line;
    const std::string name = line.substr(0, equals), octets = line.substr(equals + 2, line.size() - equals - 3);
    EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
    ASSERT_EQ(octets.size() % 4, 0u) << line;
    OptionList list;
    for (std::size_t at = 0; at < octets.size(); at += 4) {
      ASSERT_EQ(octets.substr(at, 2), "\\x") << line;
      list.push_back(static_cast<std::uint8_t>(std::stoi(octets.substr(at + 2, 2), nullptr, 16)));
    }
    ASSERT_FALSE(list.empty() || list.overflowed()) << line;
    const bool known_length = name.starts_with("broken_mss_long") || name.starts_with("broken_mss_short") ||
                              name.starts_with("broken_scale") || name.starts_with("broken_timestamps") ||
                              name.starts_with("broken_after_end");
    EXPECT_EQ(kinds(list).has_value(), !name.starts_with("broken") || known_length) << line;
  }
  EXPECT_GT(names.size(), 30u);
}

}  // namespace
}  // namespace conform::fuzz
