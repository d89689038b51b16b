#include "harness/spec/compiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/spec/lexer.h"

namespace conform::spec {

namespace {

std::string subject(const Code& code) {
  if (code.state) return fmt::format("'{}' is the name of a state", code.source);
  return fmt::format("'{}' is {}", code.source, describe(code.type));
}

// SEG.ACK is a number and SEG.CTL.ACK a bit: the commonest slip.
std::string bit_hint(const Code& code) { return code.source == "SEG.ACK" ? "did you mean 'SEG.CTL.ACK'?" : ""; }

class Compiler {
 public:
  Compiler(std::string_view text, const Scope& scope) : text_(text), scope_(scope) {}

  std::variant<Code, TextError> run() {
    auto tokens = tokenize(text_, scope_.words());
    if (auto* error = std::get_if<TextError>(&tokens)) return *error;
    tokens_ = std::get<std::vector<Token>>(std::move(tokens));
    if (tokens_.size() == 1) return TextError{0, "an expression is missing", {}};
    Code code = disjunction();
    if (!error_ && now().kind != Token::Kind::End) unexpected("an operator");
    if (error_) return *error_;
    return code;
  }

 private:
  // Once something is wrong, the tokens are at their end and every loop stops.
  Code fail(std::size_t offset, std::string message, std::string hint = {}) {
    if (!error_) error_ = TextError{offset, std::move(message), std::move(hint)};
    at_ = tokens_.size() - 1;
    return {};
  }
  Code fail_at(const Code& code, std::string message, std::string hint = {}) {
    return fail(offset_of(code), std::move(message), std::move(hint));
  }
  Code unexpected(std::string_view wanted) {
    const Token& token = now();
    if (token.kind == Token::Kind::End)
      return fail(token.offset, fmt::format("expected {}, but the text ends", wanted));
    if (token.kind == Token::Kind::Unknown) return unknown(scope_.words(), "name");
    return fail(token.offset, fmt::format("expected {}, found '{}'", wanted, token.text));
  }
  Code unknown(const Words& words, std::string_view kind) {
    return fail(now().offset, fmt::format("unknown {} '{}'", kind, now().text), hint_for(now().text, words));
  }

  const Token& now() const { return tokens_[at_]; }
  bool at(std::string_view text) const {
    return (now().kind == Token::Kind::Sign || now().kind == Token::Kind::Name) && now().text == text;
  }
  bool take(std::string_view text) {
    if (!at(text)) return false;
    ++at_;
    return true;
  }

  std::size_t offset_of(const Code& code) const {
    return code.source.empty() ? now().offset : static_cast<std::size_t>(code.source.data() - text_.data());
  }
  std::string_view span(const Code& first, const Code& last) const {
    if (first.source.empty() || last.source.empty()) return {};
    return {first.source.data(),
            static_cast<std::size_t>(last.source.data() + last.source.size() - first.source.data())};
  }

  // Appends code, moving its jumps to where it then stands.
  void append(Code& to, const Code& from) {
    const auto base = static_cast<std::int64_t>(to.instructions.size());
    for (Instruction instruction : from.instructions) {
      if (instruction.op == Op::JumpIfFalse || instruction.op == Op::JumpIfTrue) instruction.operand += base;
      to.instructions.push_back(instruction);
    }
    check(to);
  }
  void check(const Code& code) {
    if (code.instructions.size() > kMaxInstructions)
      fail(0, fmt::format("expression of more than {} instructions", kMaxInstructions));
    if (code.depth > kMaxStack) fail(0, fmt::format("expression needs a stack of more than {} values", kMaxStack));
  }

  Code binary(Op op, const Code& left, const Code& right, Type type) {
    Code code;
    code.type = type;
    code.depth = std::max(left.depth, right.depth + 1);
    code.constant = left.constant && right.constant;
    append(code, left);
    append(code, right);
    code.instructions.push_back({op, 0});
    return code;
  }

  // a and b: when a settles it, b is not evaluated, and a's value stays.
  Code short_circuit(Op jump, const Code& left, const Code& right) {
    Code code = left;
    const std::size_t jump_at = code.instructions.size();
    code.instructions.push_back({jump, 0});
    code.instructions.push_back({Op::Pop, 0});
    code.depth = std::max(left.depth, right.depth);
    append(code, right);
    code.instructions[jump_at].operand = static_cast<std::int64_t>(code.instructions.size());
    code.constant = false;
    code.source = span(left, right);
    return code;
  }

  Code junction(std::string_view word, Op jump, Code (Compiler::*operand)()) {
    Code left = (this->*operand)();
    while (!error_ && take(word)) {
      const Code right = (this->*operand)();
      for (const Code* side : {&std::as_const(left), &right}) {
        if (!error_ && side->type != Type::Bool)
          fail_at(*side, fmt::format("'{}' joins truth values, but {}", word, subject(*side)), bit_hint(*side));
      }
      if (error_) return {};
      left = short_circuit(jump, left, right);
    }
    return left;
  }
  Code disjunction() { return junction("or", Op::JumpIfTrue, &Compiler::conjunction); }
  Code conjunction() { return junction("and", Op::JumpIfFalse, &Compiler::negation); }

