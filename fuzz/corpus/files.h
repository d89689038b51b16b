// Files owns sequences on disk: the readable form in files named *.yaml, which git keeps, and the compact one, which
// fuzzers read, in files of any other name.
#pragma once

#include <cstddef>
#include <string>

#include "fuzz/sequence/sequence.h"
#include "harness/base/result.h"
#include "harness/spec/scenario.h"

namespace conform::fuzz {

// The sequence in a file, of whichever form. A readable one must hold one scenario. Errors are those of from_yaml(), or
// that the file cannot be read; any octets are a compact one.
Result<Sequence> read_sequence(const std::string& path, const spec::Suite& suite);

// Writes a file of the form that its name says. `title` is for the readable one, whose scenario is named as the file.
Status write_sequence(const Sequence& sequence, const std::string& path, const std::string& title = {});

// From one form into the other: a file into a file; or each file of a folder (but hidden ones) that has the other form
// into one of the same name, with or without .yaml, in the folder `to`, which is made if need be. Gives how many. All
// errors are given, and keep no other file from being written.
Result<std::size_t> encode_files(const std::string& from, const std::string& to, const spec::Suite& suite);
Result<std::size_t> decode_files(const std::string& from, const std::string& to, const spec::Suite& suite);

}  // namespace conform::fuzz
