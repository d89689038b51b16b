// HoldCommand owns `hold`: a connection kept in one state for someone to look at.
#pragma once

namespace CLI {
class App;
}

namespace conform {

// Adds the sub-command; `exit` as in command.h.
void add_hold(CLI::App& app, int& exit);

}  // namespace conform
