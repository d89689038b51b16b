#include "harness/report/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "harness/report/sample_run.h"

namespace conform::report {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

std::string diagnostics_of(const std::string& text) {
  const auto run = from_json(text, "r.json");
  return run ? "read" : to_string(run.diagnostics());
}

TEST(Json, RoundTripLosesNothing) {
  const std::string first = to_json(sample_run());
  const auto run = from_json(first);
  ASSERT_TRUE(run.ok()) << to_string(run.diagnostics());
  EXPECT_EQ(to_json(*run), first);

  const CaseResult &want = deviating_case(), &got = run->cases.at(1);
  EXPECT_EQ(got.id, want.id);
  EXPECT_EQ(got.state, want.state);
  EXPECT_EQ(got.level, want.level);
  EXPECT_EQ(got.cites, want.cites);
  EXPECT_EQ(got.requirements, want.requirements);
  EXPECT_EQ(got.source.line, want.source.line);
  EXPECT_EQ(got.sockets.target_address, want.sockets.target_address);
  EXPECT_EQ(got.sockets.peer_port, want.sockets.peer_port);
  EXPECT_EQ(got.duration, want.duration);
  EXPECT_EQ(got.rows_fired, want.rows_fired);
  ASSERT_TRUE(got.finding.has_value());
  EXPECT_EQ(got.finding->cite, want.finding->cite);
  EXPECT_EQ(got.finding->follows, "RFC 793");
  ASSERT_EQ(got.trace.size(), want.trace.size());
  for (std::size_t i = 0; i < want.trace.size(); ++i) {
    EXPECT_EQ(got.trace[i].at, want.trace[i].at);
    EXPECT_EQ(got.trace[i].what, want.trace[i].what);
    EXPECT_EQ(got.trace[i].text, want.trace[i].text);
    EXPECT_EQ(got.trace[i].verdict, want.trace[i].verdict);
    EXPECT_EQ(got.trace[i].datagram, want.trace[i].datagram);
  }
  EXPECT_EQ(run->seed, sample_run().seed) << "all 64 bits";
  EXPECT_EQ(run->duration, sample_run().duration);
  EXPECT_EQ(run->coverage.states, sample_run().coverage.states);
  ASSERT_EQ(run->coverage.rows_not_chosen.size(), 1u);
  EXPECT_EQ(run->coverage.rows_not_chosen[0].instead, "3.10.3/only/z: delivered");
}

TEST(Json, Ipv6AndEveryEnumeratorSurvive) {
  RunResult run;
  for (const auto state : wire::kAllStates) {
    for (const auto kind : kAllKinds) {
      CaseResult result = deviating_case();
      result.sockets.family = Family::Ipv6;
      result.sockets.peer_address.bytes = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
      result.state = state;
      result.finding->kind = kind;
      run.cases.push_back(result);
    }
  }
  const auto read = from_json(to_json(run));
  ASSERT_TRUE(read.ok()) << to_string(read.diagnostics());
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    EXPECT_EQ(read->cases[i].state, run.cases[i].state);
    EXPECT_EQ(read->cases[i].finding->kind, run.cases[i].finding->kind);
    EXPECT_EQ(read->cases[i].sockets.peer_address, run.cases[i].sockets.peer_address);
  }
}

TEST(Json, SummaryCountsEachVerdict) {
  const Json json = Json::parse(to_json(sample_run()));
  EXPECT_EQ(json["summary"]["cases"], 7);
  for (const auto verdict : kAllVerdicts) EXPECT_EQ(json["summary"][std::string(to_string(verdict))], 1);
  EXPECT_EQ(json["coverage"]["rows"]["missing"][0], "3.10.7.4/second/x@CLOSING");
  EXPECT_EQ(json["coverage"]["rows"]["not_chosen"][0]["row"], "3.10.3/only/y@ESTABLISHED");
  EXPECT_EQ(json["coverage"]["rows"]["not_chosen"][0]["instead"], "3.10.3/only/z: delivered");
}

TEST(Json, HostileTextsGiveValidUtf8) {
  RunResult run = sample_run();
  run.target_name = run.cases[1].id = run.cases[1].trace[0].text = run.cases[1].finding->observed = hostile_text();
  const std::string text = to_json(run);
  const auto read = from_json(text);
  ASSERT_TRUE(read.ok()) << to_string(read.diagnostics());
  EXPECT_EQ(to_json(*read), text);
  EXPECT_THAT(read->cases[1].id, HasSubstr("caf\xC3\xA9"));
}

