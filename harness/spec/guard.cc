#include "harness/spec/guard.h"

#include <fmt/format.h>

#include <utility>

namespace conform::spec {

namespace {

// The length of the UTF-8 character at `at`; 0 if it is none (also overlong forms, surrogates, beyond U+10FFFF).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = octet(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length == 0 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(at + i) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = octet(at + 1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
  return length;
}

bool check_characters(std::string_view text, const std::string& file, Log& log) {
  bool good = true;
  int line = 1;
  std::size_t line_start = 0;
  bool reported = false;  // one a line is enough
  const auto refuse = [&](std::size_t at, std::string message, std::string hint) {
    if (!reported) log.add({file, line, static_cast<int>(at - line_start) + 1}, std::move(message), std::move(hint));
    reported = true;
    good = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const std::size_t length = utf8_length(text, at);
    if (c == '\n') {
      ++line;
      line_start = at + 1;
      reported = false;
    } else if (c == '\t') {
      refuse(at, "tab character", "use spaces");
    } else if (length == 0) {
      refuse(at, fmt::format("octet 0x{:02x} is not UTF-8", c), {});
    } else if ((c < 0x20 && !(c == '\r' && text.substr(at + 1, 1) == "\n")) || c == 0x7f) {
      refuse(at, fmt::format("control character 0x{:02x}", c), {});
    }
    at += length == 0 ? 1 : length;
  }
  return good;
}

// Walks over the text as far as needed to know where flow collections begin and end. It is a resource guard: where it
// is less exact than YAML (tags before block scalars, brackets in plain text over several lines) it errs harmlessly.
class FlowScan {
 public:
  explicit FlowScan(std::string text) : text_(std::move(text)) {}

  // The offset where nesting becomes too deep, if it does.
  std::optional<std::size_t> run() {
    while (at_ < text_.size() && depth_ <= kMaxNesting) {
      if (at_ == line_start_ && depth_ == 0 && quote_ == 0 && skip_block_scalar()) continue;
      step();
    }
    if (depth_ > kMaxNesting) return at_ - 1;
    return std::nullopt;
  }
  std::string take() { return std::move(text_); }

 private:
  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\n'; }
  static bool blank(char c) { return c == ' ' || c == '\n' || c == '\r'; }

  void step() {
    const char c = text_[at_];
    if (c == '\n') return newline();
    if (quote_ != 0) return in_quotes(c);
    if (c == '#' && (at_ == line_start_ || blank(text_[at_ - 1]))) return skip_line();
    if (c != ' ') token(c);
    ++at_;
  }

  void newline() {
    ++at_;
    line_start_ = at_;
    in_segment_ = false;
    if (quote_ == 0) at_token_ = true;
  }

  void skip_line() {
    at_ = text_.find('\n', at_);
    if (at_ == std::string::npos) at_ = text_.size();
  }

  void in_quotes(char c) {
    if (c == '\\' && quote_ == '"') {
      ++at_;
      if (peek(0) == '\n') return;  // the newline is counted by its own step
    } else if (c == quote_) {
      if (quote_ == '\'' && peek(1) == '\'')
        ++at_;
      else
        quote_ = 0;
    }
    ++at_;
  }

  void token(char c) {
    const bool begins = std::exchange(at_token_, false);
    const std::size_t column = at_ - line_start_;
    if (begins && (c == '"' || c == '\'')) {
      quote_ = c;
    } else if ((c == '[' || c == '{') && (begins || depth_ > 0)) {
      ++depth_;
      at_token_ = true;
    } else if ((c == ']' || c == '}') && depth_ > 0) {
      --depth_;
    } else if (c == ',' && depth_ > 0) {
      if (in_segment_)
        text_[at_] = kProtectedComma;
      else
        at_token_ = true;
    } else if (c == ':' &&
               (blank(peek(1)) || (depth_ > 0 && std::string_view(",]}").find(peek(1)) != std::string_view::npos))) {
      at_token_ = true;
    } else if (depth_ > 0) {
      if (c == '<' && field_follows()) in_segment_ = true;
      if (c == '>') in_segment_ = false;
    } else if (begins && (c == '-' || c == '?') && blank(peek(1))) {
      parent_ = column;
      at_token_ = true;
    } else if (begins && (c == '|' || c == '>')) {
      in_block_scalar_ = true;
    } else if (begins) {
      parent_ = column;
    }
  }

  // "<CTL=" and not the "<" of a comparison.
  bool field_follows() const {
    std::size_t letters = 0;
    while (peek(1 + letters) >= 'A' && peek(1 + letters) <= 'Z') ++letters;
    return letters > 0 && peek(1 + letters) == '=' && peek(2 + letters) != '<';
  }

  // At the start of a line: jumps over it if it belongs to a block scalar.
  bool skip_block_scalar() {
    if (!in_block_scalar_) return false;
    std::size_t indent = 0;
    while (peek(indent) == ' ') ++indent;
    const bool empty = blank(peek(indent));
    if (!empty && indent <= parent_) {
      in_block_scalar_ = false;
      return false;
    }
    skip_line();
    if (at_ < text_.size()) newline();
    return true;
  }

  std::string text_;
  std::size_t at_ = 0, line_start_ = 0, depth_ = 0;
  std::size_t parent_ = 0;  // the column of the key or dash that a block scalar would belong to
  bool at_token_ = true;    // a quote or a bracket here would be YAML's
  bool in_segment_ = false, in_block_scalar_ = false;
  char quote_ = 0;
};

Mark place(std::string_view text, std::size_t offset, const std::string& file) {
  Mark mark{file, 1, 1};
  for (std::size_t i = 0; i < offset; ++i) {
    ++mark.column;
    if (text[i] == '\n') ++mark.line, mark.column = 1;
  }
  return mark;
}

}  // namespace

std::optional<std::string> guarded(std::string_view text, const std::string& file, Log& log) {
  if (text.size() > kMaxFileSize) {
    log.add({file, 0, 0}, fmt::format("larger than {} MiB", kMaxFileSize >> 20));
    return std::nullopt;
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (!check_characters(text, file, log)) return std::nullopt;
  FlowScan scan{std::string(text)};
  if (const auto too_deep = scan.run()) {
    log.add(place(text, *too_deep, file), fmt::format("nested deeper than {} levels", kMaxNesting));
    return std::nullopt;
  }
  return scan.take();
}

}  // namespace conform::spec
