// Captures owns the packets of cases as files that Wireshark opens: one pcapng a case, a comment on each packet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/check/verdict.h"
#include "harness/packet/pcapng.h"

namespace conform::report {

// Of which cases.
enum class CaptureOf : std::uint8_t { Deviating, NotConforming, All };

// The datagrams of a trace; each comment is the entry's text and, behind a dash, its verdict.
std::vector<packet::CapturedPacket> captured_packets(const std::vector<TraceEntry>& trace);

struct CaptureFile {
  const CaseResult* result = nullptr;  // points into the run
  std::string name;                    // "3.10.7.4_second_rst-in-window@ESTABLISHED+passive.pcapng"
};

// The files that a run has: one for each chosen case that has datagrams, each name once.
std::vector<CaptureFile> capture_files(const RunResult& run, CaptureOf which = CaptureOf::Deviating);

// Writes them into `folder`, which is made if need be, and removes the other *.pcapng files there: they are an earlier
// run's. Goes on after an error; gives all of them.
Status write_captures(const RunResult& run, const std::string& folder, CaptureOf which = CaptureOf::Deviating);

}  // namespace conform::report
