#include "harness/report/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace conform::report {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// A code point at the start of a text: how many octets it takes; 0 when they are not UTF-8 (RFC 3629 4).
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;
};

CodePoint decode(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  std::uint32_t value = lead & (0x7Fu >> length);
  for (char c : text.substr(1, length - 1)) {
    const auto octet = static_cast<std::uint8_t>(c);
    if ((octet & 0xC0) != 0x80) return {};
    value = value << 6 | (octet & 0x3Fu);
  }
  constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kLeast[length] || value > 0x10FFFF || surrogate) return {};
  return {value, length};
}

bool printable(std::uint32_t value) {
  if (value == '\n' || value == '\t') return true;
  return value >= 0x20 && (value < 0x7F || value > 0x9F) && value != 0xFFFE && value != 0xFFFF;
}

bool continues(char c) { return (static_cast<std::uint8_t>(c) & 0xC0) == 0x80; }

// The octets of the first `count` code points of a cleaned text.
std::size_t octets_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (!continues(text[at]) && count-- == 0) break;
  }
  return at;
}

// Breaks one line; gives what goes on the next lines under the same indentation.
std::vector<std::string> wrap_line(std::string line, std::size_t width) {
  std::vector<std::string> lines;
  const std::size_t first = std::min(line.find_first_not_of(' '), line.size());
  const std::string indent(std::min(first, width / 2), ' ');
  while (columns(line) > width) {
    const std::size_t word = std::min(line.find_first_not_of(' '), line.size());
    std::size_t end = line.rfind(' ', octets_of(line, width));
    if (end == std::string::npos || end <= word) end = line.find(' ', word);  // the first word is longer than a line
    const std::size_t next = line.find_first_not_of(' ', std::min(end, line.size()));
    if (next == std::string::npos) break;
    lines.push_back(line.substr(0, end));
    line = indent + line.substr(next);
  }
  lines.push_back(std::move(line));
  return lines;
}

}  // namespace

std::string clean(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = decode(text);
    if (point.length == 0) {
      result += kReplacement;
    } else if (printable(point.value)) {
      result += text.substr(0, point.length);
    }
    text.remove_prefix(std::max<std::size_t>(point.length, 1));
  }
  return result;
}

std::string one_line(std::string_view text) {
  std::string result = clean(text);
  std::ranges::replace_if(
      result, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return result;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::ranges::move(wrap_line(std::string(text.substr(at, end - at)), width), std::back_inserter(lines));
    at = end + 1;
  }
  return lines;
}

std::string cut(std::string_view text, std::size_t width) {
  std::string line = one_line(text);
  if (columns(line) <= width) return line;
  line.resize(octets_of(line, width > 0 ? width - 1 : 0));
  return line + "…";
}

std::string shell_quoted(std::string_view text) {
  std::string result = "'";
  for (char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./").find(c) != std::string_view::npos;
  });
  return plain ? std::string(text) : shell_quoted(text);
}

std::string file_name(std::string_view id) {
  constexpr std::size_t kMost = 150;
  const auto stays = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("@+-_.").find(c) != std::string_view::npos;
  };
  std::string name(id.substr(0, kMost));
  for (char& c : name) {
    if (!stays(c)) c = c == '/' ? '_' : '-';
  }
  if (name.empty() || name[0] == '.' || name[0] == '-') name.insert(name.begin(), '_');
  return name;
}

}  // namespace conform::report
