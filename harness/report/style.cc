#include "harness/report/style.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace conform::report {

namespace {

std::string_view escape(Tone tone) {
  switch (tone) {
    case Tone::Good: return "\x1B[32m";
    case Tone::Bad: return "\x1B[1;31m";
    case Tone::Doubtful: return "\x1B[33m";
    case Tone::Known: return "\x1B[36m";
    case Tone::Faint: return "\x1B[2m";
    case Tone::Strong: return "\x1B[1m";
  }
  return "";
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::string Style::paint(Tone tone, std::string_view text) const {
  if (!colour) return std::string(text);
  return std::string(escape(tone)) + std::string(text) + "\x1B[0m";
}

Style detect_style(int fd) {
  Style style;
  if (::isatty(fd) == 0 || environment("TERM") == "dumb") return style;
  style.terminal = true;
  style.colour = environment("NO_COLOR").empty();
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::clamp<std::size_t>(size.ws_col, 40, 100);
  }
  return style;
}

}  // namespace conform::report
