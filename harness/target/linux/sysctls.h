// Sysctls owns the kernel settings of the namespace: their defaults, and how they are written.
#pragma once

#include <map>
#include <string>

#include "harness/base/result.h"

namespace conform {

// The settings that make Linux repeatable without changing how it speaks TCP: "net.ipv4.tcp_ecn" -> "0". Each is
// explained in the README beside this file. What a target's file sets is laid over them.
std::map<std::string, std::string> default_sysctls();

namespace kernel {

// Writes all of them in the namespace of the calling process. A default that this kernel does not have is passed
// over; one that was asked for by the user, or cannot be written, is an error.
Status apply_sysctls(const std::map<std::string, std::string>& sysctls);

}  // namespace kernel
}  // namespace conform
