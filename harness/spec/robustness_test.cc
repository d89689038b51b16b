// Nothing that is fed to the reader crashes it or keeps it for long: truncations and mutations of good files.
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "harness/spec/fields.h"
#include "harness/spec/readers.h"
#include "harness/spec/testing.h"

namespace conform::spec {
namespace {

constexpr std::string_view kTarget =
    "target: t\nkind: stack\nparameters: {a: 1}\ndeviations:\n- {row: a/b, cases: [\"x@*\"], reason: r}\n";

// Reads the text as every kind of file, as far as it goes. True if all of them took it without an error.
bool read_as_everything(const std::string& text) {
  Log log;
  const auto root = parse_yaml(text, "x.yaml", log);
  if (root) {
    const Scope nothing;
    Fields no_names("x.yaml", nothing, log);
    std::vector<Scope::Source> sources;
    for (const DefinitionSource& source : read_definitions(*root, no_names)) {
      if (source.value) sources.push_back({source.definition.name, source.value->text});
    }
    const Scope scope(std::move(sources));
    Fields fields("x.yaml", scope, log);
    Table table;
    TablePart part = read_table_file(*root, fields);
    if (part.section) table.sections.push_back(*part.section);
    check_jumps(table, part.jumps, log);
    for (const Section& section : table.sections) {
      for (const Step& step : section.steps) check_identical_guards(step, scope, log);
    }
    check_reachable(table, log);
    read_paths_file(*root, fields);
    read_scenario_file(*root, fields);
    read_target(*root, fields);
  }
  for (const Diagnostic& diagnostic : log.sorted()) {
    EXPECT_FALSE(diagnostic.message.empty());
    EXPECT_LT(diagnostic.message.size(), 300u);
    EXPECT_GE(diagnostic.line, 0) << diagnostic.to_string();
    EXPECT_GE(diagnostic.column, 0) << diagnostic.to_string();
  }
  return log.empty();
}

const std::string_view kGood[] = {SpecsFolder::kSection, SpecsFolder::kDefinitions, SpecsFolder::kPaths,
                                  SpecsFolder::kScenario, kTarget};

TEST(RobustnessTest, EveryTruncation) {
  int count = 0;
  for (std::string_view good : kGood) {
    for (std::size_t length = 0; length < good.size(); ++length, ++count)
      read_as_everything(std::string(good.substr(0, length)));
  }
  EXPECT_GT(count, 1000);
}

TEST(RobustnessTest, Mutations) {
  std::mt19937 random(9293);
  const std::string_view kPieces[] = {
      "\"",   "'",   "[",  "]",         "{",   "}",    ",",    ": ",    "- ",    "\n",
      "#",    "&a ", "*a", "!!binary ", "|\n", ">-\n", "%TAG", "---\n", "...\n", "? ",
      "<",    ">",   "<-", "(",         ")",   "\t",   "\xff", "\\",    "0",     "99999999999999999999",
      "<<: ", "~",   "@",  "`"};
  for (int round = 0; round < 4000; ++round) {
    std::string text(kGood[random() % std::size(kGood)]);
    for (std::size_t change = 1 + random() % 4; change > 0; --change) {
      const std::size_t at = random() % text.size();
      switch (random() % 5) {
        case 0: text[at] = static_cast<char>(random()); break;
        case 1: text.insert(at, kPieces[random() % std::size(kPieces)]); break;
        case 2: text.erase(at, 1 + random() % 8); break;
        case 3: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
        default: text[at] = static_cast<char>(' ' + random() % 95); break;
      }
      if (text.empty()) text = "x";
    }
    SCOPED_TRACE(text);
    read_as_everything(text);
  }
}

TEST(RobustnessTest, ExpressionsAndPhrases) {
  std::mt19937 random(793);
  const std::string_view kPieces[] = {
      "SEG.SEQ", "SND.NXT", "STATE", "CLOSED", "SEG.RST", "1",  "0x",    "2 s", "min", "max", "(",    ")",   ",",
      "+",       "-",       "*",     "/",      "<",       "=<", "=",     "!=",  ">=",  "and", "or",   "not", "true",
      "<-",      "x",       "-",     ".",      "<CTL=",   ">",  "<SEQ=", "SYN", "|",   "ok",  "SEND", " "};
  const Scope scope;
  int good = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t pieces = random() % 9; pieces > 0; --pieces)
      text += std::string(kPieces[random() % std::size(kPieces)]) + (random() % 2 ? " " : "");
    const auto parsed = parse_expression(text, {});
    if (parsed.ok())
      parsed->evaluate({}), ++good;
    else
      EXPECT_LE(parsed.diagnostics().at(0).column, static_cast<int>(text.size()) + 1) << text;
    read_segment(text, Use::Any, scope);
    read_effect(text, scope);
    read_call(text);
    read_duration(text);
    read_answers(text);
  }
  EXPECT_GT(good, 300);
}

TEST(RobustnessTest, BombsEndSoon) {
  const auto start = std::chrono::steady_clock::now();
  std::string laughs = "a: &a [x]\n";
  for (char c = 'b'; c < 'z'; ++c)
    laughs +=
        std::string(1, c) + ": &" + c + " [*" + static_cast<char>(c - 1) + ", *" + static_cast<char>(c - 1) + "]\n";
  std::string unknown_rows = "section: \"1\"\ntitle: x\nevent: segment\nsteps:\n- step: a\n  rows:\n";
  for (int i = 0; i < 5000; ++i)
    unknown_rows += "  - {id: r" + std::to_string(i) + ", states: CLOSD, when: bananas-and-apples, then: drp}\n";
  for (const std::string& text : {laughs, unknown_rows, std::string(4 << 20, '{'), "a: \"" + std::string(3 << 20, '\\'),
                                  std::string(1 << 20, '?') + "\n", "? " + std::string(100'000, '\n'),
                                  "when: " + std::string(1 << 20, '('), "- " + std::string(1 << 20, '!')}) {
    EXPECT_FALSE(read_as_everything(text));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace conform::spec
