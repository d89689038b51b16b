#include "harness/spec/fields.h"

#include <fmt/format.h>

#include <algorithm>

namespace conform::spec {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return low;
}

bool is_truth(std::string_view text) {
  constexpr std::string_view kTruths[] = {"yes", "no", "on", "off", "y", "n", "true", "false"};
  return std::find(std::begin(kTruths), std::end(kTruths), lower(text)) != std::end(kTruths);
}

bool is_octal(std::string_view text) {
  return text.size() > 1 && text[0] == '0' && (std::all_of(text.begin(), text.end(), is_digit) || text[1] == 'o');
}

// What YAML readers take for a number: 3.10, 1e3, 0x10, .inf, also 1:30 (sexagesimal).
bool is_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (lower(text) == ".inf" || lower(text) == ".nan") return true;
  if (text.starts_with("0x"))
    return text.size() > 2 && text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
  std::size_t digits = 0, dots = 0, exponents = 0;
  for (char c : text) {
    if (is_digit(c))
      ++digits;
    else if (c == '.' && exponents == 0)
      ++dots;
    else if ((c == 'e' || c == 'E') && digits > 0)
      ++exponents;
    else if (c != '_' && c != ':')
      return false;
  }
  return digits > 0 && dots <= 1 && exponents <= 1 && (is_digit(text[0]) || text[0] == '.') && !text.ends_with(':');
}

// Stands for an expression that has been reported. It is not `true`, from which more errors would follow.
Expression broken(Type type) { return Expression({{Op::Constant, 0}}, type, ""); }

}  // namespace

void Fields::error(const Node& node, std::string message, std::string hint) {
  log_.add(mark(node), std::move(message), std::move(hint));
}

void Fields::error(const Node& node, TextError error) {
  if (error.message.empty()) return;
  Mark place = mark(node);
  if (node.text_column > 0) place.column = node.text_column + static_cast<int>(error.offset);
  const bool cut =
      node.in_flow && !node.quoted && error.offset <= node.text.size() &&
      std::count(node.text.begin(), node.text.end(), '(') != std::count(node.text.begin(), node.text.end(), ')');
  if (cut && error.hint.empty()) error.hint = "a comma inside [] or {} ends the text: quote it";
  log_.add(place, std::move(error.message), std::move(error.hint));
}

std::vector<const Node*> Fields::list(const Node& node) {
  std::vector<const Node*> items;
  if (node.kind == Node::Kind::Scalar) return {&node};
  if (node.kind == Node::Kind::Map) error(node, "expected text or a list of texts, found a map");
  if (node.kind != Node::Kind::Sequence) return {};
  for (const Node& item : node.items) {
    if (item.kind == Node::Kind::Null)
      error(item, "an item of the list is empty");
    else
      items.push_back(&item);
  }
  return items;
}

std::vector<const Node*> Fields::maps(const Node& node, std::string_view what) {
  std::vector<const Node*> items;
  if (node.kind == Node::Kind::Refused) return {};
  if (node.kind != Node::Kind::Sequence) {
    error(node, fmt::format("expected a list of {}, found {}", what, node.describe()));
    return {};
  }
  for (const Node& item : node.items) items.push_back(&item);
  return items;
}

bool Fields::misleading(const Node& node) {
  if (node.quoted) return false;
  if (is_truth(node.text)) {
    error(node, fmt::format("unquoted '{}' is a truth value to YAML readers", node.text),
          fmt::format("write \"{}\"", node.text));
    return true;
  }
  if (is_octal(node.text)) {
    error(node, fmt::format("unquoted '{}' looks like an octal number", node.text),
          fmt::format("write \"{}\"", node.text));
    return true;
  }
  return false;
}

std::string Fields::text(const Node& node) {
  if (node.kind == Node::Kind::Refused) return {};
  if (node.kind != Node::Kind::Scalar) {
    error(node, fmt::format("expected text, found {}", node.describe()));
    return {};
  }
  if (misleading(node)) return {};
  if (!node.quoted && is_number(node.text)) {
    error(node, fmt::format("expected text, found the number {}", node.text), fmt::format("write \"{}\"", node.text));
    return {};
  }
  if (trimmed(node.text).empty()) error(node, "the text is empty");
  return std::string(trimmed(node.text));
}

std::vector<std::string> Fields::texts(const Node& node) {
  std::vector<std::string> texts;
  for (const Node* item : list(node)) {
    std::string item_text = text(*item);
    if (!item_text.empty()) texts.push_back(std::move(item_text));
  }
  return texts;
}

std::string Fields::name(const Node& node, std::string_view kind) {
  std::string word = text(node);
  const auto good = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; };
  const bool letters = std::all_of(word.begin(), word.end(), good) && !std::all_of(word.begin(), word.end(), is_digit);
  if (word.empty() || (letters && !word.starts_with('-') && !word.ends_with('-'))) return word;
  error(node, fmt::format("'{}' cannot be the name of {}", word, kind), "names are letters, digits and hyphens");
  return {};
}

std::vector<std::string> Fields::requirements(const Node& node) {
  std::vector<std::string> ids;
  for (const Node* item : list(node)) {
    const std::string id = text(*item);
    const std::size_t hyphen = std::min(id.find('-'), id.size());
    const std::string kind = id.substr(0, hyphen), number = id.substr(std::min(hyphen + 1, id.size()));
    const bool known = kind == "MUST" || kind == "SHLD" || kind == "MAY" || kind == "REC";
    const bool good =
        known && !number.empty() && number.size() <= 3 && std::all_of(number.begin(), number.end(), is_digit);
    if (good)
      ids.push_back(id);
    else if (!id.empty())
      error(*item, fmt::format("'{}' is not the id of a requirement", id), "as in 'MUST-58', 'SHLD-2', 'MAY-12'");
  }
  return ids;
}

