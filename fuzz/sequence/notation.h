// Notation owns how an event is written as a step of a scenario (specs/LANGUAGE.md): what is usual is left out, and
// nothing is lost.
#pragma once

#include <string>

#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

std::string to_string(const Number& number);         // "RCV.NXT - 1", "SND.UNA + SND.WND", "4294967295"
std::string to_string(const SegmentEvent& segment);  // "<SEQ=RCV.NXT + 1><CTL=PSH,ACK><DATA=100>"
std::string duration_text(std::uint32_t ms);         // "500 ms", "2 s", "4 min"
// "segment: <CTL=ACK>", "call: SEND 100 push", "wait: 500 ms", "peer: takes 0"
std::string to_string(const Event& event);

}  // namespace conform::fuzz
