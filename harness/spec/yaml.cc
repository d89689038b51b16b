#include "harness/spec/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "harness/spec/guard.h"

namespace conform::spec {

namespace {

constexpr std::size_t kMaxNodes = 200'000;

// Thrown through yaml-cpp's recursive descent to end it; stops in parse_yaml.
struct Enough {
  struct Place {
    int line, column;  // from 0
    Place(int l, int c) : line(l), column(c) {}
    Place(const YAML::Mark& mark) : line(mark.line), column(mark.column) {}
  };
  Place mark;
  std::string message;
};

// Builds the tree from yaml-cpp's events, which (unlike its nodes) keep duplicate keys, quoting and tags apart.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const std::string& file, Log& log) : file_(file), log_(log) {
    for (std::size_t start = 0; start <= text.size();) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      lines_.push_back(text.substr(start, end - start));
      start = end + 1;
    }
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw Enough{mark, "a second document; a file holds one"};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(node(mark, Node::Kind::Null)); }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    log_.add(place(mark), fmt::format("anchor '&{}'; anchors are not part of the language", name), quote_hint("&"));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    log_.add(place(mark), "alias; aliases are not part of the language", quote_hint("*"));
    add(node(mark, Node::Kind::Refused));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    Node scalar = node(mark, Node::Kind::Scalar);
    check_tag(mark, tag);
    scalar.text = value;
    std::replace(scalar.text.begin(), scalar.text.end(), kProtectedComma, ',');
    scalar.quoted = tag != "?";
    scalar.text_column = verbatim_column(scalar);
    if (scalar.quoted && !quote_closed(scalar)) log_.add(place(mark), "the quote that begins here is not closed");
    add(std::move(scalar));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value style) override {
    open(mark, tag, Node::Kind::Sequence, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value style) override {
    open(mark, tag, Node::Kind::Map, style);
  }
  void OnMapEnd() override { close(); }

  Node take() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    std::optional<Node> key;  // of a map: waits for its value
    bool flow = false;
  };

  Mark place(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }
  static std::string quote_hint(std::string_view sign) { return fmt::format("quote text that begins with '{}'", sign); }

  Node node(const YAML::Mark& mark, Node::Kind kind) {
    if (++nodes_ > kMaxNodes) throw Enough{mark, fmt::format("more than {} nodes", kMaxNodes)};
    Node made;
    made.kind = kind;
    made.line = mark.line + 1;
    made.column = mark.column + 1;
    made.in_flow = !open_.empty() && open_.back().flow;
    return made;
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    log_.add(place(mark), fmt::format("tag '{}'; tags are not part of the language", tag), quote_hint("!"));
  }

  void open(const YAML::Mark& mark, const std::string& tag, Node::Kind kind, YAML::EmitterStyle::value style) {
    if (open_.size() >= kMaxNesting) throw Enough{mark, fmt::format("nested deeper than {} levels", kMaxNesting)};
    check_tag(mark, tag);
    const bool flow = style == YAML::EmitterStyle::Flow || (!open_.empty() && open_.back().flow);
    Node made = node(mark, kind);
    open_.push_back({std::move(made), std::nullopt, flow});
  }

  void close() {
    Node done = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(done));
  }

  void add(Node made) {
    if (open_.empty()) {
      root_ = std::move(made);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Node::Kind::Sequence) {
      parent.node.items.push_back(std::move(made));
    } else if (!parent.key) {
      parent.key = std::move(made);
    } else {
      const Node key = std::move(*parent.key);
      parent.key.reset();
      add_entry(parent.node, key, std::move(made));
    }
  }

  void add_entry(Node& map, const Node& key, Node value) {
    const Mark mark{file_, key.line, key.column};
    if (key.kind == Node::Kind::Refused) return;
    if (key.kind != Node::Kind::Scalar) {
      log_.add(mark, fmt::format("expected a key, found {}", key.describe()));
      return;
    }
    if (key.text == "<<") {
      log_.add(mark, "merge key '<<'; merging is not part of the language");
      return;
    }
    if (map.find(key.text) != nullptr) {
      const auto first =
          std::find_if(map.keys.begin(), map.keys.end(), [&](const Node& k) { return k.text == key.text; });
      log_.add(mark, fmt::format("key '{}' stands twice, first in line {}", key.text, first->line));
      return;
    }
    // The place of a missing value is yaml-cpp's next token, which may be lines away.
    if (value.kind == Node::Kind::Null) value.line = key.line, value.column = key.column;
    if (map.keys.size() >= kMaxKeys) {
      throw Enough{{key.line - 1, key.column - 1}, fmt::format("more than {} keys in one map", kMaxKeys)};
    }
    map.keys.push_back(key);
    map.items.push_back(std::move(value));
  }

  // yaml-cpp 0.7 takes the end of the file for the end of a quote.
  bool quote_closed(const Node& scalar) const {
    std::size_t index = static_cast<std::size_t>(scalar.line) - 1, at = static_cast<std::size_t>(scalar.column) - 1;
    if (index >= lines_.size() || at >= lines_[index].size()) return true;
    const char quote = lines_[index][at++];
    if (quote != '"' && quote != '\'') return true;  // a block scalar, or behind a tag that is refused anyway
    for (; index < lines_.size(); ++index, at = 0) {
      const std::string_view line = lines_[index];
      for (; at < line.size(); ++at) {
        const bool escape = quote == '"' ? line[at] == '\\' : line.substr(at, 2) == "''";
        if (escape)
          ++at;
        else if (line[at] == quote)
          return true;
      }
    }
    return false;
  }

  int verbatim_column(const Node& scalar) const {
    if (scalar.line < 1 || static_cast<std::size_t>(scalar.line) > lines_.size()) return 0;
    const std::string_view line = lines_[static_cast<std::size_t>(scalar.line) - 1];
    const auto start = static_cast<std::size_t>(scalar.column) - 1;
    if (start >= line.size()) return 0;
    const std::size_t quote = scalar.quoted && (line[start] == '"' || line[start] == '\'') ? 1 : 0;
    const bool same = line.substr(start + quote, scalar.text.size()) == scalar.text;
    return same && (quote == 1 || !scalar.quoted) ? scalar.column + static_cast<int>(quote) : 0;
  }

  static constexpr std::size_t kMaxKeys = 256;

  const std::string& file_;
  Log& log_;
  std::vector<std::string_view> lines_;
  std::vector<Open> open_;
  Node root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

