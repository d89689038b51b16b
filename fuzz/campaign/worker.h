// Worker owns one process of a campaign: a target, an engine, and what is done with a finding.
#pragma once

#include <cstddef>

#include "fuzz/campaign/campaign.h"
#include "fuzz/campaign/shared.h"

namespace conform::fuzz {

// What a worker tells its parent, a line each: "finding NAME", "trouble TEXT".
class Reporter {
 public:
  explicit Reporter(int fd) : fd_(fd) {}
  void finding(const std::string& name) const { line("finding " + name); }
  void trouble(const std::string& text) const { line("trouble " + text); }

 private:
  void line(std::string text) const;
  int fd_;
};

enum WorkerExit : int { kWorkerDone = 0, kWorkerNoTarget = 3 };

// Runs until the time is up (`deadline` on the steady clock, ns), the executions are made, or the board says stop.
// `seed` differs from worker to worker. Gives the worker's exit status.
int run_worker(const CampaignOptions& options, std::size_t number, std::uint64_t seed, Time deadline, Board& board,
               const Reporter& reporter);

// The steady clock.
Time steady_now();

}  // namespace conform::fuzz
