// Names owns the words of the report files: each enumerator's spelling, and the way back.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "harness/check/verdict.h"

namespace conform::report {

using conform::to_string;  // those of Level and Profile, which argument-dependent lookup does not find

inline constexpr std::array kAllCaseKinds = {CaseKind::Row, CaseKind::Scenario, CaseKind::Sweep, CaseKind::Replay};
inline constexpr std::array kAllLevels = {spec::Level::May, spec::Level::Should, spec::Level::Must};
inline constexpr std::array kAllProfiles = {spec::Profile::Rfc793, spec::Profile::Rfc9293};
inline constexpr std::array kAllFamilies = {Family::Ipv4, Family::Ipv6};
inline constexpr std::array kAllWhats = {
    TraceEntry::What::Call,   TraceEntry::What::Reply, TraceEntry::What::Injected, TraceEntry::What::Emitted,
    TraceEntry::What::Signal, TraceEntry::What::State, TraceEntry::What::Wait,     TraceEntry::What::Note};

constexpr std::string_view to_string(CaseKind kind) {
  switch (kind) {
    case CaseKind::Row: return "row";
    case CaseKind::Scenario: return "scenario";
    case CaseKind::Sweep: return "sweep";
    case CaseKind::Replay: return "replay";
  }
  return "?";
}

constexpr std::string_view to_string(TraceEntry::What what) {
  switch (what) {
    case TraceEntry::What::Call: return "call";
    case TraceEntry::What::Reply: return "reply";
    case TraceEntry::What::Injected: return "injected";
    case TraceEntry::What::Emitted: return "emitted";
    case TraceEntry::What::Signal: return "signal";
    case TraceEntry::What::State: return "state";
    case TraceEntry::What::Wait: return "wait";
    case TraceEntry::What::Note: return "note";
  }
  return "?";
}

constexpr std::string_view to_string(Family family) {
  switch (family) {
    case Family::Ipv4: return "IPv4";
    case Family::Ipv6: return "IPv6";
  }
  return "?";
}

// The one of `all` that is written like that; nothing for any other text.
template <typename All>
std::optional<typename All::value_type> parse_name(const All& all, std::string_view text) {
  for (const auto value : all) {
    if (to_string(value) == text) return value;
  }
  return std::nullopt;
}

}  // namespace conform::report
