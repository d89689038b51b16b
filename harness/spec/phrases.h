// Phrases owns the small notations inside strings: segments, user calls, times, effects, sets of answers and signals.
#pragma once

#include <string_view>
#include <utility>
#include <variant>

#include "harness/spec/compiler.h"
#include "harness/spec/scenario.h"
#include "harness/spec/words.h"

namespace conform::spec {

template <typename T>
using Phrase = std::variant<T, TextError>;

// An expression that must have the type. A plain number will do for a sequence number.
Phrase<Expression> read_expression(std::string_view text, Type wanted, const Scope& scope);
// A time in ms: a number with a unit, or an expression. A bare number other than 0 lacks its unit.
Phrase<Expression> read_time(std::string_view text, const Scope& scope);

// <SEQ=SND.NXT><CTL=ACK>; `text` keeps it as written.
enum class Use : std::uint8_t { Any, Sent, Observed };
Phrase<SegmentTemplate> read_segment(std::string_view text, Use use, const Scope& scope);
// SYN,ACK; empty for none.
Phrase<wire::Flags> read_flags(std::string_view text);

// SEND 100 urgent push
Phrase<UserCall> read_call(std::string_view text);
// takes 0; loses 1; takes again 0
Phrase<PeerStep> read_peer(std::string_view text);
// 500 ms
Phrase<std::int64_t> read_duration(std::string_view text);

// SND.UNA <- SEG.ACK, or the name of an action.
Phrase<Effect> read_effect(std::string_view text, const Scope& scope);
// ok | connection closing
Phrase<AnswerSet> read_answers(std::string_view text);
Phrase<SignalSet> read_signals(std::string_view text);

inline constexpr std::int64_t kMaxCallLength = 16 << 20;  // octets in one SEND or RECEIVE

}  // namespace conform::spec
