// SpecExercise owns what is done with whatever the readers took: every expression in it is evaluated over extreme
// values, and must keep what expression.h promises.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "fuzz/entry/finding.h"
#include "harness/spec/expression.h"
#include "harness/spec/reader.h"
#include "harness/spec/scenario.h"

namespace conform::fuzz {

// A variable's values at the ends of its type: Bool is 0 or 1, Seq lies in 0 .. 2^32-1, Num is anything.
inline std::int64_t extreme(spec::Type type, std::uint32_t choice) {
  constexpr std::int64_t kSeqs[] = {0, 1, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 65535};
  constexpr std::int64_t kNums[] = {0,          1,          -1,           65535,
                                    0x7fffffff, 0xffffffff, 0x100000000,  std::numeric_limits<std::int64_t>::max(),
                                    -0x80000000LL, std::numeric_limits<std::int64_t>::min()};
  switch (type) {
    case spec::Type::Bool: return choice & 1;
    case spec::Type::Seq: return kSeqs[choice % std::size(kSeqs)];
    case spec::Type::Num: return kNums[choice % std::size(kNums)];
  }
  return 0;
}

// Models whose variables are all at the same end, and some that mix the ends.
inline const std::vector<spec::Values>& extreme_values() {
  static const std::vector<spec::Values> all = [] {
    constexpr std::uint32_t kUniform = 10, kMixed = 14;
    std::minstd_rand random(9293);
    std::vector<spec::Values> made;
    for (std::uint32_t round = 0; round < kUniform + kMixed; ++round) {
      spec::Values values;
      for (std::size_t i = 0; i < spec::kVarCount; ++i) {
        const auto choice = round < kUniform ? round : static_cast<std::uint32_t>(random() >> 8);
        values[static_cast<spec::Var>(i)] = extreme(spec::kVars[i].type, choice);
      }
      made.push_back(values);
    }
    return made;
  }();
  return all;
}

inline void exercise(const spec::Expression& expression) {
  for (const spec::Values& values : extreme_values()) {
    const std::int64_t value = expression.evaluate(values);
    require(expression.type() != spec::Type::Bool || value == 0 || value == 1, "truth value {} of '{}'", value,
            expression.text());
    require(expression.type() != spec::Type::Seq || (value >= 0 && value <= 0xffffffff), "sequence number {} of '{}'",
            value, expression.text());
    require(!expression.is_true() || value == 1, "the constant true is {}", value);
  }
}

inline void exercise(const std::optional<spec::Expression>& maybe) {
  if (maybe) exercise(*maybe);
}

inline void exercise(const spec::SegmentTemplate& segment) {
  for (const auto* field : {&segment.seq, &segment.ack, &segment.wnd, &segment.up, &segment.mss, &segment.data})
    exercise(*field);
  require(segment.options.size() <= wire::Options::kMaxSize, "{} octets of options in '{}'", segment.options.size(),
          segment.text);
  require(segment.reserved <= 15, "reserved bits {} in '{}'", segment.reserved, segment.text);
}

inline void exercise(const spec::ScenarioStep& step) {
  if (const auto* segment = std::get_if<spec::SegmentStep>(&step.what)) exercise(segment->segment);
  if (const auto* wait = std::get_if<spec::WaitStep>(&step.what)) {
    exercise(wait->at_most);
    if (wait->until_segment) exercise(*wait->until_segment);
  }
  if (const auto* expect = std::get_if<spec::ExpectStep>(&step.what)) {
    for (const spec::SegmentTemplate& segment : expect->emit) exercise(segment);
    for (const spec::SegmentTemplate& segment : expect->no_emit) exercise(segment);
    exercise(expect->received);
  }
}

inline void exercise(const spec::Row& row) {
  exercise(row.when);
  for (const spec::Behaviour& behaviour : row.alternatives) {
    for (const spec::Effect& effect : behaviour.effects) {
      if (const auto* assignment = std::get_if<spec::Assignment>(&effect)) exercise(assignment->value);
    }
    for (const spec::SegmentTemplate& segment : behaviour.emit) exercise(segment);
    for (const spec::SegmentTemplate& segment : behaviour.may_emit) exercise(segment);
  }
}

inline void exercise(const spec::Table& table) {
  for (const spec::Section& section : table.sections) {
    for (const spec::Step& step : section.steps) {
      for (const spec::Row& row : step.rows) exercise(row);
    }
  }
  for (const spec::Obligation& obligation : table.obligations) {
    exercise(obligation.when);
    exercise(obligation.since);
    exercise(obligation.within);
  }
  for (const spec::EventClass& one : table.classes) exercise(one.when);
}

inline void exercise(const spec::Paths& paths) {
  for (const auto& way : paths.ways) {
    for (const spec::ScenarioStep& step : way.steps) exercise(step);
  }
  for (const auto& situation : paths.situations) {
    for (const spec::ScenarioStep& step : situation.steps) exercise(step);
  }
  for (const auto& epilogue : paths.epilogues) {
    for (const spec::ScenarioStep& step : epilogue.steps) exercise(step);
  }
  const spec::Stimuli& stimuli = paths.stimuli;
  for (const auto* list : {&stimuli.seq, &stimuli.ack, &stimuli.data, &stimuli.wnd, &stimuli.waits}) {
    for (const spec::Expression& expression : *list) exercise(expression);
  }
  for (const spec::SegmentTemplate& segment : stimuli.segments) exercise(segment);
}

}  // namespace conform::fuzz
