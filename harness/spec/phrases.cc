#include "harness/spec/phrases.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/spec/lexer.h"

namespace conform::spec {

namespace {

std::size_t offset_in(std::string_view whole, std::string_view part) {
  return static_cast<std::size_t>(part.data() - whole.data());
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trimmed(text)).empty()) {
    const std::size_t length = std::min(text.find_first_of(" \n"), text.size());
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return words;
}

TextError unknown(std::string_view whole, std::string_view part, std::string_view kind, const Words& known) {
  return {offset_in(whole, part), fmt::format("unknown {} '{}'", kind, part), hint_for(part, known)};
}

// "a | b": a set of words, each to be found by `find`.
template <typename Set, typename Find>
Phrase<Set> read_set(std::string_view text, std::string_view kind, const Words& known, Find find) {
  Set set;
  for (std::string_view rest = text;;) {
    const std::size_t bar = std::min(rest.find('|'), rest.size());
    const std::string_view word = trimmed(rest.substr(0, bar));
    if (word.empty()) return TextError{offset_in(text, rest), fmt::format("{} is missing", kind), {}};
    const std::optional<std::size_t> index = find(word);
    if (!index) return unknown(text, word, kind, known);
    if (set[*index]) return TextError{offset_in(text, word), fmt::format("{} '{}' stands twice", kind, word), {}};
    set[*index] = true;
    if (bar == rest.size()) return set;
    rest.remove_prefix(bar + 1);
  }
}

// Options of a call: "urgent", "push", "timeout=10s". False if the word is none of them.
Phrase<bool> read_option(std::string_view word, UserCall& call) {
  if (call.verb == Verb::Send && word == "urgent") return !std::exchange(call.urgent, true);
  if (call.verb == Verb::Send && word == "push") return !std::exchange(call.push, true);
  constexpr std::string_view kTimeout = "timeout=";
  if ((call.verb != Verb::Open && call.verb != Verb::Send) || !word.starts_with(kTimeout)) return false;
  auto time = read_duration(word.substr(kTimeout.size()));
  if (auto* error = std::get_if<TextError>(&time)) {
    error->offset += kTimeout.size();
    return *error;
  }
  const bool first = call.timeout_ms == 0;
  call.timeout_ms = static_cast<std::uint32_t>(std::get<std::int64_t>(time));
  if (call.timeout_ms == 0) return TextError{kTimeout.size(), "a user timeout of 0 is none at all", {}};
  return first;
}

std::optional<std::uint32_t> read_length(std::string_view word) {
  std::int64_t value = 0;
  if (word.empty() || (word.size() > 1 && word[0] == '0')) return std::nullopt;
  for (char c : word) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
    if (value > kMaxCallLength) return std::nullopt;
  }
  return static_cast<std::uint32_t>(value);
}

}  // namespace

Phrase<Expression> read_expression(std::string_view text, Type wanted, const Scope& scope) {
  auto result = compile(text, scope);
  if (auto* error = std::get_if<TextError>(&result)) return std::move(*error);
  Code& code = std::get<Code>(result);
  const bool literal = wanted == Type::Seq && code.type == Type::Num && code.constant;
  if (code.type != wanted && !literal) {
    const auto offset = code.source.empty() ? 0 : offset_in(text, code.source);
    const std::string hint = code.source == "SEG.ACK" && wanted == Type::Bool ? "did you mean 'SEG.CTL.ACK'?" : "";
    return TextError{
        offset, fmt::format("expected {}, but '{}' is {}", describe(wanted), code.source, describe(code.type)), hint};
  }
  return Expression(code.instructions, wanted, std::string(trimmed(text)));
}

Phrase<Expression> read_time(std::string_view text, const Scope& scope) {
  const auto tokens = tokenize(text, scope.words());
  if (const auto* list = std::get_if<std::vector<Token>>(&tokens); list && list->size() == 2) {
    const Token& only = list->front();
    if (only.kind == Token::Kind::Number && !only.has_unit && only.number != 0) {
      return TextError{only.offset, fmt::format("time '{}' without a unit", only.text),
                       fmt::format("as in '{0} ms', '{0} s', '{0} min'", only.text)};
    }
  }
  return read_expression(text, Type::Num, scope);
}

