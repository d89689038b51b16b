#include "harness/cli/specs_command.h"

#include <algorithm>

#include "harness/spec/names.h"
#include "harness/spec/reader.h"
#include "harness/spec/words.h"

namespace conform {

void add_specs(CLI::App& app, int& exit) {
  add_list(app, exit);
  add_show(app, exit);
  add_validate(app, exit);
}

std::optional<PlanOptions> plan_options(const Selection& selection) {
  PlanOptions options;
  options.select = selection.select;
  const auto wrong = [](const std::string& what, const std::string& word, const spec::Words& known) {
    complain(error("unknown " + what + " '" + word + "'", "there are: " + spec::joined(known)));
    return std::nullopt;
  };
  if (const auto profile = spec::find_word(spec::kProfiles, selection.profile))
    options.profile = *profile;
  else
    return wrong("profile", selection.profile, spec::texts_of(spec::kProfiles));
  if (!selection.state.empty()) {
    options.state = wire::parse_state(selection.state);
    if (!options.state) return wrong("state", selection.state, spec::state_words());
  }
  if (!selection.level.empty()) {
    std::string upper = selection.level;
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    options.level = spec::find_word(spec::kLevels, upper);
    if (!options.level) return wrong("level", selection.level, {"must", "should", "may"});
  }
  return options;
}

std::optional<spec::Suite> load_suite(const std::string& specs) {
  auto suite = spec::read_suite(specs_folder(specs));
  if (!suite) {
    complain(suite.diagnostics());
    return std::nullopt;
  }
  return std::move(*suite);
}

bool selected(const std::vector<std::string>& globs, const std::vector<std::string>& names) {
  if (globs.empty()) return true;
  return std::ranges::any_of(globs, [&](const std::string& glob) {
    return std::ranges::any_of(names, [&](const std::string& name) { return glob_matches(glob, name); });
  });
}

}  // namespace conform