// Two runs of the same thing differ in nothing but fields of these three names.
TEST(Json, TimesStandOnlyInFieldsOfTheirOwn) {
  RunResult earlier = sample_run(), later = sample_run();
  later.date = "2027-01-01T00:00:00Z";
  later.duration *= 3;
  for (auto& result : later.cases) {
    result.duration *= 2;
    for (auto& entry : result.trace) entry.at += Time(12'345);
  }
  const std::regex times(R"x("(date|duration|at)": [^\n]*)x");
  EXPECT_NE(to_json(earlier), to_json(later));
  EXPECT_EQ(std::regex_replace(to_json(earlier), times, ""), std::regex_replace(to_json(later), times, ""));
}

TEST(Json, WhatIsNotJsonIsPointedAt) {
  EXPECT_EQ(diagnostics_of("{\n \"format\": 1,\n oops\n}"), "r.json:3:2: error: not JSON\n");
  EXPECT_EQ(diagnostics_of(""), "r.json:1:1: error: not JSON: it ends too early\n");
  EXPECT_EQ(diagnostics_of("[]"), "r.json: error: the file: is not an object\n");
  EXPECT_EQ(diagnostics_of("{}"), "r.json: error: format: is missing\n");
  EXPECT_EQ(diagnostics_of(R"({"format": 2})"), "r.json: error: format: is 2, this program reads 1\n");
  EXPECT_THAT(diagnostics_of(std::string(1'000'000, '[')), HasSubstr("not JSON"));
}

TEST(Json, WrongFieldsAreNamedAllAtOnce) {
  Json json = Json::parse(to_json(sample_run()));
  json["seed"] = -1;
  json["interrupted"] = "no";
  json["cases"][1]["verdict"] = "fine";
  json["cases"][1]["sockets"]["peer_port"] = 65'536;
  json["cases"][1]["sockets"]["peer_address"] = "fe80::1";
  json["cases"][1]["trace"][1]["packet"] = "45x";
  json["cases"][2].erase("id");
  json["cases"][3]["cites"] = {1};
  json["cases"][4] = 17;
  const std::string said = diagnostics_of(json.dump());
  EXPECT_THAT(said, HasSubstr("r.json: error: seed: is not a whole number in its range\n"));
  EXPECT_THAT(said, HasSubstr("r.json: error: interrupted: is not true or false\n"));
  EXPECT_THAT(said, HasSubstr("r.json: error: cases[1].verdict: unknown verdict 'fine'\n"));
  EXPECT_THAT(said, HasSubstr("r.json: error: cases[1].sockets.peer_port: is not a whole number in its range\n"));
  EXPECT_THAT(said, HasSubstr("r.json: error: cases[1].sockets.peer_address: is not an address of its family\n"));
  EXPECT_THAT(said, HasSubstr("r.json: error: cases[1].trace[1].packet: is not octets in hexadecimal\n"));
  EXPECT_THAT(said, HasSubstr("r.json: error: cases[2].id: is missing\n"));
  EXPECT_THAT(said, HasSubstr("r.json: error: cases[3].cites: is not a list of texts\n"));
  EXPECT_THAT(said, HasSubstr("r.json: error: cases[4]: is not an object\n"));
}

// Whatever single field is missing or turned into something else: diagnostics or a run, never an exception.
TEST(Json, NoMutationOfAFieldHarms) {
  const Json whole = Json::parse(to_json(sample_run())).flatten();
  int refused = 0;
  for (const auto& [path, value] : whole.items()) {
    for (const Json& other : {Json(), Json(true), Json(-1.5e300), Json("\xC3\xA9"), Json::array(), Json::object()}) {
      Json mutated = whole.unflatten();
      mutated[Json::json_pointer(path)] = other;
      refused += from_json(mutated.dump()).ok() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 500);
}

TEST(Json, UnknownFieldsAreSkipped) {
  Json json = Json::parse(to_json(sample_run()));
  json["new"] = 1;
  json["cases"][0]["new"] = {1, 2};
  EXPECT_EQ(diagnostics_of(json.dump()), "read");
}

}  // namespace
}  // namespace conform::report
