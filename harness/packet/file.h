// File owns writing a whole file or none: what a run writes is complete, or is not there and somebody has been told.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace conform::packet {

// Makes the content of the file `path`, replacing what was there. It is written beside `path` and then renamed, so
// that a reader never sees half of it and a failure leaves the old file; nothing partial stays behind. What is not a
// regular file (/dev/stdout) is written to directly. An error names the file and says what the system said (errno's
// text). The folder must exist.
Status write_file(const std::string& path, std::string_view content);

}  // namespace conform::packet
