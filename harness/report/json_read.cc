#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "harness/report/json.h"
#include "harness/report/names.h"

namespace conform::report {

namespace {

using Json = nlohmann::json;

// What every reader below writes to.
class Complaints {
 public:
  explicit Complaints(std::string file) : file_(std::move(file)) {}

  void add(const std::string& where, std::string what) {
    constexpr std::size_t kMost = 20;  // after that, the rest is the same mistake again
    if (list_.size() < kMost) list_.push_back({file_, 0, 0, where + ": " + what, {}});
  }
  bool none() const { return list_.empty(); }
  Diagnostics take() && { return std::move(list_); }

 private:
  std::string file_;
  Diagnostics list_;
};

// One JSON value that is expected to be an object, and the way to it. Each getter complains and gives an empty value
// when the field is missing or of another type.
class Object {
 public:
  Object(const Json& value, std::string where, Complaints& complaints)
      : value_(value), where_(std::move(where)), complaints_(complaints) {
    if (!value_.is_object()) complaints_.add(where_.empty() ? "the file" : where_, "is not an object");
  }

  std::string text(const char* key) const {
    const Json* field = find(key);
    if (!field) return {};
    if (!field->is_string()) return wrong<std::string>(key, "is not a text");
    return field->get<std::string>();
  }

  bool truth(const char* key) const {
    const Json* field = find(key);
    if (!field) return {};
    if (!field->is_boolean()) return wrong<bool>(key, "is not true or false");
    return field->get<bool>();
  }

  // A whole number that T holds.
  template <typename T>
  T number(const char* key) const {
    const Json* field = find(key);
    if (!field) return {};
    if (field->is_number_unsigned() && std::in_range<T>(field->get<std::uint64_t>())) return field->get<T>();
    if (field->is_number_integer() && !field->is_number_unsigned() && std::in_range<T>(field->get<std::int64_t>())) {
      return field->get<T>();
    }
    return wrong<T>(key, "is not a whole number in its range");
  }

  // Seconds; what is beyond the range of Duration is cut to it.
  Duration seconds(const char* key) const {
    const Json* field = find(key);
    if (!field) return {};
    if (!field->is_number()) return wrong<Duration>(key, "is not a number of seconds");
    const double ns = field->get<double>() * 1e9;
    constexpr double kMost = 9.2e18;
    if (ns >= kMost) return Duration::max();
    if (ns <= -kMost) return Duration::min();
    return Duration(std::llround(ns));
  }

  template <typename All>
  typename All::value_type name(const char* key, const All& all, const char* kind) const {
    const std::string word = text(key);
    if (const auto found = parse_name(all, word)) return *found;
    if (const Json* field = find(key); field && field->is_string()) {
      complaints_.add(path(key), fmt::format("unknown {} '{}'", kind, word));
    }
    return all.front();
  }

  std::vector<std::string> texts(const char* key) const {
    std::vector<std::string> list;
    for (const Json& item : array(key)) {
      if (!item.is_string()) return wrong<std::vector<std::string>>(key, "is not a list of texts");
      list.push_back(item.get<std::string>());
    }
    return list;
  }

  // Whether the field is there and not null.
  bool has(const char* key) const { return value_.is_object() && value_.contains(key) && !value_.at(key).is_null(); }

  Object object(const char* key) const {
    const Json* field = find(key);
    return Object(field ? *field : empty(), path(key), complaints_);
  }

  // Reads each object of a list.
  template <typename Read>
  auto list(const char* key, Read read) const {
    std::vector<std::invoke_result_t<Read, const Object&>> items;
    std::size_t index = 0;
    for (const Json& item : array(key)) {
      items.push_back(read(Object(item, fmt::format("{}[{}]", path(key), index++), complaints_)));
    }
    return items;
  }

  template <typename T>
  T wrong(const char* key, const char* what) const {
    complaints_.add(path(key), what);
    return T{};
  }

 private:
  static const Json& empty() {
    static const Json kEmpty = Json::object();
    return kEmpty;
  }
  std::string path(const char* key) const { return where_.empty() ? key : where_ + "." + key; }

  const Json* find(const char* key) const {
    if (!value_.is_object()) return nullptr;  // has been complained of
    const auto field = value_.find(key);
    if (field != value_.end()) return &*field;
    complaints_.add(path(key), "is missing");
    return nullptr;
  }

  const Json& array(const char* key) const {
    static const Json kNone = Json::array();
    const Json* field = find(key);
    if (!field) return kNone;
    if (field->is_array()) return *field;
    complaints_.add(path(key), "is not a list");
    return kNone;
  }

