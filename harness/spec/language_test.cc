// The examples of specs/LANGUAGE.md are read as they stand there, and the specs themselves.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "harness/spec/testing.h"

namespace conform::spec {
namespace {

std::string content(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// The blocks of one fenced kind, in their order: "yaml", or "" for plain ones.
std::vector<std::string> blocks(const std::string& kind) {
  std::istringstream stream(content(std::string(TCPCONFORM_SOURCE_DIR) + "/specs/LANGUAGE.md"));
  std::vector<std::string> found;
  bool inside = false, wanted = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("```")) {
      inside = !inside;
      wanted = inside && line == "```" + kind;
      if (wanted) found.emplace_back();
    } else if (wanted) {
      found.back() += line + "\n";
    }
  }
  return found;
}

TEST(LanguageTest, TheYamlExamplesAreGood) {
  const std::vector<std::string> examples = blocks("yaml");
  SpecsFolder folder;
  folder.remove("table");
  int tables = 0, targets = 0, scenarios = 0, paths = 0;
  std::string ways;
  for (std::string text : examples) {
    // "value: SEG.SEQ = RCV.NXT or ..." leaves something to the reader.
    if (const auto at = text.find(" or ..."); at != std::string::npos) text.erase(at, 7);
    if (text.starts_with("target:"))
      folder.write("targets/" + std::to_string(targets++) + ".yaml", text);
    else if (text.starts_with("scenario:"))
      folder.write("scenarios/one.yaml", text), ++scenarios;
    else if (text.starts_with("ways:"))
      ways = text, ++paths;
    else
      folder.write("table/" + std::to_string(tables++) + ".yaml", text);
  }
  EXPECT_EQ(tables, 4);
  EXPECT_EQ(targets, 1);
  EXPECT_EQ(scenarios, 1);
  ASSERT_EQ(paths, 1);
  // The examples use two ways that they do not show.
  folder.write(
      "paths.yaml",
      "ways:\n- {way: LISTEN, state: LISTEN}\n- {way: ESTABLISHED+passive, state: ESTABLISHED}\n" + ways.substr(6));
  EXPECT_EQ(folder.relative(validate(folder.path(), folder.path())), "");
}

TEST(LanguageTest, TheExpressionExamplesAreGood) {
  const std::vector<std::string> plain = blocks("");
  ASSERT_EQ(plain.size(), 1u);
  std::vector<Definition> definitions(2);
  definitions[0].name = "acceptable";
  definitions[0].value = parse_expression("true", {}).value();
  definitions[1].name = "MSL";
  definitions[1].value = parse_expression("2 min", {}).value();
  std::istringstream stream(plain[0]);
  int count = 0;
  for (std::string line; std::getline(stream, line); ++count) {
    const auto parsed = parse_expression(line.substr(0, line.find('#')), definitions);
    EXPECT_TRUE(parsed.ok()) << line << "\n" << to_string(parsed.diagnostics());
  }
  EXPECT_EQ(count, 5);
}

TEST(LanguageTest, TheSpecsAreGood) {
  const std::string specs = std::string(TCPCONFORM_SOURCE_DIR) + "/specs";
  EXPECT_EQ(to_string(validate(specs, specs)), "");
}

}  // namespace
}  // namespace conform::spec
