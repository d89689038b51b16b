// Context owns what the connections of one stack share: the configuration, the clock, the queue of what goes out.
#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "stack/codec/datagram.h"
#include "stack/tcp/config.h"
#include "stack/tcp/isn.h"
#include "stack/tcp/time.h"
#include "stack/tcp/user.h"

namespace tcp {

// What the stack has for its caller, in the order in which it happened.
using Output = std::variant<codec::Datagram, Signal>;

struct Context {
  explicit Context(const Config& chosen) : config(chosen), isn(chosen.seed) {}

  const Config config;
  const IsnGenerator isn;
  Time now{};
  std::vector<Output> outputs;
};

}  // namespace tcp
