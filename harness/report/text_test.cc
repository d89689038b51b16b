#include "harness/report/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/sections.h"

namespace conform::report {
namespace {

using ::testing::ElementsAre;

TEST(Clean, KeepsWhatIsFineAndReplacesWhatIsNotUtf8) {
  EXPECT_EQ(clean("caf\xC3\xA9 \xE2\x86\x92 \xF0\x9F\x98\x80\n\t"), "caf\xC3\xA9 \xE2\x86\x92 \xF0\x9F\x98\x80\n\t");
  EXPECT_EQ(clean("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(clean("a\xC3"), "a\uFFFD") << "ends inside a code point";
  EXPECT_EQ(clean("\xC0\x80"), "\uFFFD\uFFFD") << "overlong";
  EXPECT_EQ(clean("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "surrogate";
  EXPECT_EQ(clean("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD") << "beyond Unicode";
}

TEST(Clean, DropsControlCharacters) {
  EXPECT_EQ(clean(std::string("a\0b\x1B[31mc\r\x7F", 10)), "ab[31mc");
  EXPECT_EQ(clean("a\xC2\x9B"
                  "31mb"),
            "a31mb")
      << "the eight-bit form of ESC [";
  EXPECT_EQ(clean("a\xEF\xBF\xBE\xEF\xBF\xBF"), "a") << "forbidden in XML";
}

TEST(Columns, CountsCodePoints) { EXPECT_EQ(columns("caf\xC3\xA9 \xF0\x9F\x98\x80"), 6u); }

TEST(Wrap, BreaksAtSpaces) {
  EXPECT_THAT(wrap("one two three four", 9), ElementsAre("one two", "three", "four"));
  EXPECT_THAT(wrap("one two", 7), ElementsAre("one two"));
  EXPECT_THAT(wrap("", 7), ElementsAre(""));
  EXPECT_THAT(wrap("a\n\nb", 7), ElementsAre("a", "", "b"));
  EXPECT_THAT(wrap("unbreakable x", 4), ElementsAre("unbreakable", "x"));
  EXPECT_THAT(wrap("  in here too", 9), ElementsAre("  in here", "  too"));
  EXPECT_THAT(wrap("one     ", 4), ElementsAre("one     "));
  EXPECT_THAT(wrap("\xC3\xA9\xC3\xA9 \xC3\xA9\xC3\xA9", 5), ElementsAre("\xC3\xA9\xC3\xA9 \xC3\xA9\xC3\xA9"));
}

TEST(Wrap, ComesToAnEndWhateverTheText) {
  for (std::size_t width = 0; width < 12; ++width) {
    for (const char* text : {"          ", "    a    b    ", "aaaa bb c", " ", "          x"}) {
      EXPECT_FALSE(wrap(text, width).empty()) << width << " '" << text << "'";
    }
  }
}

TEST(Cut, SaysThatItCut) {
  EXPECT_EQ(cut("abcd", 4), "abcd");
  EXPECT_EQ(cut("abcde", 4), "abc\u2026");
  EXPECT_EQ(cut("a\nb", 4), "a b");
}

TEST(ShellQuoted, SurvivesQuotes) {
  EXPECT_EQ(shell_quoted("a b$c"), "'a b$c'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
}

TEST(ShellWord, IsBareWhereItMay) {
  EXPECT_EQ(shell_word("reports/findings/a-b_c.yaml"), "reports/findings/a-b_c.yaml");
  EXPECT_EQ(shell_word("adapter:./x y"), "'adapter:./x y'");
  EXPECT_EQ(shell_word("$(id)"), "'$(id)'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(FileName, IsSafe) {
  EXPECT_EQ(file_name("3.10.7.4/second/rst-exact@ESTABLISHED+passive"),
            "3.10.7.4_second_rst-exact@ESTABLISHED+passive");
  EXPECT_EQ(file_name("../../etc/passwd"), "_.._.._etc_passwd");
  EXPECT_EQ(file_name(""), "_");
  EXPECT_EQ(file_name("-rf *"), "_-rf--");
  EXPECT_LE(file_name(std::string(1'000, 'x')).size(), 151u);
}

TEST(Sections, AreOrderedByNumber) {
  EXPECT_TRUE(section_before("3.8.6.3", "3.10.1"));
  EXPECT_FALSE(section_before("3.10.1", "3.8.6.3"));
  EXPECT_TRUE(section_before("3.10", "3.10.1"));
  EXPECT_TRUE(section_before("3.10.7.4", "3.10.8"));
  EXPECT_TRUE(section_before("3.10.8", "scenario"));
  EXPECT_FALSE(section_before("scenario", "3.10.8"));
  EXPECT_TRUE(section_before("replay", "scenario"));
  for (const char* same : {"", "3.8", "scenario", "3..8", "99999999999999.1"}) EXPECT_FALSE(section_before(same, same));
}

}  // namespace
}  // namespace conform::report
