// Keys owns the keys of every map of the language, in one place: the reader and the JSON Schemas must agree on them.
#pragma once

#include <array>
#include <string_view>

namespace conform::spec::keys {

inline constexpr std::array<std::string_view, 9> kTableFile = {
    "version", "section", "title", "event", "states", "steps", "obligations", "definitions", "classes"};
inline constexpr std::array<std::string_view, 4> kStep = {"step", "title", "event", "rows"};
inline constexpr std::array<std::string_view, 24> kRow = {
    "id",     "gloss",     "states",   "when",   "profile",    "level",        "needs",         "overlaps",
    "do",     "emit",      "may-emit", "signal", "may-signal", "reply",        "next",          "then",
    "misses", "violation", "label",    "why",    "cite",       "requirements", "cannot-happen", "alternatives"};
inline constexpr std::array<std::string_view, 14> kBehaviour = {"label",      "do",    "emit", "may-emit", "signal",
                                                                "may-signal", "reply", "next", "then",     "misses",
                                                                "violation",  "why",   "cite", "profile"};
// Those keys of a row that are themselves a behaviour: a row has them, or alternatives, or cannot-happen.
inline constexpr std::array<std::string_view, 10> kBehaviourOfRow = {
    "do", "emit", "may-emit", "signal", "may-signal", "reply", "next", "then", "misses", "violation"};
inline constexpr std::array<std::string_view, 10> kObligation = {"id",     "gloss", "states",  "while",        "since",
                                                                 "within", "level", "profile", "requirements", "cite"};
inline constexpr std::array<std::string_view, 3> kDefinition = {"name", "value", "cite"};
inline constexpr std::array<std::string_view, 4> kClass = {"class", "event", "when", "cannot-happen"};
inline constexpr std::array<std::string_view, 2> kCannot = {"states", "because"};

inline constexpr std::array<std::string_view, 4> kPathsFile = {"ways", "situations", "epilogues", "stimuli"};
inline constexpr std::array<std::string_view, 5> kWay = {"way", "state", "from", "gloss", "steps"};
inline constexpr std::array<std::string_view, 4> kSituation = {"situation", "states", "gloss", "steps"};
inline constexpr std::array<std::string_view, 3> kEpilogue = {"epilogue", "states", "steps"};
inline constexpr std::array<std::string_view, 8> kStimuli = {"ctl", "seq",      "ack",   "data",
                                                             "wnd", "segments", "calls", "waits"};

inline constexpr std::array<std::string_view, 5> kScenarioStep = {"call", "segment", "wait", "peer", "expect"};
inline constexpr std::array<std::string_view, 2> kWait = {"until", "at-most"};
inline constexpr std::array<std::string_view, 7> kExpect = {"emit",   "no-emit", "silence", "state",
                                                            "signal", "reply",   "received"};
inline constexpr std::array<std::string_view, 9> kScenario = {"scenario", "title",        "start", "steps", "cite",
                                                              "level",    "requirements", "needs", "family"};
inline constexpr std::array<std::string_view, 1> kScenarioList = {"scenarios"};

inline constexpr std::array<std::string_view, 6> kTargetFile = {"target",     "kind",       "title",
                                                                "parameters", "deviations", "inapplicable"};
inline constexpr std::array<std::string_view, 6> kDeviation = {"row", "kind", "cases", "clause", "observed", "reason"};
inline constexpr std::array<std::string_view, 3> kInapplicable = {"cases", "lacks", "reason"};

}  // namespace conform::spec::keys
