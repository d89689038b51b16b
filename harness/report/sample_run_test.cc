#include "harness/report/sample_run.h"

#include "harness/packet/datagram.h"

namespace conform::report {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

SocketPair sockets() {
  SocketPair pair;
  pair.target_address.bytes = {192, 0, 2, 1};
  pair.peer_address.bytes = {192, 0, 2, 2};
  pair.target_port = 7;
  pair.peer_port = 40'000;
  return pair;
}

Datagram datagram(std::uint8_t bits) {
  wire::Segment segment;
  segment.seq = wire::SeqNum(111);
  segment.flags.bits = bits;
  return packet::build(segment, sockets());
}

CaseResult other_case(Verdict verdict, const std::string& row, const std::string& reason) {
  CaseResult result = conforming_case("3.10.4", row, "LISTEN");
  result.verdict = verdict;
  result.reason = reason;
  result.state = wire::State::Listen;
  return result;
}

}  // namespace

CaseResult conforming_case(const std::string& section, const std::string& row, const std::string& path) {
  CaseResult result;
  result.id = section + "/" + row + "@" + path;
  result.section = section;
  result.row = section + "/" + row;
  result.title = "an exact RST resets the connection";
  result.state = wire::State::Established;
  result.path = path;
  result.cites = {"RFC 9293 3.10.7.4 second"};
  result.requirements = {"MUST-14"};
  result.source = {"specs/table/segment-arrives.yaml", 120, 5};
  result.sockets = sockets();
  result.verdict = Verdict::Conforms;
  result.rows_fired = {result.row};
  result.duration = microseconds(1'500);
  return result;
}

CaseResult deviating_case(const std::string& path) {
  CaseResult result = conforming_case("3.10.7.4", "second/rst-in-window", path);
  result.verdict = Verdict::Deviates;
  result.reason = "reset by a RST that is not exact";
  result.level = spec::Level::Should;
  Finding finding;
  finding.kind = Kind::WrongState;
  finding.row = result.row;
  finding.level = spec::Level::Must;
  finding.cite = {"RFC 9293 3.10.7.4 second", "RFC 5961 3.2"};
  finding.allowed = "<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, and the state stays ESTABLISHED";
  finding.observed = "state CLOSED";
  finding.follows = "RFC 793";
  finding.note = "none";
  result.finding = finding;
  using What = TraceEntry::What;
  result.trace = {
      {Time(0), What::Call, "OPEN passive", "3.10.1/first/passive", {}},
      {milliseconds(3), What::Injected, "<SEQ=101><CTL=RST>", "", datagram(wire::Flags::kRst)},
      {microseconds(3'250), What::Emitted, "<SEQ=1><ACK=1><CTL=ACK>", "unexpected", datagram(wire::Flags::kAck)}};
  return result;
}

RunResult sample_run() {
  RunResult run;
  run.tool_version = "0.1.0";
  run.spec_version = "2026-11";
  run.target_name = "linux";
  run.target_version = "Linux 6.18.44 x86_64";
  run.seed = 0xFFFF'FFFF'FFFF'FFFF;
  run.date = "2026-11-22T09:00:00Z";
  run.machine = "Linux 6.18 x86_64, 2 processors";
  run.command = "tcpconform run --target linux";
  run.duration = milliseconds(61'250);
  run.cases.push_back(conforming_case());
  run.cases.push_back(deviating_case());
  CaseResult known = other_case(Verdict::KnownDeviation, "first/close-listen", "");
  known.finding = Finding{};
  known.finding->kind = Kind::WrongReply;
  known.finding->row = known.row;
  known.finding->note = "sockets give no answer here";
  run.cases.push_back(known);
  run.cases.push_back(other_case(Verdict::Inapplicable, "first/precedence", "no security option"));
  run.cases.push_back(other_case(Verdict::Inconclusive, "first/lost", "the machine was too slow"));
  run.cases.push_back(other_case(Verdict::TargetDied, "first/died", "no answer within 5 s"));
  run.cases.push_back(other_case(Verdict::HarnessError, "first/error", "no such row"));
  run.coverage.rows_total = 331;
  run.coverage.rows_exercised = 310;
  run.coverage.rows_inapplicable = 12;
  run.coverage.rows_not_chosen = {{"3.10.3/only/y@ESTABLISHED", "3.10.3/only/z: delivered"}};
  run.coverage.rows_missing = {"3.10.7.4/second/x@CLOSING"};
  run.coverage.states = {{wire::State::Listen, 4}, {wire::State::Established, 2}};
  run.coverage.transitions = {{wire::State::Closed, wire::State::Listen, 4}};
  return run;
}

std::string hostile_text() {
  using namespace std::string_literals;
  return "nul\0bell\a esc\x1B[31m ]]> <b> & \" ' \xFF\xC0\x80 \xED\xA0\x80 \xEF\xBF\xBF \xC2\x9B"s +
         "31m caf\xC3\xA9 \xF0\x9F\x98\x80 new\nline\ttab\r";
}

}  // namespace conform::report
