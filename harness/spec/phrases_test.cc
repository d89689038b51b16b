#include "harness/spec/phrases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spec/reader.h"
#include "stack/wire/notation.h"

namespace conform::spec {
namespace {

std::string said(const Diagnostics& diagnostics) {
  const Diagnostic& first = diagnostics.at(0);
  return std::to_string(first.column) + ": " + first.message + (first.hint.empty() ? "" : "; " + first.hint);
}
std::string said(const TextError& error) {
  return std::to_string(error.offset + 1) + ": " + error.message + (error.hint.empty() ? "" : "; " + error.hint);
}
template <typename T>
std::string said(const Phrase<T>& phrase) {
  const auto* error = std::get_if<TextError>(&phrase);
  return error ? said(*error) : "";
}

SegmentTemplate segment(const std::string& text) {
  Result<SegmentTemplate> result = parse_segment(text, {});
  if (result.ok()) return *result;
  ADD_FAILURE() << text << "\n" << to_string(result.diagnostics());
  return {};
}
std::string wrong_segment(const std::string& text, Use use = Use::Any) {
  return said(read_segment(text, use, Scope()));
}

TEST(SegmentTest, FieldsAreExpressions) {
  const SegmentTemplate ack = segment("<SEQ=SND.NXT><ACK=RCV.NXT + 1><CTL=ACK>");
  Values values;
  values[Var::SndNxt] = 7;
  values[Var::RcvNxt] = 0xffffffff;
  EXPECT_EQ(ack.seq->evaluate(values), 7);
  EXPECT_EQ(ack.ack->evaluate(values), 0);
  EXPECT_EQ(wire::to_string(*ack.ctl), "ACK");
  EXPECT_FALSE(ack.wnd || ack.up || ack.mss || ack.data);
  EXPECT_EQ(ack.text, "<SEQ=SND.NXT><ACK=RCV.NXT + 1><CTL=ACK>");
}

TEST(SegmentTest, EveryFieldIsRead) {
  const SegmentTemplate all =
      segment("<SEQ=0> <ACK=1> <CTL=SYN,URG> <WND=2> <UP=3> <MSS=4> <DATA=5> <OPT=0101fFA0> <RSV=5> <BAD=offset-long>");
  EXPECT_EQ(all.seq->evaluate({}), 0);
  EXPECT_EQ(all.ack->evaluate({}), 1);
  EXPECT_EQ(all.wnd->evaluate({}), 2);
  EXPECT_EQ(all.up->evaluate({}), 3);
  EXPECT_EQ(all.mss->evaluate({}), 4);
  EXPECT_EQ(all.data->evaluate({}), 5);
  EXPECT_EQ(all.ctl->bits, wire::Flags::kSyn | wire::Flags::kUrg);
  EXPECT_THAT(all.options, ::testing::ElementsAre(1, 1, 0xff, 0xa0));
  EXPECT_EQ(all.reserved, 5);
  EXPECT_EQ(all.damage, Damage::OffsetLong);
  EXPECT_EQ(segment("<CTL=SYN><SEC=other>").damage, Damage::Security);
}

TEST(SegmentTest, StarsCompareWithAnythingAndNothingIsNoBits) {
  const SegmentTemplate any = segment("<SEQ=*><ACK=*><CTL=*><DATA=*><WND=*>");
  EXPECT_TRUE(any.any_seq && any.any_ack && any.any_data);
  EXPECT_FALSE(any.ctl || any.seq || any.wnd);
  EXPECT_EQ(segment("<CTL=>").ctl->bits, 0);
  EXPECT_FALSE(segment("<SEQ=0>").ctl);
}

TEST(SegmentTest, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(wrong_segment(""), "1: a segment is missing; as in '<SEQ=SND.NXT><CTL=ACK>'");
  EXPECT_EQ(wrong_segment("SYN"), "1: expected '<', found 'SYN'");
  EXPECT_EQ(wrong_segment("<CTL=SYN"), "1: '<CTL=SYN' lacks its '>'");
  EXPECT_EQ(wrong_segment("<CTL>"), "1: '<CTL>' lacks its '='");
  EXPECT_EQ(wrong_segment("<CTL=SYN><SQE=1>"), "11: unknown field 'SQE'; did you mean 'SEQ'?");
  EXPECT_EQ(wrong_segment("<CTL=SYN><CTL=ACK>"), "11: field 'CTL' stands twice");
  EXPECT_EQ(wrong_segment("<CTL=SYN, AKC>"), "11: unknown flag 'AKC'; did you mean 'ACK'?");
  EXPECT_EQ(wrong_segment("<CTL=SYN,SYN>"), "10: flag 'SYN' stands twice");
  EXPECT_EQ(wrong_segment("<SEQ=SND.NTX><CTL=ACK>"), "6: unknown name 'SND.NTX'; did you mean 'SND.NXT'?");
  EXPECT_EQ(wrong_segment("<SEQ=SEG.LEN><CTL=ACK>"), "6: expected a sequence number, but 'SEG.LEN' is a number");
  EXPECT_EQ(wrong_segment("<DATA=SEG.SEQ><CTL=ACK>"), "7: expected a number, but 'SEG.SEQ' is a sequence number");
  EXPECT_EQ(wrong_segment("<CTL=ACK><OPT=012>"), "15: OPT is octets in hex, two digits each");
  EXPECT_EQ(wrong_segment("<CTL=ACK><OPT=01x2>"), "17: 'x2' is not an octet in hex");
  EXPECT_EQ(wrong_segment("<CTL=ACK><OPT=" + std::string(82, '0') + ">"), "1: more than 40 octets of options");
  EXPECT_EQ(wrong_segment("<CTL=ACK><RSV=16>"), "15: RSV is a number from 0 to 15");
  EXPECT_EQ(wrong_segment("<CTL=ACK><BAD=chcksum>"), "15: unknown damage 'chcksum'; did you mean 'checksum'?");
  EXPECT_EQ(wrong_segment("<CTL=ACK><BAD=checksum><SEC=other>"), "29: a segment can be damaged in one way only");
  EXPECT_EQ(wrong_segment("<RSV=*>"), "6: '*' has no meaning for RSV");
}

TEST(SegmentTest, WhatIsSentAndWhatIsExpectedDiffer) {
  EXPECT_EQ(wrong_segment("<SEQ=1>", Use::Sent), "1: CTL is missing; <CTL=> sends no control bits");
  EXPECT_EQ(wrong_segment("<SEQ=*><CTL=ACK>", Use::Sent), "6: '*' stands for anything, which cannot be sent");
  EXPECT_EQ(wrong_segment("<CTL=ACK><BAD=checksum>", Use::Observed), "15: damage can be sent, but not expected");
  EXPECT_EQ(wrong_segment("<CTL=ACK><BAD=checksum>", Use::Sent), "");
  EXPECT_EQ(wrong_segment("<SEQ=*>", Use::Observed), "");
}

std::string call(const std::string& text) {
  const Result<UserCall> result = parse_call(text);
  return result.ok() ? to_string(*result) : said(result.diagnostics());
}

TEST(CallTest, EveryFormIsReadAsItIsPrinted) {
  for (const char* text : {"OPEN active", "OPEN passive", "OPEN active unspecified", "OPEN passive specified",
                           "SEND 100", "SEND 100 urgent", "SEND 0 push", "SEND 100 urgent push", "RECEIVE 1000",
                           "CLOSE", "ABORT", "STATUS", "OPEN active timeout=10000ms", "SEND 5 push timeout=1ms"}) {
    EXPECT_EQ(call(text), text);
  }
  EXPECT_EQ(call("OPEN passive  timeout=10s"), "OPEN passive timeout=10000ms");
}

TEST(CallTest, ErrorsPointAtTheWord) {
  EXPECT_EQ(call(""), "1: a user call is missing; one of OPEN, SEND, RECEIVE, CLOSE, ABORT, STATUS");
  EXPECT_EQ(call("SNED 5"), "1: unknown user call 'SNED'; did you mean 'SEND'?");
  EXPECT_EQ(call("OPEN"), "5: OPEN is either 'active' or 'passive'");
  EXPECT_EQ(call("OPEN wide"), "6: OPEN is either 'active' or 'passive'");
  EXPECT_EQ(call("OPEN active specified"), "13: 'specified' has no place in OPEN");
  EXPECT_EQ(call("SEND"), "5: SEND wants a number of octets, at most 16777216");
  EXPECT_EQ(call("SEND many"), "6: SEND wants a number of octets, at most 16777216");
  EXPECT_EQ(call("RECEIVE 99999999999999999999"), "9: RECEIVE wants a number of octets, at most 16777216");
  EXPECT_EQ(call("SEND 010"), "6: SEND wants a number of octets, at most 16777216");
  EXPECT_EQ(call("SEND 5 urgnet"), "8: 'urgnet' has no place in SEND; did you mean 'urgent'?");
  EXPECT_EQ(call("SEND 5 push push"), "13: 'push' has no place in SEND; did you mean 'push'?");
  EXPECT_EQ(call("SEND 5 timeout=10"), "16: time '10' without a unit; as in '10 ms', '10 s', '10 min'");
  EXPECT_EQ(call("CLOSE now"), "7: 'now' has no place in CLOSE");
}

TEST(DurationTest, HasAUnit) {
  EXPECT_EQ(parse_duration_ms("500 ms").value(), 500);
  EXPECT_EQ(parse_duration_ms("2 s").value(), 2000);
  EXPECT_EQ(parse_duration_ms("4 min").value(), 240'000);
  EXPECT_EQ(parse_duration_ms("10s").value(), 10'000);
  EXPECT_EQ(parse_duration_ms("0").value(), 0);
  EXPECT_EQ(said(parse_duration_ms("5").diagnostics()), "1: time '5' without a unit; as in '5 ms', '5 s', '5 min'");
  EXPECT_EQ(said(parse_duration_ms("").diagnostics()), "1: a time is missing; as in '500 ms', '2 s', '4 min'");
  EXPECT_EQ(said(parse_duration_ms("soon").diagnostics()), "1: 'soon' is not a time; as in '500 ms', '2 s', '4 min'");
  EXPECT_EQ(said(parse_duration_ms("2 h").diagnostics()), "3: '2 h' is not a time; as in '500 ms', '2 s', '4 min'");
  EXPECT_EQ(said(parse_duration_ms("0.5 s").diagnostics()), "1: '0.5' is not a whole number; times may be given in ms");
}

TEST(EffectTest, IsAnAssignmentOrAnAction) {
  const Scope scope;
  const auto assigned = std::get<Effect>(read_effect("SND.UNA <- SEG.ACK", scope));
  EXPECT_EQ(std::get<Assignment>(assigned).target, Var::SndUna);
  EXPECT_EQ(std::get<Assignment>(assigned).value.text(), "SEG.ACK");
  EXPECT_EQ(std::get<Action>(std::get<Effect>(read_effect("take text", scope))), Action::TakeText);
  EXPECT_EQ(said(read_effect("DUPACKS <- 0", scope)), "");
  EXPECT_EQ(said(read_effect("SND.UP <- 0", scope)), "");
  EXPECT_EQ(said(read_effect("take txt", scope)), "1: unknown action 'take txt'; did you mean 'take text'?");
  EXPECT_EQ(said(read_effect("SND.UAN <- SEG.ACK", scope)), "1: unknown variable 'SND.UAN'; did you mean 'SND.UNA'?");
  EXPECT_EQ(said(read_effect("SND.UNA <- SEG.LEN", scope)),
            "12: expected a sequence number, but 'SEG.LEN' is a number");
  EXPECT_EQ(said(read_effect("STATE <- CLOSED", scope)), "1: 'STATE' cannot be assigned; use 'next'");
  EXPECT_EQ(said(read_effect("SND.UNA <-", scope)), "11: an expression is missing");
}

TEST(SetTest, BarsPartTheWords) {
  const auto answers = std::get<AnswerSet>(read_answers("ok | connection closing"));
  EXPECT_EQ(answers.count(), 2u);
  EXPECT_TRUE(answers[static_cast<std::size_t>(Answer::ConnectionClosing)]);
  EXPECT_EQ(said(read_answers("ok | okay")), "6: unknown answer 'okay'");
  EXPECT_EQ(said(read_answers("conection reset")),
            "1: unknown answer 'conection reset'; did you mean 'connection reset'?");
  EXPECT_EQ(said(read_answers("ok | ok")), "6: answer 'ok' stands twice");
  EXPECT_EQ(said(read_answers("ok |")), "5: answer is missing");
  EXPECT_EQ(said(read_answers("unsupported")), "1: unknown answer 'unsupported'");
  EXPECT_EQ(said(read_signals("open ok | urgnet data")),
            "11: unknown signal 'urgnet data'; did you mean 'urgent data'?");
}

}  // namespace
}  // namespace conform::spec
