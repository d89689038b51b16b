// Seeds own what the fuzzers of sequences begin with: what every case of the plan does, as a sequence.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "fuzz/sequence/sequence.h"
#include "harness/oracle/program.h"
#include "harness/spec/scenario.h"

namespace conform::fuzz {

struct Seed {
  std::string name;        // for a file: small letters, digits, dots and hyphens; each once
  std::string title;       // the id of its case
  Sequence sequence;
};

struct Seeds {
  std::vector<Seed> seeds;         // in the order of the plan, each sequence once
  std::map<std::string, std::size_t> unsaid;   // cases that no sequence can say: how many, by the first reason
};

// Of each row from each way to its states, of each way, and of each scenario. `stimuli_per_row` as in PlanOptions.
Seeds plan_seeds(const spec::Suite& suite, const oracle::Program& program, int stimuli_per_row);

}  // namespace conform::fuzz
