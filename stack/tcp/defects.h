// Defects owns the catalogue of one-line bugs that a test build can switch on, to prove that the harness finds them.
// Without the compile definition TCPCONFORM_DEFECTS on() is a constant false, and nothing of them is in the stack.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Name of the defect, and what it does in a line.
#define TCP_DEFECTS(X)                                                                                      \
  X(FinWait1FinToTimeWait, "FIN-WAIT-1: a FIN leads to TIME-WAIT although our FIN is not acknowledged")     \
  X(FinWait1AnyAckToFinWait2, "FIN-WAIT-1: any ACK of something new leads to FIN-WAIT-2")                   \
  X(CloseWaitCloseToClosing, "CLOSE-WAIT: CLOSE leads to CLOSING instead of LAST-ACK")                      \
  X(LastAckIgnoresAckOfFin, "LAST-ACK: the ACK of our FIN does not delete the TCB")                         \
  X(ClosingFinNotRetransmitted, "CLOSING: a lost FIN is never sent again")                                  \
  X(TimeWaitOneMsl, "TIME-WAIT lasts 1 MSL")                                                                \
  X(TimeWaitFinDoesNotRestart, "TIME-WAIT: a retransmitted FIN does not restart the 2 MSL timeout")         \
  X(TimeWaitFinUnanswered, "TIME-WAIT: a retransmitted FIN is not acknowledged")                            \
  X(FinUnanswered, "ESTABLISHED: a FIN is not acknowledged")                                                \
  X(FinBeyondHole, "a FIN beyond a hole is processed at once")                                              \
  X(TextAfterFin, "CLOSE-WAIT: text beyond the peer's FIN is accepted")                                     \
  X(CloseDropsText, "CLOSE discards text that is queued but not sent yet")                                  \
  X(SendAfterClose, "SEND after CLOSE is accepted")                                                         \
  X(AbortWithoutRst, "ABORT deletes the TCB without sending a RST")                                         \
  X(ClosedRstAnswered, "CLOSED: a RST is answered by a RST")                                                \
  X(ClosedRstWithoutLength, "CLOSED: the RST for an ACK-less segment acknowledges SEG.SEQ without SEG.LEN") \
  X(ClosedRstFromZero, "CLOSED: the RST for an ACK-bearing segment has sequence number zero")               \
  X(ListenAckUnanswered, "LISTEN: an ACK is dropped without a RST")                                         \
  X(ListenSynRstOpens, "LISTEN: a SYN,RST opens a connection")                                              \
  X(SynSentOldAckAccepted, "SYN-SENT: a SYN,ACK with SEG.ACK =< ISS is taken as the answer to our SYN")     \
  X(SynSentBareRstAborts, "SYN-SENT: a RST without ACK aborts the OPEN")                                    \
  X(SynSentSynAnsweredByAck, "SYN-SENT: a SYN is answered by an ACK instead of a SYN,ACK")                  \
  X(SynSentSynEstablishes, "SYN-SENT: a SYN without ACK leads to ESTABLISHED")                              \
  X(SynReceivedPassiveRstCloses, "SYN-RECEIVED after a passive OPEN: a RST leads to CLOSED, not to LISTEN") \
  X(SynReceivedBadAckUnanswered, "SYN-RECEIVED: an unacceptable ACK is dropped without a RST")              \
  X(RstOutsideWindow, "a RST outside the receive window resets the connection")                             \
  X(RstInexact, "a RST in the window but not at RCV.NXT resets the connection")                             \
  X(RstInexactUnanswered, "a RST in the window but not at RCV.NXT draws no challenge ACK")                  \
  X(RstUnderZeroWindowIgnored, "a RST at RCV.NXT is ignored while RCV.WND is zero")                         \
  X(SynResets, "a SYN in the window resets a synchronized connection")                                      \
  X(ChallengeAckWrongSeq, "a challenge ACK carries SEQ=SND.UNA instead of SND.NXT")                         \
  X(OutOfWindowUnanswered, "a segment outside the window draws no ACK")                                     \
  X(AckBeyondSndNxt, "SEG.ACK > SND.NXT is taken as an acknowledgment of everything")                       \
  X(AckBeyondSndNxtDelivers, "a segment with SEG.ACK > SND.NXT has its text delivered")                     \
  X(AcklessTextAccepted, "text without the ACK bit is accepted")                                            \
  X(OldSegmentUpdatesWindow, "the send window is taken from any segment, SND.WL1 and SND.WL2 ignored")      \
  X(PeerWindowIgnored, "text is sent beyond the peer's window")                                             \
  X(PeerMssIgnored, "segments are sent larger than the peer's MSS")                                         \
  X(MissingMssIgnored, "without an MSS option segments of the whole MTU are sent")                          \
  X(ComparisonDoesNotWrap, "acknowledgments are compared without regard to the end of the sequence space")  \
  X(TextPastWindow, "text past the right edge of the window is delivered")                                  \
  X(PartialOverlapDropped, "a segment that overlaps the left edge of the window is dropped whole")          \
  X(OverlapDeliveredTwice, "text left of RCV.NXT is delivered again with what follows it")                  \
  X(HeldTextLost, "text held beyond a hole is acknowledged but not delivered")                              \
  X(UrgentSignalLost, "the user is not told of urgent data")                                                \
  X(UrgentPointerOneShort, "the urgent pointer sent points to the last urgent octet")                       \
  X(RtoNeverBacksOff, "the retransmission timeout never doubles")                                           \
  X(KarnIgnored, "an RTT sample is taken from a retransmitted segment")                                     \
  X(SynAckNotRetransmitted, "SYN-RECEIVED: a lost SYN,ACK is never sent again")                             \
  X(ProbesFinite, "zero-window probing ends after a few probes although they are acknowledged")             \
  X(ZeroWindowNotProbed, "a zero window is never probed")                                                   \
  X(DelayedAckTooLate, "an ACK is delayed by a whole second")                                               \
  X(WindowUpdateLost, "no window update follows a RECEIVE that reopens a closed window")                    \
  X(BadChecksumAccepted, "a segment with a bad checksum is accepted")

namespace tcp {

enum class Defect : std::uint8_t {
  None,
#define TCP_DEFECT_NAME(name, gloss) name,
  TCP_DEFECTS(TCP_DEFECT_NAME)
#undef TCP_DEFECT_NAME
};

namespace defects {

struct Entry {
  Defect defect;
  std::string_view name;
  std::string_view gloss;
};

#ifdef TCPCONFORM_DEFECTS
// The one that is switched on. A test build has one stack under test at a time.
inline Defect active = Defect::None;
inline bool on(Defect defect) { return active == defect; }

inline constexpr std::array kCatalogue = {
#define TCP_DEFECT_ENTRY(name, gloss) Entry{Defect::name, #name, gloss},
    TCP_DEFECTS(TCP_DEFECT_ENTRY)
#undef TCP_DEFECT_ENTRY
};
constexpr const auto& all_defects() { return kCatalogue; }
#else
constexpr bool on(Defect) { return false; }
#endif

}  // namespace defects
}  // namespace tcp
