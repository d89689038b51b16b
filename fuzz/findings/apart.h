// Apart owns trying something that may end its process: a child does it.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace conform::fuzz {

// Does it in a child, whose standard error is closed. Gives how the child ended if it did not come to the end of it:
// "signal Segmentation fault", "exit status 1", or "hang" after so many seconds. For processes without threads.
std::optional<std::string> ends_its_process(const std::function<void()>& what, unsigned seconds = 20);

}  // namespace conform::fuzz
