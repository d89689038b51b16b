#include "harness/spec/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace conform::spec {

namespace {

constexpr std::string_view kReserved[] = {"or", "and", "not", "true", "false", "max", "min", "s", "ms"};
constexpr std::string_view kSigns[] = {"!=", "=<", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", ","};

struct Mistake {
  std::string_view written, meant;
};
constexpr Mistake kMistakes[] = {{"<=", "=<"}, {"==", "="}, {"=>", ">="}, {"<>", "!="}, {"&&", "and"}, {"||", "or"}};

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
constexpr Unit kUnits[] = {{"ms", 1}, {"s", 1000}, {"min", 60'000}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_char(char c) { return is_letter(c) || is_digit(c) || c == '.'; }
bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r'; }

class Lexer {
 public:
  Lexer(std::string_view text, const Words& known) : text_(text), known_(known) {}

  std::variant<std::vector<Token>, TextError> run() {
    if (text_.size() > kMaxExpressionLength) {
      return TextError{0, fmt::format("expression longer than {} characters", kMaxExpressionLength), {}};
    }
    // Nothing is read behind an unknown name: it is an error by itself.
    while (!error_ && (tokens_.empty() || tokens_.back().kind != Token::Kind::Unknown)) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (at_ == text_.size()) break;
      if (is_digit(text_[at_]))
        number();
      else if (is_letter(text_[at_]))
        name();
      else
        sign();
    }
    if (error_) return *error_;
    tokens_.push_back({Token::Kind::End, text_.size(), {}, 0, false});
    return std::move(tokens_);
  }

 private:
  void fail(std::size_t offset, std::string message, std::string hint = {}) {
    error_ = TextError{offset, std::move(message), std::move(hint)};
  }

  std::size_t end_of(std::size_t from, bool (*belongs)(char)) const {
    while (from < text_.size() && belongs(text_[from])) ++from;
    return from;
  }

  void number() {
    const std::size_t end = end_of(at_, is_name_char);
    std::string_view word = text_.substr(at_, end - at_);
    const std::size_t digits = end_of(at_, is_digit) - at_;
    const std::optional<std::string_view> unit = unit_of(word, digits);
    if (!unit && word.find('.') != std::string_view::npos)
      return fail(at_, fmt::format("'{}' is not a whole number", word), "times may be given in ms");
    const std::string_view figures = unit && !word.starts_with("0x") ? word.substr(0, digits) : word;
    const std::optional<std::int64_t> value = value_of(figures);
    if (error_) return;
    if (!value) return fail(at_, fmt::format("'{}' is neither a number nor a name", word));
    Token token{Token::Kind::Number, at_, figures, *value, unit.has_value()};
    at_ += word.size();
    if (!unit)
      following_unit(token);
    else
      scale(token, *unit);
    token.text = text_.substr(token.offset, at_ - token.offset);
    tokens_.push_back(token);
  }

  // "500ms": the unit stands at the number.
  static std::optional<std::string_view> unit_of(std::string_view word, std::size_t digits) {
    for (const Unit& unit : kUnits) {
      if (word.substr(digits) == unit.name) return unit.name;
    }
    return std::nullopt;
  }

  // "500 ms": the unit stands after a blank. min( is a function.
  void following_unit(Token& token) {
    const std::size_t start = end_of(at_, is_space);
    const std::size_t end = end_of(start, is_name_char);
    const std::string_view word = text_.substr(start, end - start);
    const std::size_t next = end_of(end, is_space);
    if (next < text_.size() && text_[next] == '(') return;
    for (const Unit& unit : kUnits) {
      if (word != unit.name) continue;
      at_ = end;
      token.has_unit = true;
      return scale(token, word);
    }
  }

  void scale(Token& token, std::string_view name) {
    for (const Unit& unit : kUnits) {
      if (unit.name == name) token.number *= unit.ms;
    }
    if (token.number > kMaxNumber) fail(token.offset, fmt::format("time longer than {} ms", kMaxNumber));
  }

  std::optional<std::int64_t> value_of(std::string_view figures) {
    const bool hex = figures.starts_with("0x") || figures.starts_with("0X");
    const std::string_view digits = figures.substr(hex ? 2 : 0);
    if (digits.empty()) return std::nullopt;
    std::int64_t value = 0;
    for (char c : digits) {
      const int digit = is_digit(c)            ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : 99;
      if (digit >= (hex ? 16 : 10)) return std::nullopt;
      value = std::min<std::int64_t>(value * (hex ? 16 : 10) + digit, kMaxNumber + 1);
    }
    if (value > kMaxNumber) fail(at_, fmt::format("'{}' is more than {}", figures, kMaxNumber));
    if (!hex && digits.size() > 1 && digits[0] == '0') {
      fail(at_, fmt::format("'{}' looks like an octal number", figures), "write it without the leading 0, or with 0x");
    }
    return value;
  }

  bool known(std::string_view word) const {
    return is_reserved(word) || std::find(known_.begin(), known_.end(), word) != known_.end();
  }

  // The ends of the prefixes of what could be one name: before each of its hyphens, and at its end.
  std::vector<std::size_t> candidates() const {
    std::vector<std::size_t> ends;
    std::size_t end = end_of(at_, is_name_char);
    ends.push_back(end);
    while (ends.size() < 8 && end + 1 < text_.size() && text_[end] == '-' &&
           (is_letter(text_[end + 1]) || is_digit(text_[end + 1]))) {
      end = end_of(end + 1, is_name_char);
      ends.push_back(end);
    }
    std::reverse(ends.begin(), ends.end());
    return ends;
  }

  void name() {
    const std::vector<std::size_t> ends = candidates();
    for (std::size_t end : ends) {
      if (known(text_.substr(at_, end - at_))) return push(Token::Kind::Name, end);
    }
    for (std::size_t end : ends) {
      if (!nearest(text_.substr(at_, end - at_), known_).empty()) return push(Token::Kind::Unknown, end);
    }
    push(Token::Kind::Unknown, ends.back());
  }

  void push(Token::Kind kind, std::size_t end) {
    tokens_.push_back({kind, at_, text_.substr(at_, end - at_), 0, false});
    at_ = end;
  }

  void sign() {
    const std::string_view rest = text_.substr(at_);
    for (const Mistake& mistake : kMistakes) {
      if (rest.starts_with(mistake.written)) {
        return fail(at_, fmt::format("unknown operator '{}'", mistake.written),
                    fmt::format("did you mean '{}'?", mistake.meant));
      }
    }
    if (rest.starts_with("<-")) return fail(at_, "an assignment '<-' stands only in 'do'");
    for (std::string_view sign : kSigns) {
      if (rest.starts_with(sign)) return push(Token::Kind::Sign, at_ + sign.size());
    }
    const std::size_t length = static_cast<unsigned char>(rest[0]) < 0x80 ? 1 : std::min<std::size_t>(rest.size(), 4);
    fail(at_, length == 1 ? fmt::format("unexpected '{}'", rest[0]) : "unexpected character",
         rest[0] == '!' ? "did you mean 'not'?" : "");
  }

  std::string_view text_;
  const Words& known_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  std::optional<TextError> error_;
};

}  // namespace

bool is_reserved(std::string_view word) {
  return std::find(std::begin(kReserved), std::end(kReserved), word) != std::end(kReserved);
}

std::variant<std::vector<Token>, TextError> tokenize(std::string_view text, const Words& known) {
  return Lexer(text, known).run();
}

}  // namespace conform::spec
