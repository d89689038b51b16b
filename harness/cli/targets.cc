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

Result<spec::TargetFile> read_target_file(const std::string& name, const std::string& specs_folder) {
  const std::string path = specs_folder + "/targets/" + name + ".yaml";
  if (std::filesystem::exists(path)) return spec::read_target_file(path);
  spec::TargetFile file;
  file.name = file.kind = name;
  return file;
}

Result<MadeTarget> make_target(const std::string& name, const std::string& specs_folder) {
  auto file = read_target_file(name, specs_folder);
  if (!file) return file.diagnostics();
  MadeTarget made;
  made.file = std::move(*file);
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
