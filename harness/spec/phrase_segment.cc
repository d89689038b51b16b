#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/spec/lexer.h"
#include "harness/spec/phrases.h"

namespace conform::spec {

namespace {

const Words kFields = {"SEQ", "ACK", "CTL", "WND", "UP", "MSS", "DATA", "OPT", "RSV", "BAD", "SEC"};

class SegmentReader {
 public:
  SegmentReader(std::string_view text, Use use, const Scope& scope) : text_(text), use_(use), scope_(scope) {}

  Phrase<SegmentTemplate> run() {
    if (text_.size() > kMaxExpressionLength)
      fail(text_, fmt::format("segment longer than {} characters", kMaxExpressionLength));
    std::string_view rest = trimmed(text_);
    if (rest.empty()) fail(text_, "a segment is missing", "as in '<SEQ=SND.NXT><CTL=ACK>'");
    while (!error_ && !rest.empty()) rest = trimmed(field(rest));
    if (!error_ && use_ == Use::Sent && !seen_ctl_) fail(text_, "CTL is missing", "<CTL=> sends no control bits");
    if (!error_ && segment_.options.size() + (segment_.mss ? 4 : 0) > wire::Options::kMaxSize) {
      fail(text_, fmt::format("more than {} octets of options", wire::Options::kMaxSize));
    }
    if (error_) return std::move(*error_);
    segment_.text = std::string(trimmed(text_));
    return std::move(segment_);
  }

 private:
  void fail(std::string_view where, std::string message, std::string hint = {}) {
    if (!error_)
      error_ = TextError{static_cast<std::size_t>(where.data() - text_.data()), std::move(message), std::move(hint)};
  }

  // Reads one <NAME=value> and gives what follows it.
  std::string_view field(std::string_view rest) {
    if (rest.front() != '<') return fail(rest, fmt::format("expected '<', found '{}'", first_word(rest))), rest;
    const std::size_t end = rest.find('>');
    if (end == std::string_view::npos) {
      return fail(rest, fmt::format("'{}' lacks its '>'", first_word(rest))), rest;
    }
    const std::string_view inside = rest.substr(1, end - 1);
    const std::size_t equals = inside.find('=');
    const std::string_view name = trimmed(inside.substr(0, equals));
    if (equals == std::string_view::npos) return fail(rest, fmt::format("'<{}>' lacks its '='", inside)), rest;
    if (std::find(seen_.begin(), seen_.end(), name) != seen_.end())
      return fail(name, fmt::format("field '{}' stands twice", name)), rest;
    seen_.push_back(name);
    value_of(name, inside.substr(equals + 1));
    return rest.substr(end + 1);
  }
  static std::string_view first_word(std::string_view text) {
    return text.substr(0, std::min(text.find(' '), text.size()));
  }

  void value_of(std::string_view name, std::string_view value) {
    const std::string_view word = trimmed(value);
    if (word == "*") return anything(name, value);
    if (name == "SEQ")
      segment_.seq = expression(value, Type::Seq);
    else if (name == "ACK")
      segment_.ack = expression(value, Type::Seq);
    else if (name == "WND")
      segment_.wnd = expression(value, Type::Num);
    else if (name == "UP")
      segment_.up = expression(value, Type::Num);
    else if (name == "MSS")
      segment_.mss = expression(value, Type::Num);
    else if (name == "DATA")
      segment_.data = expression(value, Type::Num);
    else if (name == "CTL")
      flags(value);
    else if (name == "OPT")
      options(value);
    else if (name == "RSV")
      reserved(value);
    else if (name == "BAD")
      damage(value, find_word(kDamages, word), texts_of(kDamages));
    else if (name == "SEC")
      damage(value, word == "other" ? std::optional(Damage::Security) : std::nullopt, {"other"});
    else
      fail(name, fmt::format("unknown field '{}'", name), hint_for(name, kFields));
  }

