// Text owns what every report does to a text before it prints it: a target's words are hostile, and terminals are
// narrow.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace conform::report {

// The text as valid UTF-8 that a terminal and XML 1.0 can carry: what is not UTF-8 becomes U+FFFD; control characters
// but line feed and tab, and the code points that XML forbids, are left out.
std::string clean(std::string_view text);

// Cleaned, with every line feed and tab as a space.
std::string one_line(std::string_view text);

// How many code points a cleaned text has: its columns, as long as none is wide.
std::size_t columns(std::string_view text);

// The text in lines of at most `width` columns, broken at spaces; a word that is longer than a line stays whole. Line
// feeds are kept, and so is each line's indentation. At least one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// Cleaned, on one line, and cut to `width` columns, the last of which is then U+2026.
std::string cut(std::string_view text, std::size_t width);

// The text as one word for a POSIX shell.
std::string shell_quoted(std::string_view text);
// The same, but bare where a shell leaves it as it is: letters, digits and "-_./" alone.
std::string shell_word(std::string_view text);

// A file name (no folders) for an id: letters, digits and "@+-_." stay, a slash becomes "_", anything else "-". At
// most 150 characters, never hidden, never empty. Two ids may share a name.
std::string file_name(std::string_view id);

}  // namespace conform::report
