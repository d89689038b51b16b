// sequence_seeds OUT FOLDER...: the seeds of the fuzzers of sequences: writes every scenario of the folders, which hold
// one in each *.yaml, into OUT in its binary form. What `tcpconform corpus encode` does, where there is no tcpconform.
#include <cstdio>
#include <string>

#include "fuzz/corpus/files.h"
#include "fuzz/entry/specs_folder.h"
#include "harness/spec/reader.h"

namespace conform::fuzz {
namespace {

int fail(const Diagnostics& why) {
  std::fputs(conform::to_string(why).c_str(), stderr);
  return 1;
}

int make(const std::string& out, int folders, char** folder) {
  const auto suite = spec::read_suite(specs_folder());
  if (!suite) return fail(suite.diagnostics());
  std::size_t count = 0;
  for (int i = 0; i < folders; ++i) {
    const auto written = encode_files(folder[i], out, *suite);
    if (!written) return fail(written.diagnostics());
    count += *written;
  }
  std::printf("%zu seeds of sequences in %s\n", count, out.c_str());
  return 0;
}

}  // namespace
}  // namespace conform::fuzz

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: sequence_seeds OUT FOLDER...\n");
    return 2;
  }
  return conform::fuzz::make(argv[1], argc - 2, argv + 2);
}
