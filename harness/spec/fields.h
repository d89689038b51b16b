// Fields owns how the fields of a map are taken: known keys, required ones, and each kind of value with its errors.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/phrases.h"
#include "harness/spec/yaml.h"

namespace conform::spec {

// What reading one file needs: its name, the names its expressions may use, and where errors go.
class Fields {
 public:
  Fields(std::string file, const Scope& scope, Log& log) : file_(std::move(file)), scope_(scope), log_(log) {}

  Mark mark(const Node& node) const { return {file_, node.line, node.column}; }
  const Scope& scope() const { return scope_; }
  void error(const Node& node, std::string message, std::string hint = {});
  // At an offset inside a scalar, as exactly as the file allows.
  void error(const Node& node, TextError error);

  // The items of a list; one item may stand without it. Nothing, and an error, for a map.
  std::vector<const Node*> list(const Node& node);
  // The items of a list of maps.
  std::vector<const Node*> maps(const Node& node, std::string_view what);

  // Each of these gives a neutral value after an error; a broken expression is a constant 0 without text.
  std::string text(const Node& node);
  std::vector<std::string> texts(const Node& node);
  std::string name(const Node& node, std::string_view kind);  // letters, digits and hyphens
  std::vector<std::string> requirements(const Node& node);    // MUST-58
  bool boolean(const Node& node);
  StateSet states(const Node& node);
  std::optional<wire::State> state(const Node& node);
  ProfileSet profiles(const Node& node);
  Expression expression(const Node& node, Type type);
  Expression time(const Node& node);
  std::optional<SegmentTemplate> segment(const Node& node, Use use);
  std::vector<SegmentTemplate> segments(const Node& node, Use use);
  std::vector<SignalSet> signals(const Node& node);
  std::optional<AnswerSet> answers(const Node& node);

  template <typename T, std::size_t n>
  std::optional<T> word(const Node& node, const Word<T> (&words)[n], std::string_view kind) {
    const std::string written = text(node);
    if (written.empty()) return std::nullopt;
    const std::optional<T> found = find_word(words, written);
    if (!found) error(node, "unknown " + std::string(kind) + " '" + written + "'", hint_for(written, texts_of(words)));
    return found;
  }

  // The value of a phrase; nothing, and an error at its place, if there is none.
  template <typename T>
  std::optional<T> take(const Node& node, Phrase<T> phrase) {
    if (auto* wrong = std::get_if<TextError>(&phrase)) {
      error(node, std::move(*wrong));
      return std::nullopt;
    }
    return std::get<T>(std::move(phrase));
  }

  // The text of a scalar that has a notation of its own (an expression, a segment); nothing, and an error, for others.
  std::optional<std::string_view> phrase(const Node& node, std::string_view what);

 private:
  bool misleading(const Node& node);  // plain text that YAML readers take for something else

  std::string file_;
  const Scope& scope_;
  Log& log_;
};

// A map whose keys are known. Its constructor reports unknown keys, and keys without a value.
class MapFields {
 public:
  MapFields(const Node& node, std::string_view what, std::span<const std::string_view> keys, Fields& fields);

  const Node* get(std::string_view key) const;   // null if it is not there
  const Node* need(std::string_view key) const;  // the same, with an error
  bool has_any(std::span<const std::string_view> keys) const;
  const Node& node() const { return node_; }

 private:
  const Node& node_;
  std::string_view what_;
  Fields& fields_;
};

}  // namespace conform::spec
