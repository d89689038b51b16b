#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <set>

#include "harness/spec/keys.h"
#include "harness/spec/words.h"

namespace conform::spec {
namespace {

// JSON is YAML: the schemas are read by what the layer has anyway.
YAML::Node schema(const std::string& name) {
  return YAML::LoadFile(std::string(TCPCONFORM_SOURCE_DIR) + "/specs/schema/" + name + ".schema.json");
}

std::set<std::string> keys_of(const YAML::Node& object) {
  std::set<std::string> keys;
  for (const auto& entry : object["properties"]) keys.insert(entry.first.as<std::string>());
  return keys;
}
std::set<std::string> items_of(const YAML::Node& list) {
  std::set<std::string> items;
  for (const auto& item : list) items.insert(item.as<std::string>());
  return items;
}
template <typename List>
std::set<std::string> set_of(const List& list) {
  return {list.begin(), list.end()};
}

// The keys of a definition of a schema are those of the reader, and nothing else is allowed.
template <typename Keys>
void expect_keys(const std::string& name, const std::string& definition, const Keys& keys) {
  const YAML::Node root = schema(name);
  const YAML::Node object = definition.empty() ? root : root["$defs"][definition];
  EXPECT_EQ(keys_of(object), set_of(keys)) << name << " " << definition;
  EXPECT_EQ(object["additionalProperties"].as<std::string>("missing"), "false") << name << " " << definition;
  for (const auto& required : object["required"]) {
    EXPECT_TRUE(set_of(keys).contains(required.as<std::string>())) << required;
  }
}

TEST(SchemaTest, KeysAreThoseOfTheReader) {
  expect_keys("table", "", keys::kTableFile);
  expect_keys("table", "step", keys::kStep);
  expect_keys("table", "row", keys::kRow);
  expect_keys("table", "alternative", keys::kBehaviour);
  expect_keys("table", "obligation", keys::kObligation);
  expect_keys("table", "definition", keys::kDefinition);
  expect_keys("table", "class", keys::kClass);
  expect_keys("table", "cannot", keys::kCannot);
  expect_keys("paths", "", keys::kPathsFile);
  expect_keys("paths", "way", keys::kWay);
  expect_keys("paths", "situation", keys::kSituation);
  expect_keys("paths", "epilogue", keys::kEpilogue);
  expect_keys("paths", "stimuli", keys::kStimuli);
  for (const char* name : {"paths", "scenario"}) {
    expect_keys(name, "scenario-step", keys::kScenarioStep);
    expect_keys(name, "wait-until", keys::kWait);
    expect_keys(name, "expect", keys::kExpect);
  }
  expect_keys("scenario", "scenario", keys::kScenario);
  expect_keys("scenario", "scenarios", keys::kScenarioList);
  expect_keys("target", "", keys::kTargetFile);
  expect_keys("target", "deviation", keys::kDeviation);
  expect_keys("target", "inapplicable", keys::kInapplicable);
}

TEST(SchemaTest, WordsAreThoseOfTheReader) {
  const YAML::Node table = schema("table")["$defs"], target = schema("target")["$defs"];
  Words states = state_words();
  EXPECT_EQ(items_of(table["state"]["enum"]), set_of(states));
  states.insert(states.end(), {kAllStatesWord, kSynchronizedWord});
  EXPECT_EQ(items_of(table["states"]["anyOf"][0]["enum"]), set_of(states));
  EXPECT_EQ(items_of(table["states"]["anyOf"][1]["items"]["enum"]), set_of(states));
  EXPECT_EQ(items_of(table["event"]["enum"]), set_of(texts_of(kEvents)));
  EXPECT_EQ(items_of(table["level"]["enum"]), set_of(texts_of(kLevels)));
  EXPECT_EQ(items_of(table["profile"]["anyOf"][0]["enum"]), set_of(texts_of(kProfiles)));
  EXPECT_EQ(items_of(table["row"]["properties"]["misses"]["enum"]), set_of(texts_of(kMisses)));
  EXPECT_EQ(items_of(table["row"]["properties"]["then"]["anyOf"][0]["enum"]), set_of(texts_of(kThen)));
  EXPECT_EQ(items_of(table["signals"]["anyOf"][0]["anyOf"][0]["enum"]), set_of(signal_words()));
  EXPECT_EQ(items_of(table["answers"]["anyOf"][0]["enum"]), set_of(answer_words()));
  EXPECT_EQ(items_of(schema("scenario")["$defs"]["scenario"]["properties"]["family"]["enum"]),
            set_of(texts_of(kFamilies)));
  EXPECT_EQ(items_of(target["inapplicable"]["properties"]["lacks"]["enum"]), set_of(lack_words()));
}

}  // namespace
}  // namespace conform::spec
