#include "harness/defects/expected_rows.h"

#include <algorithm>

#include "harness/run/plan.h"

namespace conform::defects {

namespace {

using tcp::Defect;

// Where the table has no row for a clause, the scenario that was written for it may be named instead.

// Text that is taken although it must not be, or not taken although it must be, shows in the next acknowledgment
// number: RCV.NXT is then not what the target says it is (3.10.7.4 seventh).
constexpr std::string_view kRcvNxt = "3.8/form/acknowledges-rcv-nxt";
constexpr std::string_view kAcknowledge = "3.8.6.3/acknowledge";
constexpr std::string_view kRetransmit = "3.8.6.3/retransmit";

// 3.10.3: where text that was lost or invented comes to light, the rows that deliver.
constexpr std::string_view kDelivered = "3.10.3/only/*on-hand";
constexpr std::string_view kNothingOnHand = "3.10.3/only/nothing-on-hand*";
constexpr std::string_view kEndOfStream = "3.10.3/only/*-empty";

using Globs = std::vector<std::string_view>;

Globs operator+(Globs one, const Globs& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

// 3.10.7.4 fourth: a SYN in the window is challenged, but in SYN-RECEIVED after a passive OPEN. That a SYN is left of
// the window and its text is not says only that the same challenge is wanted.
Globs challenged_syn() {
  return {"3.10.7.4/fourth/syn", "3.10.7.4/fourth/syn-again", "3.10.7.4/fourth/syn-active*",
          "3.10.7.4/fourth/syn-time-wait*", "3.10.7.4/fourth/syn-left-of-window"};
}

// 3.10.7.4 fifth, SYN-RECEIVED: "<SEQ=SEG.ACK><CTL=RST>" for an ACK that is not acceptable.
Globs bad_ack_in_syn_received() {
  return {"3.10.7.4/fifth/syn-not-acknowledged", "3.10.7.4/fifth/syn-ack-unacceptable",
          "3.10.7.4/fifth/syn-ack-out-of-range"};
}

std::vector<ExpectedRows> closing() {
  return {
      // 3.10.7.4 eighth, FIN-WAIT-1: "If our FIN has been ACKed, then enter TIME-WAIT; otherwise, enter CLOSING."
      {Defect::FinWait1FinToTimeWait, {"3.10.7.4/eighth/fin-crossing*"}},
      // A FIN in the segment that led astray then finds FIN-WAIT-2 instead of FIN-WAIT-1.
      {Defect::FinWait1AnyAckToFinWait2, {"3.10.7.4/fifth-fin/fin-not-acknowledged", "3.10.7.4/eighth/fin-crossing*"}},
      // "if the FIN segment is now acknowledged": neither the SYN before it nor the text is the FIN.
      {Defect::FinWait1SynAckToFinWait2, {"3.10.7.4/fifth-fin/fin-not-acknowledged", "3.10.7.4/eighth/fin-crossing*"}},
      {Defect::FinWait1TextAckToFinWait2, {"3.10.7.4/fifth-fin/fin-not-acknowledged", "3.10.7.4/eighth/fin-crossing*"}},
      // With text queued the state changes when the FIN leaves: an emission.
      {Defect::CloseWaitCloseToClosing, {"3.10.4/only/close-wait*", "3.8/text/new-fin-close-wait"}},
      {Defect::LastAckIgnoresAckOfFin, {"3.10.7.4/fifth-fin/last-ack-acknowledged"}},
      // 3.5.2 group 3: an unacceptable acknowledgment number elicits an ACK in every synchronized state.
      {Defect::LastAckBadAckUnanswered, {"3.10.7.4/fifth/ack-beyond"}},
      {Defect::ClosingFinNotRetransmitted, {kRetransmit}},
      {Defect::TimeWaitOneMsl, {"3.10.8/time-wait/time-wait*"}},
      // Found where the FIN comes again, or where TIME-WAIT then ends too early; which no case of a row waits for.
      {Defect::TimeWaitFinDoesNotRestart,
       {"3.10.7.4/first-allowances/time-wait-fin-again", "3.10.8/time-wait/time-wait-early",
        "scenario/last-ack-lost-2msl-anew"}},
      {Defect::TimeWaitFinUnanswered, {"3.10.7.4/first-allowances/time-wait-fin-again"}},
      // "TIME-WAIT: If the RST bit is set, then enter the CLOSED state". RFC 1337 is informational, and not cited.
      {Defect::TimeWaitRstIgnored, {"3.10.7.4/second/rst-exact-closing"}},
      // The acknowledgment of a FIN may wait as any other (3.8.6.3): it is owed.
      {Defect::FinUnanswered, {kAcknowledge}},
      // The FIN is to be held with the text; taken, it moves RCV.NXT.
      {Defect::FinBeyondHole, {"3.10.7.4/seventh/text-held", kRcvNxt}},
      {Defect::TextAfterFin, {"3.10.7.4/seventh/text-after-fin", kRcvNxt, kDelivered, kEndOfStream}},
      // 3.10.4: "Queue this until all preceding SENDs have been segmentized." What is not there any more is never sent,
      // and is not probed for; or the FIN stands where text should.
      {Defect::CloseDropsText,
       {"3.10.4/only/*", "3.8/text/new-fin*", "3.8.6.3/send-text", "3.8.6.3/probe-zero-window"}},
      // 3.6: "users must keep reading connections they close"; where they cannot, SHLD-3 wants a RST and no FIN.
      {Defect::CloseDropsUnreadText,
       {"3.10.4/only/established-unread", "3.10.4/only/close-wait-unread", kDelivered, "3.8.6.3/deliver"}},
      {Defect::SendAfterClose, {"3.10.2/only/closing"}},
      {Defect::AbortWithoutRst, {"3.10.5/only/reset"}},
  };
}

std::vector<ExpectedRows> opening() {
  return {
      {Defect::ClosedRstAnswered, {"3.10.7.1/only/rst"}},
      {Defect::ClosedRstWithoutLength, {"3.10.7.1/only/no-ack"}},
      // One function makes the resets of CLOSED, LISTEN, SYN-SENT and SYN-RECEIVED (3.5.2 groups 1 and 2).
      {Defect::ClosedRstFromZero, Globs{"3.10.7.1/only/ack", "3.10.7.2/second/ack", "3.10.7.3/first/ack-unacceptable"} +
                                      bad_ack_in_syn_received()},
      {Defect::ListenAckUnanswered, {"3.10.7.2/second/ack"}},
      {Defect::ListenSynRstOpens, {"3.10.7.2/first/rst"}},
      // "Any other incoming control or data (combined with SYN) will be processed in the SYN-RECEIVED state", but that
      // drops what has no ACK, and 3.10.7.3 queues it "for processing after the ESTABLISHED state has been reached".
      // Taken before, it is acknowledged by the SYN,ACK, or completes a RECEIVE.
      {Defect::SynFinTakenAtOnce, {"3.10.7.2/third/syn-with-text", "3.10.7.3/fourth/syn-with-text", kRcvNxt}},
      {Defect::SynTextTakenAtOnce, {"3.10.7.2/third/syn-with-text", "3.10.7.3/fourth/syn-with-text", kRcvNxt}},
      // A RST with such an ACK then ends the attempt.
      {Defect::SynSentOldAckAccepted, {"3.10.7.3/first/ack-unacceptable*"}},
      {Defect::SynSentBareRstAborts, {"3.10.7.3/second/rst-without-ack"}},
      {Defect::SynSentSynAnsweredByAck, {"3.10.7.3/fourth/syn", "3.10.7.3/fourth/syn-with-text"}},
      {Defect::SynSentSynEstablishes, {"3.10.7.3/fourth/syn", "3.10.7.3/fourth/syn-with-text"}},
      {Defect::SynReceivedPassiveRstCloses, {"3.10.7.4/second/rst-exact-passive"}},
      {Defect::SynReceivedBadAckUnanswered, bad_ack_in_syn_received()},
  };
}

std::vector<ExpectedRows> headers() {
  return {
      {Defect::BadChecksumAccepted, {"3.1/only/invalid", kRcvNxt}},
      // 3.1, Data Offset: the header has five words at least. What has fewer is no segment.
      {Defect::ShortDataOffsetAccepted, {"3.1/only/invalid", kRcvNxt}},
      {Defect::MissingMssIgnored, {"3.8/form/mss-respected"}},
      // MUST-15: 536 or 1220. Of 0 nothing is ever sent.
      {Defect::MissingMssZero, {"3.8.6.3/send-text", "scenario/mss-default"}},
      // MUST-7 with MUST-15: an option of an illegal length is none, and so the default holds.
      {Defect::OptionOverrunTaken, {"3.8/form/mss-respected"}},
  };
}

std::vector<ExpectedRows> resets_and_challenges() {
  return {
      // A RST whose text reaches into the window passes the first step and is dropped by the second.
      {Defect::RstOutsideWindow, {"3.10.7.4/first/rst-unacceptable", "3.10.7.4/second/rst-outside-window"}},
      {Defect::RstInexact, {"3.10.7.4/second/rst-in-window*"}},
      {Defect::RstInexactUnanswered, {"3.10.7.4/second/rst-in-window"}},
      // MUST-66. With text such a RST is let in by the first step, and ends the connection in the second.
      {Defect::RstUnderZeroWindowIgnored, {"3.10.7.4/first-allowances/rst-zero-window", "3.10.7.4/second/rst-exact*"}},
      // The text leaves RFC 793's way to stacks without RFC 5961; but that sends a reset first, and the bug does not.
      {Defect::SynResets, challenged_syn() + Globs{"3.10.7.4/fourth/syn-793", "3.10.7.4/fourth/syn-ack-793"}},
      // RFC 5961 3, 4, 5 and the first step: whatever is answered by <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, and limited.
      {Defect::ChallengeAckWrongSeq,
       Globs{"3.10.7.4/first/unacceptable*", "3.10.7.4/first-allowances/syn-repeated*",
             "3.10.7.4/second/rst-in-window*", "3.10.7.4/fifth/ack-beyond*", "3.10.7.4/fifth/ack-too-old*"} +
           challenged_syn()},
      // Every row of the first step that wants the ACK.
      {Defect::OutOfWindowUnanswered,
       {"3.10.7.4/first/unacceptable*", "3.10.7.4/first-allowances/syn-repeated*",
        "3.10.7.4/first-allowances/zero-window-*", "3.10.7.4/first-allowances/crossing*",
        "3.10.7.4/first-allowances/covers-window", "3.10.7.4/first-allowances/time-wait-*-syn"}},
      {Defect::AckBeyondSndNxt, {"3.10.7.4/fifth/ack-beyond*", "3.10.7.4/fifth/time-wait-ack-beyond"}},
      // Answered as it should be; only that the segment is not dropped is wrong.
      {Defect::AckBeyondSndNxtDelivers, {"3.10.7.4/fifth/ack-beyond*", kRcvNxt, kDelivered, kNothingOnHand}},
      // The segment is answered as it should be, and SND.UNA moved. From then on there seems to be something
      // outstanding
      // that nobody sent: the next text waits for its ACK, or is sent without what seems to be acknowledged (held
      // against the SEND), or beyond the window, which is reckoned from SND.UNA; and the right ACK seems to be old.
      {Defect::AckMovesUnaBeyondNxt,
       {"3.10.7.4/fifth/ack-beyond*", "3.10.7.4/fifth/ack-too-old*", "3.10.7.4/fifth-fin/*", "3.10.7.4/fifth-ack/*",
        "3.8.6.3/send-text", "3.8.6.3/send-fin", "3.10.2/only/send*", "3.8/form/window-respected", "3.8/text/*",
        "3.8/retransmission/*", kRetransmit}},
      {Defect::AcklessTextAccepted, {"3.10.7.4/fifth/no-ack", kRcvNxt, kDelivered, kNothingOnHand}},
  };
}

std::vector<ExpectedRows> sending() {
  return {
      // 3.10.7.4 fifth, "SND.WL1 < SEG.SEQ or ...": the wrong window shows in what is sent, or not, or probed. No row
      // says what an old segment does to the window.
      {Defect::OldSegmentUpdatesWindow,
       {"3.10.7.4/fifth-window/*", "3.8/text/new-text", "3.8/form/window-respected", "3.8.6.3/send-text",
        "3.8.6.3/probe-zero-window", "scenario/window-of-older-segment"}},
      // Text that no row justifies is held against the call that gave it or the segment that brought the window.
      {Defect::PeerWindowIgnored,
       {"3.8/text/new-text", "3.8/form/window-respected", "3.10.2/only/send*", "3.10.7.4/fifth-window/window-*",
        "3.10.7.4/fifth/syn-acknowledged"}},
      {Defect::PeerMssIgnored, {"3.8/form/mss-respected"}},
      // 3.4: an ACK that is acceptable is taken for a duplicate: SND.UNA stays. What was acknowledged comes again,
      // though nothing is outstanding; or what follows it does not come.
      {Defect::ComparisonDoesNotWrap,
       {"3.10.7.4/fifth-ack/*", "3.10.7.4/fifth-fin/*", "3.8/retransmission/*", "3.8/form/acknowledged-not-resent",
        "3.8.6.3/send-text"}},
      // MUST-62: the octet following the urgent data. RFC 793 had its last octet. No row looks at SEG.UP of what is
      // sent.
      {Defect::UrgentPointerOneShort, {"3.10.2/only/send-urgent", "3.8/form/urgent-pointer", "scenario/urgent-*"}},
      {Defect::RtoNeverBacksOff, {"3.8/retransmission/*not-backed-off"}},
      // RFC 6298 3: a false sample sets the time-out anew, too short for what was backed off or too long. No row
      // speaks of samples.
      {Defect::KarnIgnored, {"3.8/retransmission/*", kRetransmit, "scenario/retransmission-back-off-*"}},
      // RFC 6298 5.3: the timer restarts for an ACK "that acknowledges new data". The answer to a probe is none, and
      // must not undo the back-off either (3.8.6.1).
      {Defect::DuplicateAckRestartsTimer, {kRetransmit, "3.8/retransmission/not-backed-off"}},
      // RFC 6298 5.2 turns the timer off, so that 5.1 starts it for what is sent next: otherwise that comes again
      // early.
      {Defect::TimerNotStopped, {"3.8/retransmission/*"}},
      // 3.10.8: the user timeout aborts; 3.8.3: at R2 the connection is closed. Until then it is sent again.
      {Defect::NeverGivesUp,
       {"3.10.8/user/user-timeout", "3.8.6.3/user-timeout", kRetransmit, "3.10.8/retransmission/give-up*",
        "scenario/*given-up", "scenario/user-timeout-*"}},
      {Defect::SynAckNotRetransmitted, {kRetransmit}},
      // The octet of the probe is outstanding: to probe again is to send it again.
      {Defect::ProbesFinite, {"3.8.6.3/probe-zero-window", kRetransmit}},
      {Defect::ZeroWindowNotProbed, {"3.8.6.3/probe-zero-window", kRetransmit}},
  };
}

std::vector<ExpectedRows> receiving() {
  return {
      {Defect::TextPastWindow,
       {"3.10.7.4/first-allowances/beyond-window*", "3.10.7.4/first-allowances/covers-window",
        "3.10.7.4/eighth/fin-beyond-window", kRcvNxt, kDelivered}},
      // Neither its text nor its FIN is taken (3.10.7.4 first: trim what lies outside).
      {Defect::PartialOverlapDropped,
       {"3.10.7.4/seventh/text", "3.10.7.4/seventh/text-after-close", "3.10.7.4/eighth/fin*", kRcvNxt, kAcknowledge}},
      {Defect::OverlapDeliveredTwice,
       {"3.10.7.4/seventh/text", "3.10.7.4/seventh/text-after-close", kRcvNxt, kDelivered}},
      // Acknowledged and then not there: at the RECEIVE, or where one that waits is not completed.
      {Defect::HeldTextLost,
       {"3.10.7.4/seventh/text-held", "3.10.7.4/seventh/text-of-syn", kDelivered, "3.8.6.3/deliver"}},
      // What it costs in memory shows nowhere; but text that was refused is taken when RCV.NXT comes to it.
      {Defect::ReassemblyUnbounded, {kRcvNxt, kDelivered, "scenario/beyond-window-not-kept"}},
      {Defect::UrgentSignalLost, {"3.10.7.4/sixth/urgent"}},
      // 3.8.5: the pointer may lie beyond the text that is here (MUST-31). A RECEIVE delivers what came, or waits.
      {Defect::UrgentPointerUnchecked, {kDelivered, "3.8.6.3/deliver", "3.10.7.4/seventh/text*"}},
      {Defect::DelayedAckTooLate, {kAcknowledge}},
      // No step of 3.10.7.4 answers a segment of no length that is acceptable in sequence and ACK: it would be endless.
      {Defect::AcksAnswered, {"3.10.7.4/fifth*", "3.10.7.4/sixth/*"}},
      // Of the ACK that a row, or the obligation, wants the second one is already too many.
      {Defect::AckStorm,
       {"3.10.7.3/fourth/*", "3.10.7.4/first-allowances/*", "3.10.7.4/seventh/*", "3.10.7.4/eighth/*", kAcknowledge}},
      // 3.8.6: a sender waits for the news that the window is open again. Only an obligation could miss it.
      {Defect::WindowUpdateLost, {"3.8.6.3/announce-window", "scenario/receive-window-fills"}},
  };
}

std::vector<ExpectedRows> tcbs() {
  return {
      // 3.10.7.1: whatever comes is reset; each call is answered as without a connection, and OPEN makes a new one.
      {Defect::ConnectionKeptAfterClosed,
       {"3.10.7.1/only/ack", "3.10.7.1/only/no-ack", "3.10.1/only/passive", "3.10.1/only/active",
        "3.10.6/only/closed"}},
  };
}

std::vector<ExpectedRows> all() {
  std::vector<ExpectedRows> rows;
  for (auto part : {closing(), opening(), headers(), resets_and_challenges(), sending(), receiving(), tcbs()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  std::ranges::stable_sort(rows, {}, &ExpectedRows::defect);
  return rows;
}

}  // namespace

std::span<const ExpectedRows> expected_rows() {
  static const std::vector<ExpectedRows> kRows = all();
  return kRows;
}

bool is_expected(tcp::Defect defect, std::string_view row) {
  for (const ExpectedRows& expected : expected_rows()) {
    if (expected.defect != defect) continue;
    return std::ranges::any_of(expected.globs, [&](std::string_view glob) { return glob_matches(glob, row); });
  }
  return false;
}

}  // namespace conform::defects
