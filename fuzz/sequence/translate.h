// Translate owns the way from a scenario's steps to events, and what it says of steps that are none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fuzz/sequence/sequence.h"
#include "harness/base/result.h"
#include "harness/spec/scenario.h"
#include "harness/spec/scope.h"

namespace conform::fuzz {

class Translator {
 public:
  // The suite's definitions may stand in the steps' expressions.
  explicit Translator(const spec::Suite& suite) : scope_(spec::Scope::of(suite.table.definitions)) {}

  // Appends what the steps do.
  void add(const std::vector<spec::ScenarioStep>& steps);

  // All of it, or everything that could not be said. `mark` is where a sequence that is too long begins.
  Result<Sequence> finish(const spec::Mark& mark) &&;

 private:
  void add(const spec::CallStep& step);
  void add(const spec::SegmentStep& step);
  void add(const spec::WaitStep& step);
  void add(const spec::PeerStep& step);
  void add(const spec::ExpectStep&) {}  // what must have come is no part of what is done

  Number number(const std::optional<spec::Expression>& expression, Number usual, std::string_view field);
  std::int64_t constant(const std::optional<spec::Expression>& expression, std::string_view what);
  void options(const spec::SegmentTemplate& segment, SegmentEvent& event);
  void error(std::string message, std::string hint = {});

  spec::Scope scope_;
  spec::Mark here_;
  Sequence sequence_;
  Diagnostics diagnostics_;
};

}  // namespace conform::fuzz
