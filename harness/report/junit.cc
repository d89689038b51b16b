#include "harness/report/junit.h"

#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "harness/report/failure.h"
#include "harness/report/sections.h"
#include "harness/report/text.h"

namespace conform::report {

namespace {

constexpr std::size_t kWidth = 100;

void put(pugi::xml_node node, const char* name, std::string_view text) {
  node.append_attribute(name).set_value(one_line(text).c_str());
}

// A part of a class name: Jenkins takes every dot for a package.
std::string class_word(std::string_view text) {
  std::string word(text);
  for (char& c : word) {
    const bool stays = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    if (!stays) c = '_';
  }
  return word;
}

std::string seconds(Duration duration) { return fmt::format("{:.6f}", to_seconds(duration)); }

void put_account(pugi::xml_node node, const RunResult& run, const CaseResult& result) {
  std::string text = "\n" + one_line(result.id) + "\n";
  for (const std::string& line : failure_lines(run, result, kWidth)) text += line + "\n";
  node.text().set(text.c_str());
}

void put_verdict(pugi::xml_node testcase, const RunResult& run, const CaseResult& result) {
  switch (result.verdict) {
    case Verdict::Conforms: return;
    case Verdict::Deviates: {
      auto failure = testcase.append_child("failure");
      put(failure, "message", failure_message(result));
      put(failure, "type", result.finding ? to_string(result.finding->kind) : to_string(result.verdict));
      put_account(failure, run, result);
      return;
    }
    case Verdict::KnownDeviation:
    case Verdict::Inapplicable: {
      const std::string why = failure_message(result);
      put(testcase.append_child("skipped"), "message",
          std::string(to_string(result.verdict)) + (why.empty() ? "" : ": " + why));
      return;
    }
    case Verdict::Inconclusive:
    case Verdict::TargetDied:
    case Verdict::HarnessError: {
      auto error = testcase.append_child("error");
      put(error, "message", std::string(to_string(result.verdict)) + ": " + failure_message(result));
      put(error, "type", to_string(result.verdict));
      put_account(error, run, result);
      return;
    }
  }
}

void put_counts(pugi::xml_node node, const std::array<int, kAllVerdicts.size()>& counts, Duration time) {
  const auto count = [&counts](Verdict verdict) { return counts[static_cast<std::size_t>(verdict)]; };
  int tests = 0;
  for (const int each : counts) tests += each;
  node.append_attribute("tests").set_value(tests);
  node.append_attribute("failures").set_value(count(Verdict::Deviates));
  node.append_attribute("errors").set_value(count(Verdict::Inconclusive) + count(Verdict::TargetDied) +
                                            count(Verdict::HarnessError));
  node.append_attribute("skipped").set_value(count(Verdict::KnownDeviation) + count(Verdict::Inapplicable));
  put(node, "time", seconds(time));
}

void put_properties(pugi::xml_node suite, const RunResult& run) {
  auto properties = suite.append_child("properties");
  const auto property = [&properties](const char* name, std::string_view value) {
    auto node = properties.append_child("property");
    put(node, "name", name);
    put(node, "value", value);
  };
  property("tool version", run.tool_version);
  property("spec version", run.spec_version);
  property("target", run.target_name);
  property("target version", run.target_version);
  property("profile", to_string(run.profile));
  property("seed", std::to_string(run.seed));
  property("machine", run.machine);
  property("command", run.command);
  property("interrupted", run.interrupted ? "true" : "false");
}

// The name, with a number behind it if it was given before. `times` counts how often each was.
std::string unique_name(const std::string& name, std::map<std::string, int>& times) {
  std::string unique = name;
  while (times.contains(unique)) unique = fmt::format("{} ({})", name, ++times[name]);
  times[unique] = 1;
  return unique;
}

void put_section(pugi::xml_node root, const RunResult& run, const SectionGroup& group,
                 std::map<std::string, int>& names) {
  auto suite = root.append_child("testsuite");
  put(suite, "name", group.title.empty() ? group.section : group.section + " " + group.title);
  Duration time{};
  for (const CaseResult* result : group.cases) time += result->duration;
  put_counts(suite, group.counts, time);
  // The schema that Jenkins checks against has no time zone; the time is UTC.
  put(suite, "timestamp", run.date.ends_with('Z') ? run.date.substr(0, run.date.size() - 1) : run.date);
  put_properties(suite, run);
  for (const CaseResult* result : group.cases) {
    auto testcase = suite.append_child("testcase");
    put(testcase, "name", unique_name(one_line(result->id), names));
    put(testcase, "classname", fmt::format("tcpconform.{}.{}", class_word(run.target_name), class_word(group.section)));
    if (!result->source.file.empty()) put(testcase, "file", result->source.file);
    if (result->source.line > 0) testcase.append_attribute("line").set_value(result->source.line);
    put(testcase, "time", seconds(result->duration));
    put_verdict(testcase, run, *result);
  }
}

}  // namespace

std::string to_junit(const RunResult& run) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  auto root = document.append_child("testsuites");
  put(root, "name", "tcpconform " + run.target_name);
  std::array<int, kAllVerdicts.size()> counts{};
  for (const CaseResult& result : run.cases) ++counts[static_cast<std::size_t>(result.verdict)];
  put_counts(root, counts, run.duration);
  std::map<std::string, int> names;
  for (const SectionGroup& group : by_section(run)) put_section(root, run, group, names);
  std::ostringstream text;
  document.save(text, " ");
  return std::move(text).str();
}

}  // namespace conform::report