std::string_view Node::describe() const {
  switch (kind) {
    case Kind::Null: return "nothing";
    case Kind::Scalar: return "text";
    case Kind::Sequence: return "a list";
    case Kind::Map: return "a map";
    case Kind::Refused: return "an alias";
  }
  return "?";
}

std::optional<Node> parse_yaml(std::string_view text, const std::string& file, Log& log) {
  log.begin_file(file);
  const std::optional<std::string> safe = guarded(text, file, log);
  if (!safe) return std::nullopt;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  TreeBuilder builder(text, file, log);
  try {
    std::istringstream stream(*safe);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Enough& enough) {
    log.add({file, enough.mark.line + 1, enough.mark.column + 1}, enough.message);
    return std::nullopt;
  } catch (const YAML::Exception& exception) {
    const bool placed = exception.mark.line >= 0;
    log.add({file, placed ? exception.mark.line + 1 : 0, placed ? exception.mark.column + 1 : 0},
            "not YAML: " + exception.msg);
    return std::nullopt;
  } catch (const std::exception& exception) {
    log.add({file, 0, 0}, std::string("not YAML: ") + exception.what());
    return std::nullopt;
  }
  Node root = builder.take();
  if (root.kind == Node::Kind::Null) {
    log.add({file, 1, 1}, "the file is empty");
    return std::nullopt;
  }
  return root;
}

std::optional<std::string> read_file(const std::string& file, Log& log) {
  log.begin_file(file);
  std::ifstream stream(file, std::ios::binary);
  std::string text(kMaxFileSize + 1, '\0');
  if (!stream || (!stream.read(text.data(), static_cast<std::streamsize>(text.size())) && !stream.eof())) {
    log.add({file, 0, 0}, "cannot be read");
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace conform::spec
