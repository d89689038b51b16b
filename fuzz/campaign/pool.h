// Pool owns the sequences that a campaign found interesting: in memory, and in a folder, where other workers and later
// campaigns find them.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "fuzz/mutate/random.h"
#include "fuzz/sequence/sequence.h"
#include "harness/base/result.h"

namespace conform::fuzz {

class Pool {
 public:
  // The folder is made when it is not there; empty: the pool is kept in memory alone.
  explicit Pool(std::string folder) : folder_(std::move(folder)) {}

  // What lies in the folder and has not been read before: the binary form, one file each. Files that cannot be read are
  // passed over.
  std::vector<Sequence> read_new();
  // Adds one that has been tried; writes it to the folder as well, if `write` is set. An error says what cannot be
  // written.
  Status add(Sequence sequence, bool write);

  bool empty() const { return sequences_.empty(); }
  std::size_t size() const { return sequences_.size(); }
  // One of them; the younger half is chosen as often as all. The pool must not be empty.
  const Sequence& pick(Random& random) const;

 private:
  std::string folder_;
  std::vector<Sequence> sequences_;
  std::set<std::string> known_files_;
};

}  // namespace conform::fuzz
