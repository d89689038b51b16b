// Doctor owns the examination of a machine: what the linux target needs, what is missing, and how to get it.
#pragma once

#include <string>
#include <vector>

namespace conform {

struct Check {
  std::string what;  // "TUN device"
  bool ok = false;
  std::string detail;  // what was found, or what failed
  std::string remedy;  // how to get it; empty when ok
};

// Tries each thing that the linux target may need, in namespaces of their own that are gone when it returns. Not all
// need be ok: the last check says whether the target can run, and how.
std::vector<Check> diagnose_linux();

}  // namespace conform