  Code negation() {
    if (!at("not")) return comparison();
    const std::size_t offset = now().offset;
    if (++nesting_ > kMaxParentheses) return fail(offset, fmt::format("nested deeper than {} levels", kMaxParentheses));
    take("not");
    Code code = negation();
    --nesting_;
    if (error_) return {};
    if (code.type != Type::Bool)
      return fail_at(code, fmt::format("'not' wants a truth value, but {}", subject(code)), bit_hint(code));
    code.instructions.push_back({Op::Not, 0});
    code.source = text_.substr(offset, offset_of(code) + code.source.size() - offset);
    return code;
  }

  static bool is_comparison(std::string_view sign) {
    return sign == "=" || sign == "!=" || sign == "<" || sign == "=<" || sign == ">" || sign == ">=";
  }

  // a < b =< c: each link is compared by itself; what stands in the middle is evaluated twice.
  Code comparison() {
    Code left = sum();
    if (error_ || now().kind != Token::Kind::Sign || !is_comparison(now().text)) {
      if (!error_ && (left.state || left.is_state))
        return fail_at(left, fmt::format("'{}' must be compared", left.source), "as in 'STATE = ESTABLISHED'");
      return left;
    }
    std::optional<Code> chain;
    while (!error_ && now().kind == Token::Kind::Sign && is_comparison(now().text)) {
      const Token sign = now();
      ++at_;
      if (left.is_state && now().kind == Token::Kind::Unknown) return unknown(state_names(), "state");
      Code right = sum();
      if (error_) return {};
      Code link = compare(sign, left, right);
      link.source = span(left, right);
      chain = chain ? short_circuit(Op::JumpIfFalse, *chain, link) : link;
      left = std::move(right);
    }
    return error_ ? Code{} : *chain;
  }

  static Words state_names() {
    Words words;
    for (wire::State state : wire::kAllStates) words.push_back(wire::to_string(state));
    return words;
  }

  Code compare(const Token& sign, const Code& left, const Code& right) {
    const bool equality = sign.text == "=" || sign.text == "!=";
    if (left.is_state || right.is_state || left.state || right.state) {
      const bool good = equality && ((left.is_state && right.state) || (left.state && right.is_state));
      if (!good) return fail(sign.offset, "STATE can only be compared with the name of a state, by '=' or '!='");
      return binary(sign.text == "=" ? Op::Equal : Op::NotEqual, left, right, Type::Bool);
    }
    for (const Code* side : {&left, &right}) {
      if (side->type == Type::Bool) {
        return fail_at(*side, fmt::format("'{}' compares numbers, but {}", sign.text, subject(*side)),
                       "truth values are joined by 'and', 'or', 'not'");
      }
    }
    if (left.type != right.type && !literal_for(left, right) && !literal_for(right, left)) {
      return fail(sign.offset, fmt::format("{}, but {}", subject(left), subject(right)),
                  "only a plain number can be compared with a sequence number");
    }
    const bool seq = left.type == Type::Seq || right.type == Type::Seq;
    if (sign.text == "=") return binary(Op::Equal, left, right, Type::Bool);
    if (sign.text == "!=") return binary(Op::NotEqual, left, right, Type::Bool);
    if (sign.text == "<") return binary(seq ? Op::SeqLess : Op::Less, left, right, Type::Bool);
    if (sign.text == "=<") return binary(seq ? Op::SeqLessEqual : Op::LessEqual, left, right, Type::Bool);
    if (sign.text == ">") return binary(seq ? Op::SeqLess : Op::Less, right, left, Type::Bool);
    return binary(seq ? Op::SeqLessEqual : Op::LessEqual, right, left, Type::Bool);
  }
  static bool literal_for(const Code& number, const Code& seq) {
    return number.type == Type::Num && number.constant && seq.type == Type::Seq;
  }

  bool arithmetic(const Token& sign, const Code& left, const Code& right) {
    for (const Code* side : {&left, &right}) {
      if (error_) return false;
      if (side->type == Type::Bool || side->state || side->is_state) {
        fail_at(*side, fmt::format("'{}' wants numbers, but {}", sign.text,
                                   side->is_state ? "'STATE' is a state" : subject(*side)));
      }
    }
    return !error_;
  }

