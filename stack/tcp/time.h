// Time owns the stack's notion of time: nanoseconds since the stack was made, told to it by its caller.
#pragma once

#include <chrono>

namespace tcp {

using Duration = std::chrono::nanoseconds;
using Time = std::chrono::nanoseconds;  // since the stack was made

inline constexpr Time kNever = Time::max();

}  // namespace tcp