bool Fields::boolean(const Node& node) {
  if (node.kind == Node::Kind::Scalar && !node.quoted && (node.text == "true" || node.text == "false"))
    return node.text == "true";
  if (node.kind == Node::Kind::Refused) return false;
  error(node, fmt::format("expected true or false, found {}",
                          node.kind == Node::Kind::Scalar ? "'" + node.text + "'" : std::string(node.describe())));
  return false;
}

std::optional<wire::State> Fields::state(const Node& node) {
  const std::string word = text(node);
  if (word.empty()) return std::nullopt;
  const auto found = wire::parse_state(word);
  if (!found) error(node, fmt::format("unknown state '{}'", word), hint_for(word, state_words()));
  return found;
}

StateSet Fields::states(const Node& node) {
  StateSet states;
  Words words = state_words();
  words.push_back(kAllStatesWord);
  words.push_back(kSynchronizedWord);
  if (node.kind == Node::Kind::Sequence && node.items.empty()) error(node, "a list of states is empty");
  for (const Node* item : list(node)) {
    const std::string word = text(*item);
    const auto state = wire::parse_state(word);
    if (word == kAllStatesWord)
      states.set();
    else if (word == kSynchronizedWord)
      states |= synchronized_states();
    else if (state && has(states, *state))
      error(*item, fmt::format("state '{}' stands twice", word));
    else if (state)
      states.set(static_cast<std::size_t>(*state));
    else if (!word.empty())
      error(*item, fmt::format("unknown state '{}'", word), hint_for(word, words));
  }
  return states;
}

ProfileSet Fields::profiles(const Node& node) {
  ProfileSet profiles;
  for (const Node* item : list(node)) {
    if (const auto profile = word(*item, kProfiles, "profile")) profiles.set(static_cast<std::size_t>(*profile));
  }
  return profiles.none() ? ProfileSet().set() : profiles;
}

std::optional<std::string_view> Fields::phrase(const Node& node, std::string_view what) {
  if (node.kind == Node::Kind::Refused) return std::nullopt;
  if (node.kind != Node::Kind::Scalar) {
    error(node, fmt::format("expected {}, found {}", what, node.describe()));
    return std::nullopt;
  }
  const bool truth = !node.quoted && (node.text == "true" || node.text == "false");
  if (!truth && misleading(node)) return std::nullopt;
  return node.text;
}

Expression Fields::expression(const Node& node, Type type) {
  const auto written = phrase(node, "an expression");
  if (!written) return broken(type);
  return take(node, read_expression(*written, type, scope_)).value_or(broken(type));
}

Expression Fields::time(const Node& node) {
  const auto written = phrase(node, "a time");
  if (!written) return broken(Type::Num);
  return take(node, read_time(*written, scope_)).value_or(broken(Type::Num));
}

std::optional<SegmentTemplate> Fields::segment(const Node& node, Use use) {
  const auto written = phrase(node, "a segment");
  if (!written) return std::nullopt;
  return take(node, read_segment(*written, use, scope_));
}

std::vector<SegmentTemplate> Fields::segments(const Node& node, Use use) {
  std::vector<SegmentTemplate> segments;
  for (const Node* item : list(node)) {
    if (auto one = segment(*item, use)) segments.push_back(std::move(*one));
  }
  return segments;
}

std::vector<SignalSet> Fields::signals(const Node& node) {
  std::vector<SignalSet> signals;
  for (const Node* item : list(node)) {
    const std::string written = text(*item);
    if (written.empty()) continue;
    if (const auto set = take(*item, read_signals(item->text))) signals.push_back(*set);
  }
  return signals;
}

std::optional<AnswerSet> Fields::answers(const Node& node) {
  const std::string written = text(node);
  if (written.empty()) return std::nullopt;
  return take(node, read_answers(node.text));
}

MapFields::MapFields(const Node& node, std::string_view what, std::span<const std::string_view> keys, Fields& fields)
    : node_(node), what_(what), fields_(fields) {
  if (node.kind == Node::Kind::Refused) return;
  if (node.kind != Node::Kind::Map) {
    fields.error(node, fmt::format("expected {} as a map of keys, found {}", what, node.describe()));
    return;
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Node& key = node.keys[i];
    if (std::find(keys.begin(), keys.end(), key.text) == keys.end()) {
      fields.error(key, fmt::format("unknown key '{}' in {}", key.text, what),
                   hint_for(key.text, Words(keys.begin(), keys.end())));
    } else if (node.items[i].kind == Node::Kind::Null) {
      fields.error(key, fmt::format("key '{}' has no value", key.text));
    }
  }
}

const Node* MapFields::get(std::string_view key) const {
  const Node* value = node_.kind == Node::Kind::Map ? node_.find(key) : nullptr;
  return value == nullptr || value->kind == Node::Kind::Null ? nullptr : value;
}

const Node* MapFields::need(std::string_view key) const {
  if (node_.kind == Node::Kind::Map && node_.find(key) == nullptr) {
    fields_.error(node_, fmt::format("key '{}' is missing in {}", key, what_));
  }
  return get(key);
}

bool MapFields::has_any(std::span<const std::string_view> keys) const {
  return std::any_of(keys.begin(), keys.end(), [this](std::string_view key) { return get(key) != nullptr; });
}

}  // namespace conform::spec
