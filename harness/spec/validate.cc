#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/spec/keys.h"
#include "harness/spec/reader.h"
#include "harness/spec/suite_reader.h"

namespace conform::spec {

namespace fs = std::filesystem;

namespace {

enum class FileKind { Table, Paths, Scenario, Target, Unknown };

// A file's kind is that to which most of its keys belong.
FileKind kind_of(const Node& root) {
  const auto count = [&](const auto& keys) {
    return std::count_if(keys.begin(), keys.end(), [&](std::string_view key) { return root.find(key) != nullptr; });
  };
  const std::pair<FileKind, std::ptrdiff_t> votes[] = {
      {FileKind::Target, root.find("target") ? 10 : 0},
      {FileKind::Scenario, root.find("scenario") || root.find("scenarios") ? 10 : 0},
      {FileKind::Paths, count(keys::kPathsFile)},
      {FileKind::Table, count(keys::kTableFile)}};
  const auto* best = std::max_element(std::begin(votes), std::end(votes),
                                      [](const auto& a, const auto& b) { return a.second < b.second; });
  return best->second > 0 ? best->first : FileKind::Unknown;
}

bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

class Validator {
 public:
  explicit Validator(std::string specs) : specs_(std::move(specs)) {}

  Diagnostics folder(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(fs::path(path) / "table", error)) return files_under(path);
    Log log;
    SuiteReader(log).read(path);
    Diagnostics all = log.sorted();
    const std::string targets = (fs::path(path) / "targets").string();
    if (fs::is_directory(targets, error)) append(all, files_under(targets));
    return all;
  }

  Diagnostics file(const std::string& path) {
    Log log;
    const auto text = read_file(path, log);
    const auto root = text ? parse_yaml(*text, path, log) : std::nullopt;
    if (!root) return log.sorted();
    switch (kind_of(*root)) {
      case FileKind::Target: {
        const auto target = read_target_file(path);
        return target.ok() ? Diagnostics() : target.diagnostics();
      }
      case FileKind::Table: return beside_suite(path);
      case FileKind::Paths: {
        const Suite suite = suite_without_errors();
        const Scope scope = Scope::of(suite.table.definitions);
        Fields fields(path, scope, log);
        read_paths_file(*root, fields);
        return log.sorted();
      }
      case FileKind::Scenario: {
        const Suite suite = suite_without_errors();
        checked_scenarios(*root, path, Scope::of(suite.table.definitions), suite.paths.ways, log);
        return log.sorted();
      }
      case FileKind::Unknown: break;
    }
    log.add({path, root->line, root->column}, "cannot tell what kind of spec this is",
            "a table has 'section', paths have 'ways', a scenario has 'scenario', a target has 'target'");
    return log.sorted();
  }

 private:
  static void append(Diagnostics& all, const Diagnostics& more) { all.insert(all.end(), more.begin(), more.end()); }

  Diagnostics files_under(const std::string& path) {
    Log log;
    Diagnostics all;
    for (const std::string& name : yaml_files(path, log)) append(all, file(name));
    append(all, log.sorted());
    return all;
  }

  // What a single file needs of the others; their errors are not asked for.
  Suite suite_without_errors() const {
    Log ignored;
    return SuiteReader(ignored).read(specs_);
  }

  // A table file makes sense only among the others: all are read, and what is said of this one is kept.
  Diagnostics beside_suite(const std::string& path) {
    Log log;
    const std::vector<std::string> files = [&] {
      Log ignored;
      return yaml_files((fs::path(specs_) / "table").string(), ignored);
    }();
    const auto inside =
        std::find_if(files.begin(), files.end(), [&](const std::string& name) { return same_file(name, path); });
    SuiteReader(log).read(specs_, inside == files.end() ? path : "");
    Diagnostics mine;
    for (Diagnostic diagnostic : log.sorted()) {
      if (diagnostic.file != (inside == files.end() ? path : *inside)) continue;
      diagnostic.file = path;
      mine.push_back(std::move(diagnostic));
    }
    return mine;
  }

  std::string specs_;
};

}  // namespace

Diagnostics validate(const std::string& path, const std::string& specs_folder) {
  std::error_code error;
  const bool suite = fs::is_directory(fs::path(path) / "table", error);
  Validator validator(suite ? path : specs_folder);
  return fs::is_directory(path, error) ? validator.folder(path) : validator.file(path);
}

}  // namespace conform::spec
