// Yaml owns the tree of one YAML document: every node knows its place. The only file that includes yaml-cpp is yaml.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/log.h"

namespace conform::spec {

struct Node {
  enum class Kind : std::uint8_t { Null, Scalar, Sequence, Map, Refused };  // Refused: has been reported already

  Kind kind = Kind::Null;
  bool quoted = false;       // a scalar in quotes, or a block scalar
  bool in_flow = false;      // stands inside [...] or {...}
  int line = 0, column = 0;  // from 1
  int text_column = 0;       // the column where the text itself stands, letter by letter; 0 if it is folded or escaped
  std::string text;          // of a scalar
  std::vector<Node> keys;    // of a map, scalars all
  std::vector<Node> items;   // of a sequence, or the values of a map's keys

  // The value of a key of a map; null without one.
  const Node* find(std::string_view key) const;
  // What it is, in words: "a list".
  std::string_view describe() const;
};

// Reads one document. Nothing if it is not YAML; a tree, and diagnostics in `log`, if parts of it are refused:
// duplicate keys, anchors, aliases, tags, merge keys, further documents.
std::optional<Node> parse_yaml(std::string_view text, const std::string& file, Log& log);

// Reads a whole file. Nothing, and a diagnostic in `log`, if it cannot be read or is too large.
std::optional<std::string> read_file(const std::string& file, Log& log);

}  // namespace conform::spec
