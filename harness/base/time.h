// Time owns the harness's notion of time: nanoseconds since the target started, virtual or real.
#pragma once

#include <chrono>

namespace conform {

using Duration = std::chrono::nanoseconds;
using Time = std::chrono::nanoseconds;  // since the target was started; never wall-clock time

inline constexpr Time kNever = Time::max();

constexpr double to_seconds(Duration d) { return std::chrono::duration<double>(d).count(); }
constexpr long long to_ms(Duration d) { return std::chrono::duration_cast<std::chrono::milliseconds>(d).count(); }

}  // namespace conform