  // "*" compares with anything. Fields that are not compared when left out need no mark of their own.
  void anything(std::string_view name, std::string_view value) {
    if (use_ == Use::Sent) return fail(value, "'*' stands for anything, which cannot be sent");
    if (name == "SEQ")
      segment_.any_seq = true;
    else if (name == "ACK")
      segment_.any_ack = true;
    else if (name == "DATA")
      segment_.any_data = true;
    else if (name != "CTL" && name != "WND" && name != "UP" && name != "MSS") {
      if (std::find(kFields.begin(), kFields.end(), name) == kFields.end())
        return fail(name, fmt::format("unknown field '{}'", name), hint_for(name, kFields));
      fail(value, fmt::format("'*' has no meaning for {}", name));
    }
  }

  std::optional<Expression> expression(std::string_view value, Type type) {
    auto result = read_expression(value, type, scope_);
    if (auto* error = std::get_if<TextError>(&result)) {
      fail(value.substr(std::min(error->offset, value.size())), std::move(error->message), std::move(error->hint));
      return std::nullopt;
    }
    return std::get<Expression>(std::move(result));
  }

  void flags(std::string_view value) {
    seen_ctl_ = true;
    auto result = read_flags(value);
    if (auto* error = std::get_if<TextError>(&result))
      return fail(value.substr(error->offset), error->message, error->hint);
    segment_.ctl = std::get<wire::Flags>(result);
  }

  void options(std::string_view value) {
    const std::string_view digits = trimmed(value);
    if (digits.empty() || digits.size() % 2 != 0) return fail(value, "OPT is octets in hex, two digits each");
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      unsigned octet = 0;
      for (char c : digits.substr(i, 2)) {
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return fail(digits.substr(i), fmt::format("'{}' is not an octet in hex", digits.substr(i, 2)));
        octet = octet * 16 + static_cast<unsigned>(digit);
      }
      segment_.options.push_back(static_cast<std::uint8_t>(octet));
    }
  }

  void reserved(std::string_view value) {
    const auto bits = expression(value, Type::Num);
    if (error_) return;
    const std::int64_t number = bits->evaluate({});
    const auto tokens = tokenize(value, {});
    const auto* list = std::get_if<std::vector<Token>>(&tokens);
    if (list == nullptr || list->size() != 2 || number < 0 || number > 15)
      return fail(value, "RSV is a number from 0 to 15");
    segment_.reserved = static_cast<std::uint8_t>(number);
  }

  void damage(std::string_view value, std::optional<Damage> found, const Words& known) {
    const std::string_view word = trimmed(value);
    if (!found)
      return fail(word.empty() ? value : word, fmt::format("unknown damage '{}'", word), hint_for(word, known));
    if (segment_.damage != Damage::None) return fail(value, "a segment can be damaged in one way only");
    if (use_ == Use::Observed) return fail(value, "damage can be sent, but not expected");
    segment_.damage = *found;
  }

  std::string_view text_;
  Use use_;
  const Scope& scope_;
  SegmentTemplate segment_;
  std::vector<std::string_view> seen_;
  bool seen_ctl_ = false;
  std::optional<TextError> error_;
};

}  // namespace

Phrase<wire::Flags> read_flags(std::string_view text) {
  wire::Flags flags;
  if (trimmed(text).empty()) return flags;
  for (std::string_view rest = text;;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view word = trimmed(rest.substr(0, comma));
    const auto offset = static_cast<std::size_t>(word.data() - text.data());
    const auto bit = find_word(kFlags, word);
    if (!bit) return TextError{offset, fmt::format("unknown flag '{}'", word), hint_for(word, texts_of(kFlags))};
    if (flags.bits & *bit) return TextError{offset, fmt::format("flag '{}' stands twice", word), {}};
    flags.bits |= *bit;
    if (comma == rest.size()) return flags;
    rest.remove_prefix(comma + 1);
  }
}

Phrase<SegmentTemplate> read_segment(std::string_view text, Use use, const Scope& scope) {
  return SegmentReader(text, use, scope).run();
}

}  // namespace conform::spec
