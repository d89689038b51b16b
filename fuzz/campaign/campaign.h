// Campaign owns fuzzing at length: workers, each a process with a target of its own, a pool that they share through a
// folder, and findings, each shrunk and written once.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/judge/reached.h"
#include "fuzz/sequence/sequence.h"
#include "harness/base/result.h"
#include "harness/base/time.h"
#include "harness/oracle/program.h"
#include "harness/spec/scenario.h"
#include "harness/target/target.h"

namespace conform::fuzz {

struct CampaignOptions {
  std::string target;                             // its name, for messages and folders
  std::function<Result<std::unique_ptr<Target>>()> make_target;
  const spec::TargetFile* file = nullptr;         // what the target is known for; may be null
  const oracle::Program* program = nullptr;
  spec::Profile profile = spec::Profile::Rfc9293;
  std::uint64_t seed = 1;
  std::size_t jobs = 1;                           // workers, at most kMaxWorkers
  std::size_t at_once = 256;                      // sequences open together in a worker, on a real clock
  std::uint32_t longest_wait_ms = 400;            // of one wait, on a real clock
  Duration time = kNever;                         // how long, in real time
  std::uint64_t executions = 0;                   // no more than so many; 0: no bound
  std::vector<Sequence> seeds;                    // tried first
  std::string pool_folder;                        // kept for the next campaign; empty: not kept
  std::string findings_folder;                    // <name>/ below it for each finding
  const std::atomic<bool>* stop = nullptr;        // set from a signal handler
};

// How far it is, told now and then.
struct CampaignStatus {
  Duration elapsed{};
  std::uint64_t executions = 0, known = 0, pool = 0;
  std::size_t rows = 0, transitions = 0;          // reached: rows counted by state
  std::vector<std::string> findings;              // their names, in the order of their discovery
  std::vector<std::string> troubles;              // what went wrong with the campaign itself
  bool target_failed = false;                     // no target could be started
};

// Runs to its end. `on_status` is called about every second from the calling process, which must have no threads.
CampaignStatus run_campaign(const CampaignOptions& options, const std::function<void(const CampaignStatus&)>& on_status);

}  // namespace conform::fuzz
