// Style owns how a report may look where it is printed: terminal or not, colours, width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace conform::report {

enum class Tone { Good, Bad, Doubtful, Known, Faint, Strong };

struct Style {
  bool terminal = false;  // lines may be overwritten
  bool colour = false;
  std::size_t width = 100;  // columns

  // The text, in colour if colours are wanted.
  std::string paint(Tone tone, std::string_view text) const;
};

// The style for what an open file descriptor leads to. Colours only on a terminal, and not when NO_COLOR is set to
// anything or TERM is "dumb".
Style detect_style(int fd);

}  // namespace conform::report
