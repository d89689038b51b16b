#include "harness/cli/targets.h"

#include <filesystem>
#include <functional>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/spec/reader.h"
#include "harness/target/linux/linux_target.h"
#include "harness/target/stack/stack_target.h"

namespace conform {

namespace {
using Make = std::function<Result<std::unique_ptr<Target>>(const spec::TargetFile&)>;

Result<std::unique_ptr<Target>> make_stack(const spec::TargetFile&) { return make_stack_target(); }

Result<std::unique_ptr<Target>> make_linux(const spec::TargetFile& file) {
  LinuxOptions options;
  for (const auto& [name, value] : file.parameters) {
    if (name.starts_with("net.")) options.sysctls[name] = value;
  }
  return make_linux_target(options);
}

const std::map<std::string, Make>& kinds() {
  static const std::map<std::string, Make> kinds = {{"stack", make_stack}, {"linux", make_linux}};
  return kinds;
}
}  // namespace

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : kinds()) names.push_back(name);
  return names;
}

Result<MadeTarget> make_target(const std::string& name, const std::string& specs_folder) {
  MadeTarget made;
  made.file.name = name;
  made.file.kind = name;
  const std::string path = specs_folder + "/targets/" + name + ".yaml";
  if (std::filesystem::exists(path)) {
    auto file = spec::read_target_file(path);
    if (!file) return file.diagnostics();
    made.file = std::move(*file);
  }
  const auto kind = kinds().find(made.file.kind);
  if (kind == kinds().end()) {
    return error(fmt::format("there is no target '{}'", name), fmt::format("there are: {}", fmt::join(target_names(), ", ")));
  }
  auto target = kind->second(made.file);
  if (!target) return target.diagnostics();
  made.target = std::move(*target);
  return made;
}

}  // namespace conform
