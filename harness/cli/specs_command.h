// SpecsCommand owns what `list`, `show` and `validate` have in common: the suite they speak of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "harness/run/plan.h"

namespace conform {

// What narrows a list or a plan, as the user says it.
struct Selection {
  std::vector<std::string> select;  // ids or globs
  std::string state, level, profile = "rfc9293";
};

// The options of a plan that these words stand for; nothing, with a complaint, when one is unknown.
std::optional<PlanOptions> plan_options(const Selection& selection);

// The suite; nothing, with every diagnostic printed, when it has mistakes.
std::optional<spec::Suite> load_suite(const std::string& specs);

// Whether one of the globs matches one of the names; true without globs.
bool selected(const std::vector<std::string>& globs, const std::vector<std::string>& names);

// Each adds one sub-command; `exit` as in command.h.
void add_list(CLI::App& app, int& exit);
void add_show(CLI::App& app, int& exit);
void add_validate(CLI::App& app, int& exit);

}  // namespace conform
