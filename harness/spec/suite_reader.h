// SuiteReader owns the reading of a whole specs folder: definitions of all files first, then the rest, then what holds
// between files.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/readers.h"

namespace conform::spec {

class SuiteReader {
 public:
  explicit SuiteReader(Log& log) : log_(log) {}

  // Reads table/*.yaml, paths.yaml and scenarios/*.yaml. `extra` is one more table file, wherever it lies. Errors go to
  // the log; the suite is whole only if the log is empty.
  Suite read(const std::string& folder, const std::string& extra = {});

 private:
  struct File {
    std::string name;
    Node root;
  };
  struct Definitions {
    Scope scope;
    std::vector<Definition> list;
  };

  std::optional<File> load(const std::string& file);
  std::vector<File> load_folder(const std::string& folder);
  Definitions define(const std::vector<File>& files);
  void read_table(const std::vector<File>& files, const Scope& scope, Table& table);
  void add_part(TablePart part, const std::string& file, Table& table, std::vector<Reference>& jumps);
  void check(Table& table, const std::vector<Reference>& jumps, const Scope& scope);

  Log& log_;
  bool definitions_lost_ = false;        // a file that had some could not be parsed
  std::map<std::string, Mark> numbers_;  // of sections
  std::string version_file_;
};

// The scenarios of one file whose starts exist among the ways. Without ways nothing is said about starts.
std::vector<Scenario> checked_scenarios(const Node& root, const std::string& file, const Scope& scope,
                                        const std::vector<Way>& ways, Log& log);

// The *.yaml files of a folder, sorted. A file with another ending is an error.
std::vector<std::string> yaml_files(const std::string& folder, Log& log);

}  // namespace conform::spec
