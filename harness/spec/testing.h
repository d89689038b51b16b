// Testing owns a throw-away specs folder for the tests of this layer: a good suite of which single files are replaced.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "harness/spec/reader.h"

namespace conform::spec {

// A specs folder with one section, one definition, two ways and one scenario, all of it good. Lives as long as this.
class SpecsFolder {
 public:
  SpecsFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "specs-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    write("table/a-section.yaml", kSection);
    write("table/definitions.yaml", kDefinitions);
    write("paths.yaml", kPaths);
    write("scenarios/one.yaml", kScenario);
  }
  ~SpecsFolder() { std::filesystem::remove_all(path_); }
  SpecsFolder(const SpecsFolder&) = delete;
  SpecsFolder& operator=(const SpecsFolder&) = delete;

  SpecsFolder& write(const std::string& name, std::string_view text) {
    const std::filesystem::path file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return *this;
  }
  SpecsFolder& remove(const std::string& name) {
    std::filesystem::remove_all(std::filesystem::path(path_) / name);
    return *this;
  }

  const std::string& path() const { return path_; }
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  Result<Suite> read() const { return read_suite(path_); }

  // What is wrong, as it would be printed, with file names relative to the folder; empty if nothing is.
  std::string errors() const {
    const Result<Suite> suite = read();
    return suite.ok() ? "" : relative(suite.diagnostics());
  }
  std::string relative(Diagnostics diagnostics) const {
    for (Diagnostic& diagnostic : diagnostics) {
      if (diagnostic.file.starts_with(path_ + "/")) diagnostic.file = diagnostic.file.substr(path_.size() + 1);
    }
    return to_string(diagnostics);
  }

  static constexpr std::string_view kSection = R"(section: "3.10.7.4"
title: SEGMENT ARRIVES, other states
event: segment
states: synchronized
steps:
- step: first
  title: check the sequence number
  rows:
  - id: not-acceptable
    states: synchronized
    when: not acceptable
    emit: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
    then: drop
- step: second
  title: check the RST bit
  rows:
  - id: rst-exact
    states: [ESTABLISHED, CLOSE-WAIT]
    when: SEG.RST and SEG.SEQ = RCV.NXT
    signal: connection reset
    next: CLOSED
    then: drop
    requirements: [MUST-58]
)";
  static constexpr std::string_view kDefinitions = R"(version: "9293-1"
definitions:
- name: acceptable
  value: RCV.NXT =< SEG.SEQ < RCV.EDGE
)";
  static constexpr std::string_view kPaths = R"(ways:
- way: LISTEN
  state: LISTEN
  steps:
  - call: OPEN passive
- way: SYN-RECEIVED+passive
  state: SYN-RECEIVED
  from: LISTEN
  steps:
  - segment: <SEQ=PEER.ISS><CTL=SYN><MSS=1460>
stimuli:
  ctl: ["", SYN, ACK, "SYN,ACK"]
  seq: [RCV.NXT, RCV.NXT - 1]
  waits: [1 s]
)";
  static constexpr std::string_view kScenario = R"(scenario: open-passive
title: a passive open
start: LISTEN
steps:
- segment: <SEQ=PEER.ISS><CTL=SYN>
- expect: {emit: <CTL=SYN,ACK>, state: SYN-RECEIVED}
)";

 private:
  std::string path_;
};

inline std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string result(text);
  const std::size_t at = result.find(what);
  if (at == std::string::npos)
    ADD_FAILURE() << "no '" << what << "' to replace";
  else
    result.replace(at, what.size(), by);
  return result;
}

// The errors of the good folder, when something in its section is written otherwise.
inline std::string with_section(std::string_view what, std::string_view by) {
  SpecsFolder folder;
  return folder.write("table/a-section.yaml", replaced(SpecsFolder::kSection, what, by)).errors();
}
inline std::string with_row_key(const std::string& line) {
  return with_section("    requirements: [MUST-58]\n", line + "\n");
}
inline std::string with_paths(std::string_view what, std::string_view by) {
  SpecsFolder folder;
  return folder.write("paths.yaml", replaced(SpecsFolder::kPaths, what, by)).errors();
}
inline std::string with_scenario(std::string_view what, std::string_view by) {
  SpecsFolder folder;
  return folder.write("scenarios/one.yaml", replaced(SpecsFolder::kScenario, what, by)).errors();
}
inline std::string with_definitions(std::string_view text) {
  SpecsFolder folder;
  return folder.write("table/definitions.yaml", text).errors();
}

}  // namespace conform::spec