  Code sum() {
    Code left = product();
    while (!error_ && (at("+") || at("-"))) {
      const Token sign = now();
      ++at_;
      const Code right = product();
      if (!arithmetic(sign, left, right)) return {};
      const bool seq_left = left.type == Type::Seq, seq_right = right.type == Type::Seq;
      const bool plus = sign.text == "+";
      Code code;
      if (!seq_left && !seq_right)
        code = binary(plus ? Op::Add : Op::Subtract, left, right, Type::Num);
      else if (plus && seq_left && seq_right)
        return fail(sign.offset, "two sequence numbers cannot be added");
      else if (plus)
        code = binary(Op::SeqAdd, left, right, Type::Seq);
      else if (!seq_left)
        return fail(sign.offset, "a sequence number cannot be subtracted from a number");
      else if (seq_right)
        code = binary(Op::SeqDistance, left, right, Type::Num);
      else
        code = binary(Op::SeqSubtract, left, right, Type::Seq);
      code.source = span(left, right);
      left = std::move(code);
    }
    return left;
  }

  Code product() {
    Code left = primary();
    while (!error_ && (at("*") || at("/"))) {
      const Token sign = now();
      ++at_;
      const Code right = primary();
      if (!arithmetic(sign, left, right)) return {};
      for (const Code* side : {&std::as_const(left), &right}) {
        if (side->type == Type::Seq)
          return fail_at(*side, fmt::format("'{}' wants plain numbers, but {}", sign.text, subject(*side)));
      }
      Code code = binary(sign.text == "*" ? Op::Multiply : Op::Divide, left, right, Type::Num);
      code.source = span(left, right);
      left = std::move(code);
    }
    return left;
  }

  Code primary() {
    const Token token = now();
    if (token.kind == Token::Kind::Number) return constant(Type::Num, token.number);
    if (at("true") || at("false")) return constant(Type::Bool, token.text == "true");
    if (at("(")) return parenthesis();
    if (at("max") || at("min")) return call();
    if (token.kind != Token::Kind::Name || is_reserved(token.text)) return unexpected("a value");
    return name();
  }

  Code constant(Type type, std::int64_t value) {
    Code code;
    code.instructions = {{Op::Constant, value}};
    code.type = type;
    code.constant = true;
    code.source = now().text;
    ++at_;
    return code;
  }

  Code parenthesis() {
    const std::size_t offset = now().offset;
    if (++nesting_ > kMaxParentheses) return fail(offset, fmt::format("nested deeper than {} levels", kMaxParentheses));
    take("(");
    Code code = disjunction();
    --nesting_;
    if (error_) return {};
    const std::size_t end = now().offset + 1;
    if (!take(")")) return unexpected("')'");
    code.source = text_.substr(offset, end - offset);
    return code;
  }

  // max(a, b), min(a, b): of numbers, or of sequence numbers by their order modulo 2^32.
  Code call() {
    const Token function = now();
    if (++nesting_ > kMaxParentheses)
      return fail(function.offset, fmt::format("nested deeper than {} levels", kMaxParentheses));
    ++at_;
    if (!take("(")) return unexpected("'('");
    const Code first = disjunction();
    if (!error_ && !take(",")) return unexpected("','");
    const Code second = disjunction();
    const std::size_t end = now().offset + 1;
    if (!error_ && !take(")")) return unexpected("')'");
    --nesting_;
    if (!arithmetic(function, first, second)) return {};
    if (first.type != second.type)
      return fail(function.offset,
                  fmt::format("'{}' of different types: {}, but {}", function.text, subject(first), subject(second)));
    const bool seq = first.type == Type::Seq, max = function.text == "max";
    Code code = binary(seq ? (max ? Op::SeqMax : Op::SeqMin) : (max ? Op::Max : Op::Min), first, second, first.type);
    code.source = text_.substr(function.offset, end - function.offset);
    return code;
  }

  Code name() {
    const Token token = now();
    ++at_;
    Code code;
    if (const auto state = wire::parse_state(token.text)) {
      code.instructions = {{Op::Constant, static_cast<std::int64_t>(*state)}};
      code.type = Type::Num;
      code.state = state;
    } else if (scope_.defines(token.text)) {
      const Code* definition = scope_.definition(token.text);
      if (definition == nullptr) return fail(token.offset, {});
      code = *definition;
    } else {
      for (std::size_t i = 0; i < kVarCount; ++i) {
        if (kVars[i].name != token.text) continue;
        code.instructions = {{Op::Variable, static_cast<std::int64_t>(i)}};
        code.type = kVars[i].type;
        code.is_state = static_cast<Var>(i) == Var::StateNow;
      }
    }
    code.source = token.text;
    return code;
  }

  std::string_view text_;
  const Scope& scope_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
  std::optional<TextError> error_;
};

}  // namespace

std::variant<Code, TextError> compile(std::string_view text, const Scope& scope) { return Compiler(text, scope).run(); }

std::string_view describe(Type type) {
  switch (type) {
    case Type::Bool: return "a truth value";
    case Type::Num: return "a number";
    case Type::Seq: return "a sequence number";
  }
  return "?";
}

}  // namespace conform::spec
