// Verdict owns what can be said of a case, and why: the words of every report.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/time.h"
#include "harness/oracle/finding.h"
#include "harness/spec/table.h"
#include "harness/target/target.h"

namespace conform {

enum class Verdict : std::uint8_t {
  Conforms,
  Deviates,         // not listed, or listed and conforming: see Finding::kind
  KnownDeviation,   // listed in the target's file, with a reason
  Inapplicable,     // this target cannot do it; the reason is a Lack or the target file's word
  Inconclusive,     // the harness could not tell
  TargetDied,
  HarnessError,
};
inline constexpr std::array kAllVerdicts = {Verdict::Conforms,     Verdict::Deviates,     Verdict::KnownDeviation,
                                            Verdict::Inapplicable, Verdict::Inconclusive, Verdict::TargetDied,
                                            Verdict::HarnessError};

std::string_view to_string(Verdict verdict);   // "known deviation"

// One line of what happened. Datagrams are kept whole, for the capture.
struct TraceEntry {
  enum class What : std::uint8_t { Call, Reply, Injected, Emitted, Signal, State, Wait, Note };
  Time at{};
  What what = What::Note;
  std::string text;                   // one-line notation, numbers relative to ISS and IRS
  std::string verdict;                // what the table says of it: "3.10.7.4/second/rst-exact"; empty for none
  Datagram datagram;                  // Injected, Emitted
};

enum class CaseKind : std::uint8_t { Row, Scenario, Sweep, Replay };

struct CaseResult {
  std::string id;                     // "3.10.7.4/second/rst-in-window@ESTABLISHED+passive"
  CaseKind kind = CaseKind::Row;
  std::string section;                // "3.10.7.4", or "scenario"
  std::string row;                    // full id; empty for scenarios
  std::string title;                  // the row's gloss or the scenario's title
  std::optional<wire::State> state;   // where it starts
  std::string path;                   // the way there: "ESTABLISHED+passive"
  spec::Level level = spec::Level::Must;
  std::vector<std::string> cites;
  std::vector<std::string> requirements;
  spec::Mark source;                  // of the row or the scenario
  SocketPair sockets;

  Verdict verdict = Verdict::Inconclusive;
  std::string reason;                 // one line; empty when it conforms
  std::string not_chosen;             // its row did not happen, as the RFC leaves a choice: what the target chose instead
  std::optional<Finding> finding;
  std::vector<TraceEntry> trace;
  std::vector<std::string> rows_fired;        // full ids of the rows that explain what was observed
  Duration duration{};
};

// A count of what was tried.
struct Coverage {
  struct NotChosen { std::string row; std::string instead; };   // "3.10.3/only/x@STATE", what the target does instead
  struct Transition { wire::State from; wire::State to; int count = 0; };
  int rows_total = 0;                 // counted by state: a row of four states counts four times
  int rows_exercised = 0;             // happened, or was possible where the target deviates
  int rows_inapplicable = 0;
  std::vector<NotChosen> rows_not_chosen;     // the RFC leaves a choice, and in every case the target chose otherwise
  std::vector<std::string> rows_missing;      // "3.10.7.4/second/x@STATE": none of these; empty in a complete run
  std::map<wire::State, int> states;  // cases that visited the state
  std::vector<Transition> transitions;
};

struct RunResult {
  std::string tool_version;
  std::string spec_version;
  std::string target_name;
  std::string target_version;
  spec::Profile profile = spec::Profile::Rfc9293;
  std::uint64_t seed = 1;
  std::string date;                   // ISO 8601, UTC
  std::string machine;                // "Linux 6.18 x86_64, 2 processors"
  std::string command;                // the command line that makes this run again
  Duration duration{};                // wall-clock
  bool interrupted = false;
  std::vector<CaseResult> cases;      // in the order of the plan
  Coverage coverage;

  int count(Verdict verdict) const;
};

}  // namespace conform
