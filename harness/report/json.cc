#include "harness/report/json.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "harness/report/names.h"

namespace conform::report {

namespace {

using Json = nlohmann::ordered_json;

std::string address_text(Family family, const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family == Family::Ipv4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(), text.size());
  return text.data();
}

std::string hex(const Datagram& datagram) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(datagram.size() * 2);
  for (const std::uint8_t octet : datagram) {
    text += kDigits[octet >> 4];
    text += kDigits[octet & 0x0F];
  }
  return text;
}

Json sockets_json(const SocketPair& sockets) {
  return {{"family", to_string(sockets.family)},
          {"target_address", address_text(sockets.family, sockets.target_address)},
          {"target_port", sockets.target_port},
          {"peer_address", address_text(sockets.family, sockets.peer_address)},
          {"peer_port", sockets.peer_port}};
}

Json finding_json(const Finding& finding) {
  return {{"kind", to_string(finding.kind)},   {"row", finding.row},
          {"level", to_string(finding.level)}, {"cite", finding.cite},
          {"allowed", finding.allowed},        {"observed", finding.observed},
          {"follows", finding.follows},        {"note", finding.note}};
}

Json trace_json(const std::vector<TraceEntry>& trace) {
  Json list = Json::array();
  for (const TraceEntry& entry : trace) {
    Json line = {{"at", to_seconds(entry.at)},
                 {"what", to_string(entry.what)},
                 {"text", entry.text},
                 {"verdict", entry.verdict}};
    if (!entry.datagram.empty()) line["packet"] = hex(entry.datagram);
    list.push_back(std::move(line));
  }
  return list;
}

Json case_json(const CaseResult& result) {
  return {{"id", result.id},
          {"kind", to_string(result.kind)},
          {"section", result.section},
          {"row", result.row},
          {"title", result.title},
          {"state", result.state ? Json(to_string(*result.state)) : Json()},
          {"path", result.path},
          {"level", to_string(result.level)},
          {"cites", result.cites},
          {"requirements", result.requirements},
          {"source", {{"file", result.source.file}, {"line", result.source.line}, {"column", result.source.column}}},
          {"sockets", sockets_json(result.sockets)},
          {"verdict", to_string(result.verdict)},
          {"reason", result.reason},
          {"not_chosen", result.not_chosen},
          {"finding", result.finding ? finding_json(*result.finding) : Json()},
          {"trace", trace_json(result.trace)},
          {"rows_fired", result.rows_fired},
          {"duration", to_seconds(result.duration)}};
}

Json coverage_json(const Coverage& coverage) {
  Json states = Json::object();
  for (const wire::State state : wire::kAllStates) {
    const auto found = coverage.states.find(state);
    states[std::string(to_string(state))] = found == coverage.states.end() ? 0 : found->second;
  }
  Json transitions = Json::array();
  for (const Coverage::Transition& transition : coverage.transitions) {
    transitions.push_back(
        {{"from", to_string(transition.from)}, {"to", to_string(transition.to)}, {"count", transition.count}});
  }
  Json not_chosen = Json::array();
  for (const Coverage::NotChosen& each : coverage.rows_not_chosen) {
    not_chosen.push_back({{"row", each.row}, {"instead", each.instead}});
  }
  return {{"rows",
           {{"total", coverage.rows_total},
            {"exercised", coverage.rows_exercised},
            {"inapplicable", coverage.rows_inapplicable},
            {"not_chosen", std::move(not_chosen)},
            {"missing", coverage.rows_missing}}},
          {"states", std::move(states)},
          {"transitions", std::move(transitions)}};
}

Json summary_json(const RunResult& run) {
  Json summary = {{"cases", run.cases.size()}};
  for (const Verdict verdict : kAllVerdicts) summary[std::string(to_string(verdict))] = run.count(verdict);
  return summary;
}

}  // namespace

std::string to_json(const RunResult& run) {
  Json cases = Json::array();
  for (const CaseResult& result : run.cases) cases.push_back(case_json(result));
  const Json whole = {{"format", kJsonFormat},
                      {"tool", {{"name", "tcpconform"}, {"version", run.tool_version}}},
                      {"spec_version", run.spec_version},
                      {"target", {{"name", run.target_name}, {"version", run.target_version}}},
                      {"profile", to_string(run.profile)},
                      {"seed", run.seed},
                      {"date", run.date},
                      {"machine", run.machine},
                      {"command", run.command},
                      {"duration", to_seconds(run.duration)},
                      {"interrupted", run.interrupted},
                      {"summary", summary_json(run)},
                      {"coverage", coverage_json(run.coverage)},
                      {"cases", std::move(cases)}};
  return whole.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace conform::report
