#include "harness/spec/yaml.h"

#include <gtest/gtest.h>

#include "harness/spec/guard.h"

namespace conform::spec {
namespace {

std::string wrong(const std::string& text) {
  Log log;
  parse_yaml(text, "x.yaml", log);
  return to_string(log.sorted());
}

TEST(YamlTest, EveryNodeKnowsItsPlace) {
  Log log;
  const auto root = parse_yaml("a: 1\nlist:\n- {x: 'two', y: \"a\\tb\"}\n- >-\n  folded\n  text\n", "x.yaml", log);
  ASSERT_TRUE(root && log.empty()) << to_string(log.sorted());
  EXPECT_EQ(root->find("a")->column, 4);
  EXPECT_EQ(root->find("a")->text_column, 4);
  const Node& map = root->find("list")->items[0];
  EXPECT_EQ(map.line, 3);
  EXPECT_EQ(map.find("x")->text, "two");
  EXPECT_EQ(map.find("x")->column, 7);
  EXPECT_EQ(map.find("x")->text_column, 8);
  EXPECT_TRUE(map.find("x")->quoted && map.find("x")->in_flow);
  EXPECT_EQ(map.find("y")->text_column, 0);
  EXPECT_EQ(root->find("list")->items[1].text, "folded text");
  EXPECT_EQ(root->find("list")->items[1].text_column, 0);
}

TEST(YamlTest, CommasOfASegmentStayInIt) {
  Log log;
  const auto root = parse_yaml(
      "a: [<SEQ=1><CTL=SYN,ACK>, SEG.SEQ < 3, '<CTL=A', \"B,C>\"]\nb: {c: <CTL=FIN,ACK>, d: e}\n", "x.yaml", log);
  ASSERT_TRUE(root && log.empty()) << to_string(log.sorted());
  ASSERT_EQ(root->find("a")->items.size(), 4u);
  EXPECT_EQ(root->find("a")->items[0].text, "<SEQ=1><CTL=SYN,ACK>");
  EXPECT_EQ(root->find("a")->items[0].text_column, 5);
  EXPECT_EQ(root->find("a")->items[3].text, "B,C>");
  EXPECT_EQ(root->find("b")->find("c")->text, "<CTL=FIN,ACK>");
  EXPECT_EQ(root->find("b")->find("d")->text, "e");
}

TEST(YamlTest, RefusesWhatTheLanguageHasNot) {
  EXPECT_EQ(wrong("a: 1\nb: 2\na: 3\n"), "x.yaml:3:1: error: key 'a' stands twice, first in line 1\n");
  EXPECT_EQ(wrong("- {a: 1, a: 2}\n"), "x.yaml:1:10: error: key 'a' stands twice, first in line 1\n");
  EXPECT_EQ(wrong("a: &x 1\nb: *x\n"),
            "x.yaml:1:4: error: anchor '&x'; anchors are not part of the language; quote text that begins with '&'\n"
            "x.yaml:2:4: error: alias; aliases are not part of the language; quote text that begins with '*'\n");
  EXPECT_EQ(wrong("a: !!binary aGk=\n"),
            "x.yaml:1:4: error: tag 'tag:yaml.org,2002:binary'; tags are not part of the language; quote text that "
            "begins with '!'\n");
  EXPECT_EQ(wrong("<<: {a: 1}\n"), "x.yaml:1:1: error: merge key '<<'; merging is not part of the language\n");
  EXPECT_EQ(wrong("a: 1\n---\nb: 2\n"), "x.yaml:2:1: error: a second document; a file holds one\n");
  EXPECT_EQ(wrong("[a]: 1\n"), "x.yaml:1:1: error: expected a key, found a list\n");
}

TEST(YamlTest, RefusesWhatIsNoText) {
  EXPECT_EQ(wrong(""), "x.yaml:1:1: error: the file is empty\n");
  EXPECT_EQ(wrong("# only a comment\n"), "x.yaml:1:1: error: the file is empty\n");
  EXPECT_EQ(wrong("a:\n\tb: 1\n\tc: 2\n"),
            "x.yaml:2:1: error: tab character; use spaces\nx.yaml:3:1: error: tab character; use spaces\n");
  EXPECT_EQ(wrong(std::string("a: b\0c\n", 7)), "x.yaml:1:5: error: control character 0x00\n");
  EXPECT_EQ(wrong("a: \x01\n"), "x.yaml:1:4: error: control character 0x01\n");
  EXPECT_EQ(wrong("a: \xff\xfe\n"), "x.yaml:1:4: error: octet 0xff is not UTF-8\n");
  EXPECT_EQ(wrong("a: \xc0\xaf\n"), "x.yaml:1:4: error: octet 0xc0 is not UTF-8\n");
  EXPECT_EQ(wrong("a: \xed\xa0\x80\n"), "x.yaml:1:4: error: octet 0xed is not UTF-8\n");
  EXPECT_EQ(wrong("a: \xe2\x82\xac\r\nb: 1\r\n"), "");
  EXPECT_EQ(wrong("\xef\xbb\xbf"
                  "a: 1\n"),
            "");
  EXPECT_EQ(wrong(std::string(kMaxFileSize + 1, 'x')), "x.yaml: error: larger than 4 MiB\n");
}

TEST(YamlTest, SyntaxErrorsHaveTheirPlace) {
  EXPECT_EQ(wrong("a: 'open\nb: 1\n"), "x.yaml:1:4: error: the quote that begins here is not closed\n");
  EXPECT_EQ(wrong("a: \"open\\\"\nb: 1\n"), "x.yaml:1:4: error: the quote that begins here is not closed\n");
  EXPECT_EQ(wrong("a: 'it''s\n  over two lines'\nb: \"\\\"\"\n"), "");
  EXPECT_EQ(wrong("a: [1, 2\n"), "x.yaml:2:1: error: not YAML: end of sequence flow not found\n");
  EXPECT_EQ(wrong("a: b: c\n"), "x.yaml:1:5: error: not YAML: illegal map value\n");
  EXPECT_EQ(wrong("a: 1\n b: 2\n"), "x.yaml:2:3: error: not YAML: illegal map value\n");
}

TEST(YamlTest, NestingIsBounded) {
  const auto flow = [](int levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(wrong(flow(64)), "");
  EXPECT_EQ(wrong(flow(65)), "x.yaml:1:65: error: nested deeper than 64 levels\n");
  EXPECT_EQ(wrong(std::string(4'000'000, '[')), "x.yaml:1:65: error: nested deeper than 64 levels\n");
  EXPECT_EQ(wrong("a: " + std::string(1000, '{')), "x.yaml:1:68: error: nested deeper than 64 levels\n");
  std::string dashes, keys;
  for (int i = 0; i < 1000; ++i) dashes += "- ", keys += std::string(i, ' ') + "k:\n";
  EXPECT_EQ(wrong(dashes), "x.yaml:1:129: error: nested deeper than 64 levels\n");
  EXPECT_EQ(wrong(keys), "x.yaml:65:65: error: nested deeper than 64 levels\n");
  // Brackets in quotes, comments and block scalars nest nothing.
  EXPECT_EQ(wrong("a: '" + std::string(100, '[') + "'\nb: 1 # " + std::string(100, '[') + "\nc: |\n  " +
                  std::string(100, '[') + "\nd: x" + std::string(100, '[') + "\n"),
            "");
}

TEST(YamlTest, LargeInputsEndSoon) {
  std::string items = "a: [";
  for (int i = 0; i < 300'000; ++i) items += "x,";
  EXPECT_EQ(wrong(items + "x]\n"), "x.yaml:1:399999: error: more than 200000 nodes\n");
  std::string keys;
  for (int i = 0; i < 5000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(wrong(keys), "x.yaml:257:1: error: more than 256 keys in one map\n");
  EXPECT_EQ(wrong("a: " + std::string(3 << 20, 'x') + "\n"), "");
}

}  // namespace
}  // namespace conform::spec
