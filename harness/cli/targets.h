// Targets own the list of the kinds of target that this build knows, and how each is made. The one place to add a kind.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/spec/scenario.h"
#include "harness/target/target.h"

namespace conform {

// A target by its name, with what its file under specs/targets says of it. A file is not required: without one nothing
// is known of the target. Errors say what the machine lacks and how to get it, or that there is no such target.
struct MadeTarget {
  std::unique_ptr<Target> target;
  spec::TargetFile file;
};
Result<MadeTarget> make_target(const std::string& name, const std::string& specs_folder);

// What its file alone says: nothing where there is none.
Result<spec::TargetFile> read_target_file(const std::string& name, const std::string& specs_folder);

// The names a user may give: "stack", "linux".
std::vector<std::string> target_names();

}  // namespace conform
