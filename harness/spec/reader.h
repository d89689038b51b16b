// The reader owns the way from YAML files to the values of table.h and scenario.h. Every diagnostic is given at once.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/spec/scenario.h"

namespace conform::spec {

// Reads everything under a specs folder: table/*.yaml, paths.yaml, scenarios/*.yaml. Errors: every diagnostic of every
// file, in the order of files and lines.
Result<Suite> read_suite(const std::string& folder);

// Reads scenario files beside an existing table (for `replay`). `text` is the content, `file` its name for diagnostics.
Result<std::vector<Scenario>> read_scenarios(std::string_view text, const std::string& file, const Suite& suite);

// Reads one target file. Globs are not resolved here.
Result<TargetFile> read_target_file(const std::string& file);

// What `tcpconform validate PATH` needs: a folder or a single file of any kind; its kind is found by its keys.
Diagnostics validate(const std::string& path, const std::string& specs_folder);

// The pieces, for tests and for the command line. `definitions` may be empty.
Result<Expression> parse_expression(std::string_view text, const std::vector<Definition>& definitions);
Result<SegmentTemplate> parse_segment(std::string_view text, const std::vector<Definition>& definitions);
Result<UserCall> parse_call(std::string_view text);
Result<std::int64_t> parse_duration_ms(std::string_view text);

}  // namespace conform::spec
