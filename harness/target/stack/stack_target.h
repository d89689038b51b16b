// StackTarget owns the way from the harness to our own stack: in process, on a virtual clock, state seen from inside.
#pragma once

#include <cstdint>
#include <memory>

#include "harness/target/target.h"
#include "stack/tcp/config.h"

namespace conform {

struct StackTargetOptions {
  // The stack's numbers. Seed and addresses are filled in for each session.
  tcp::Config config;
  // Lent to sessions that do not name their target port.
  std::uint16_t default_port = 8080;
  // Whether a barrier also asks if the stack is whole inside, and says that it is dead if it is not.
  bool check_invariants = true;
};

// Every session is a fresh stack with a clock that starts at 0 and randomness from the session's seed alone, so that
// a session's trace depends on nothing but what is done to it. The target must outlive its sessions.
std::unique_ptr<Target> make_stack_target(const StackTargetOptions& options = {});

}  // namespace conform
