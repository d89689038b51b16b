// SpecsFolder owns where a fuzzer finds the specs: beside its executable when it was copied away from its build, else
// in the source tree it was built from.
#pragma once

#include <filesystem>
#include <string>

namespace conform::fuzz {

// The folder `specs` that lies beside the running executable; without one, that of the sources.
inline std::string specs_folder() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const std::filesystem::path beside = self.parent_path() / "specs";
    if (std::filesystem::is_directory(beside, error)) return beside.string();
  }
  return TCPCONFORM_SOURCE_DIR "/specs";
}

}  // namespace conform::fuzz