  const Json& value_;
  std::string where_;
  Complaints& complaints_;
};

Address read_address(const Object& from, const char* key, Family family) {
  Address address;
  const int domain = family == Family::Ipv4 ? AF_INET : AF_INET6;
  if (::inet_pton(domain, from.text(key).c_str(), address.bytes.data()) != 1) {
    return from.wrong<Address>(key, "is not an address of its family");
  }
  return address;
}

SocketPair read_sockets(const Object& from) {
  SocketPair sockets;
  sockets.family = from.name("family", kAllFamilies, "family");
  sockets.target_address = read_address(from, "target_address", sockets.family);
  sockets.target_port = from.number<std::uint16_t>("target_port");
  sockets.peer_address = read_address(from, "peer_address", sockets.family);
  sockets.peer_port = from.number<std::uint16_t>("peer_port");
  return sockets;
}

Datagram read_packet(const Object& from) {
  const std::string text = from.text("packet");
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (text.size() % 2 != 0 || std::ranges::any_of(text, [&](char c) { return digit(c) < 0; })) {
    return from.wrong<Datagram>("packet", "is not octets in hexadecimal");
  }
  Datagram datagram;
  datagram.reserve(text.size() / 2);
  for (std::size_t at = 0; at < text.size(); at += 2) {
    datagram.push_back(static_cast<std::uint8_t>(digit(text[at]) << 4 | digit(text[at + 1])));
  }
  return datagram;
}

TraceEntry read_entry(const Object& from) {
  TraceEntry entry;
  entry.at = from.seconds("at");
  entry.what = from.name("what", kAllWhats, "kind of trace entry");
  entry.text = from.text("text");
  entry.verdict = from.text("verdict");
  if (from.has("packet")) entry.datagram = read_packet(from);
  return entry;
}

Finding read_finding(const Object& from) {
  Finding finding;
  finding.kind = from.name("kind", kAllKinds, "kind of finding");
  finding.row = from.text("row");
  finding.level = from.name("level", kAllLevels, "level");
  finding.cite = from.texts("cite");
  finding.allowed = from.text("allowed");
  finding.observed = from.text("observed");
  finding.follows = from.text("follows");
  finding.note = from.text("note");
  return finding;
}

CaseResult read_case(const Object& from) {
  CaseResult result;
  result.id = from.text("id");
  result.kind = from.name("kind", kAllCaseKinds, "kind of case");
  result.section = from.text("section");
  result.row = from.text("row");
  result.title = from.text("title");
  if (from.has("state")) result.state = from.name("state", wire::kAllStates, "state");
  result.path = from.text("path");
  result.level = from.name("level", kAllLevels, "level");
  result.cites = from.texts("cites");
  result.requirements = from.texts("requirements");
  const Object source = from.object("source");
  result.source = {source.text("file"), source.number<int>("line"), source.number<int>("column")};
  result.sockets = read_sockets(from.object("sockets"));
  result.verdict = from.name("verdict", kAllVerdicts, "verdict");
  result.reason = from.text("reason");
  if (from.has("not_chosen")) result.not_chosen = from.text("not_chosen");
  if (from.has("finding")) result.finding = read_finding(from.object("finding"));
  result.trace = from.list("trace", read_entry);
  result.rows_fired = from.texts("rows_fired");
  result.duration = from.seconds("duration");
  return result;
}

Coverage read_coverage(const Object& from) {
  Coverage coverage;
  const Object rows = from.object("rows");
  coverage.rows_total = rows.number<int>("total");
  coverage.rows_exercised = rows.number<int>("exercised");
  coverage.rows_inapplicable = rows.number<int>("inapplicable");
  if (rows.has("not_chosen")) {
    coverage.rows_not_chosen = rows.list("not_chosen", [](const Object& each) {
      return Coverage::NotChosen{each.text("row"), each.text("instead")};
    });
  }
  coverage.rows_missing = rows.texts("missing");
  const Object states = from.object("states");
  for (const wire::State state : wire::kAllStates) {
    const int count = states.number<int>(std::string(to_string(state)).c_str());
    if (count != 0) coverage.states[state] = count;
  }
  coverage.transitions = from.list("transitions", [](const Object& transition) {
    return Coverage::Transition{transition.name("from", wire::kAllStates, "state"),
                                transition.name("to", wire::kAllStates, "state"), transition.number<int>("count")};
  });
  return coverage;
}

RunResult read_run(const Object& from) {
  RunResult run;
  run.tool_version = from.object("tool").text("version");
  run.spec_version = from.text("spec_version");
  run.target_name = from.object("target").text("name");
  run.target_version = from.object("target").text("version");
  run.profile = from.name("profile", kAllProfiles, "profile");
  run.seed = from.number<std::uint64_t>("seed");
  run.date = from.text("date");
  run.machine = from.text("machine");
  run.command = from.text("command");
  run.duration = from.seconds("duration");
  run.interrupted = from.truth("interrupted");
  run.coverage = read_coverage(from.object("coverage"));
  run.cases = from.list("cases", read_case);
  return run;
}

// Where the octet before `byte` (counted from 1) stands.
Diagnostic not_json(std::string_view text, std::size_t byte, const std::string& file) {
  const std::string_view before = text.substr(0, byte > 0 ? byte - 1 : 0);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  Diagnostic diagnostic{file,
                        static_cast<int>(std::ranges::count(before, '\n')) + 1,
                        static_cast<int>(before.size() - line_start) + 1,
                        "not JSON",
                        {}};
  if (byte > text.size()) diagnostic.message = "not JSON: it ends too early";
  return diagnostic;
}

}  // namespace

Result<RunResult> from_json(std::string_view text, const std::string& file) {
  Json whole;
  try {
    whole = Json::parse(text);
  } catch (const Json::parse_error& wrong) {
    return Diagnostics{not_json(text, wrong.byte, file)};
  } catch (const Json::exception& wrong) {
    return Diagnostics{Diagnostic{file, 0, 0, fmt::format("not JSON: {}", wrong.what()), {}}};
  }
  Complaints complaints(file);
  const Object top(whole, {}, complaints);
  const int format = top.number<int>("format");
  if (complaints.none() && format != kJsonFormat) {
    complaints.add("format", fmt::format("is {}, this program reads {}", format, kJsonFormat));
  }
  if (!complaints.none()) return std::move(complaints).take();
  RunResult run = read_run(top);
  if (!complaints.none()) return std::move(complaints).take();
  return run;
}

}  // namespace conform::report