Phrase<UserCall> read_call(std::string_view text) {
  const std::vector<std::string_view> words = words_of(text);
  if (words.empty()) return TextError{0, "a user call is missing", hint_for("", texts_of(kVerbs))};
  const auto verb = find_word(kVerbs, words[0]);
  if (!verb) return unknown(text, words[0], "user call", texts_of(kVerbs));
  UserCall call;
  call.verb = *verb;
  std::size_t next = 1;
  const auto take = [&](std::string_view word) {
    return next < words.size() && words[next] == word ? ++next != 0 : false;
  };
  const std::size_t after = offset_in(text, words[0]) + words[0].size();
  if (*verb == Verb::Open) {
    call.active = take("active");
    if (!call.active && !take("passive")) {
      return TextError{
          next < words.size() ? offset_in(text, words[next]) : after, "OPEN is either 'active' or 'passive'", {}};
    }
    call.remote_specified = call.active ? !take("unspecified") : take("specified");
  }
  if (*verb == Verb::Send || *verb == Verb::Receive) {
    const auto length = next < words.size() ? read_length(words[next]) : std::nullopt;
    if (!length) {
      return TextError{next < words.size() ? offset_in(text, words[next]) : after,
                       fmt::format("{} wants a number of octets, at most {}", words[0], kMaxCallLength),
                       {}};
    }
    call.length = *length;
    ++next;
  }
  for (; next < words.size(); ++next) {
    auto known = read_option(words[next], call);
    if (auto* error = std::get_if<TextError>(&known)) {
      error->offset += offset_in(text, words[next]);
      return std::move(*error);
    }
    if (std::get<bool>(known)) continue;
    return TextError{offset_in(text, words[next]), fmt::format("'{}' has no place in {}", words[next], words[0]),
                     *verb == Verb::Send ? hint_for(words[next], {"urgent", "push", "timeout="}) : ""};
  }
  return call;
}

Phrase<PeerStep> read_peer(std::string_view text) {
  constexpr std::uint32_t kMost = 255;
  std::vector<std::string_view> words = words_of(text);
  if (words.empty()) return TextError{0, "what the peer does is missing", "as in 'takes 0', 'loses 1', 'takes again 0'"};
  PeerStep step;
  const bool again = words.size() > 1 && words[0] == "takes" && words[1] == "again";
  if (again) step.what = PeerStep::What::TakesAgain;
  if (words[0] == "loses") step.what = PeerStep::What::Loses;
  else if (words[0] != "takes") return unknown(text, words[0], "deed of the peer", {"takes", "loses", "takes again"});
  const std::size_t at = again ? 2 : 1;
  const auto which = at < words.size() ? read_length(words[at]) : std::nullopt;
  if (!which || *which > kMost || words.size() > at + 1) {
    const std::size_t wrong = which && *which <= kMost ? at + 1 : at;
    return TextError{wrong < words.size() ? offset_in(text, words[wrong]) : text.size(),
                     fmt::format("'{}' wants one number, at most {}", again ? "takes again" : words[0], kMost), {}};
  }
  step.which = static_cast<std::uint8_t>(*which);
  return step;
}

Phrase<std::int64_t> read_duration(std::string_view text) {
  auto tokens = tokenize(text, {});
  if (auto* error = std::get_if<TextError>(&tokens)) return std::move(*error);
  const auto& list = std::get<std::vector<Token>>(tokens);
  if (list.size() == 1) return TextError{0, "a time is missing", "as in '500 ms', '2 s', '4 min'"};
  if (list[0].kind != Token::Kind::Number || list.size() > 2) {
    return TextError{list[0].kind == Token::Kind::Number ? list[1].offset : 0, fmt::format("'{}' is not a time", text),
                     "as in '500 ms', '2 s', '4 min'"};
  }
  if (!list[0].has_unit && list[0].number != 0) {
    return TextError{0, fmt::format("time '{}' without a unit", list[0].text),
                     fmt::format("as in '{0} ms', '{0} s', '{0} min'", list[0].text)};
  }
  return list[0].number;
}

Phrase<Effect> read_effect(std::string_view text, const Scope& scope) {
  const std::size_t arrow = text.find("<-");
  if (arrow == std::string_view::npos) {
    const std::string_view word = trimmed(text);
    if (const auto action = find_word(kActions, word)) return Effect(*action);
    return unknown(text, word, "action", texts_of(kActions));
  }
  const std::string_view name = trimmed(text.substr(0, arrow));
  const auto found = std::find_if(std::begin(kVars), std::end(kVars), [&](const VarInfo& v) { return v.name == name; });
  if (found == std::end(kVars)) return unknown(text, name, "variable", variable_words());
  const auto variable = static_cast<Var>(found - std::begin(kVars));
  if (variable == Var::StateNow || variable == Var::Now) {
    return TextError{offset_in(text, name), fmt::format("'{}' cannot be assigned", name),
                     variable == Var::StateNow ? "use 'next'" : ""};
  }
  auto value = read_expression(text.substr(arrow + 2), found->type, scope);
  if (auto* error = std::get_if<TextError>(&value)) {
    error->offset += arrow + 2;
    return std::move(*error);
  }
  return Effect(Assignment{variable, std::get<Expression>(std::move(value))});
}

Phrase<AnswerSet> read_answers(std::string_view text) {
  return read_set<AnswerSet>(text, "answer", answer_words(), [](std::string_view word) -> std::optional<std::size_t> {
    const auto answer = parse_answer(word);
    if (!answer || *answer == Answer::Unsupported) return std::nullopt;
    return static_cast<std::size_t>(*answer);
  });
}

Phrase<SignalSet> read_signals(std::string_view text) {
  return read_set<SignalSet>(text, "signal", signal_words(), [](std::string_view word) -> std::optional<std::size_t> {
    const auto kind = parse_signal(word);
    if (!kind) return std::nullopt;
    return static_cast<std::size_t>(*kind);
  });
}

}  // namespace conform::spec
