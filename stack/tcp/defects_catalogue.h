// The catalogue of seeded bugs: of each its name, how it shows (tcp::Shows), and what it does in a line.
#pragma once

#define TCP_DEFECTS_CLOSING(X)                                                                                     \
  X(FinWait1FinToTimeWait, Outside, "FIN-WAIT-1: a FIN leads to TIME-WAIT although our FIN is not acknowledged")   \
  X(FinWait1AnyAckToFinWait2, Outside, "FIN-WAIT-1: any ACK of something new leads to FIN-WAIT-2")                 \
  X(FinWait1SynAckToFinWait2, Outside, "FIN-WAIT-1: the ACK of our SYN alone leads to FIN-WAIT-2")                 \
  X(FinWait1TextAckToFinWait2, Outside, "FIN-WAIT-1: the ACK of all text but not of the FIN leads to FIN-WAIT-2")  \
  X(CloseWaitCloseToClosing, Outside, "CLOSE-WAIT: CLOSE leads to CLOSING instead of LAST-ACK")                    \
  X(LastAckIgnoresAckOfFin, Outside, "LAST-ACK: the ACK of our FIN does not delete the TCB")                       \
  X(LastAckBadAckUnanswered, Outside, "LAST-ACK: an ACK of something never sent is not answered")                  \
  X(ClosingFinNotRetransmitted, Outside, "CLOSING: a lost FIN is never sent again")                                \
  X(TimeWaitOneMsl, Outside, "TIME-WAIT lasts 1 MSL")                                                              \
  X(TimeWaitFinDoesNotRestart, Outside, "TIME-WAIT: a retransmitted FIN does not restart the 2 MSL timeout")       \
  X(TimeWaitFinUnanswered, Outside, "TIME-WAIT: a retransmitted FIN is not acknowledged")                          \
  X(TimeWaitRstIgnored, Outside, "TIME-WAIT: a RST at RCV.NXT is ignored, as RFC 1337 wants it")                   \
  X(FinUnanswered, Outside, "ESTABLISHED: a FIN is not acknowledged")                                              \
  X(FinBeyondHole, Outside, "a FIN beyond a hole is processed at once")                                            \
  X(TextAfterFin, Outside, "CLOSE-WAIT: text beyond the peer's FIN is accepted")                                   \
  X(CloseDropsText, Outside, "CLOSE discards text that is queued but not sent yet")                                \
  X(CloseDropsUnreadText, Outside, "CLOSE discards text that the user has not read, and sends a FIN all the same") \
  X(SendAfterClose, Outside, "SEND after CLOSE is accepted")                                                       \
  X(AbortWithoutRst, Outside, "ABORT deletes the TCB without sending a RST")

#define TCP_DEFECTS_OPENING(X)                                                                                       \
  X(ClosedRstAnswered, Outside, "CLOSED: a RST is answered by a RST")                                                \
  X(ClosedRstWithoutLength, Outside, "CLOSED: the RST for an ACK-less segment acknowledges SEG.SEQ without SEG.LEN") \
  X(ClosedRstFromZero, Outside, "CLOSED: the RST for an ACK-bearing segment has sequence number zero")               \
  X(ListenAckUnanswered, Outside, "LISTEN: an ACK is dropped without a RST")                                         \
  X(ListenSynRstOpens, Outside, "LISTEN: a SYN,RST opens a connection")                                              \
  X(SynFinTakenAtOnce, Outside, "the FIN of a SYN,FIN is processed before the connection is established")            \
  X(SynTextTakenAtOnce, Outside, "the text of a SYN is delivered before the connection is established")              \
  X(SynSentOldAckAccepted, Outside, "SYN-SENT: a SYN,ACK with SEG.ACK =< ISS is taken as the answer to our SYN")     \
  X(SynSentBareRstAborts, Outside, "SYN-SENT: a RST without ACK aborts the OPEN")                                    \
  X(SynSentSynAnsweredByAck, Outside, "SYN-SENT: a SYN is answered by an ACK instead of a SYN,ACK")                  \
  X(SynSentSynEstablishes, Outside, "SYN-SENT: a SYN without ACK leads to ESTABLISHED")                              \
  X(SynReceivedPassiveRstCloses, Outside, "SYN-RECEIVED after a passive OPEN: a RST leads to CLOSED, not to LISTEN") \
  X(SynReceivedBadAckUnanswered, Outside, "SYN-RECEIVED: an unacceptable ACK is dropped without a RST")              \
  X(IssPredictable, Nowhere, "the ISS is the clock alone, without a secret")

#define TCP_DEFECTS_HEADERS(X)                                                                            \
  X(BadChecksumAccepted, Outside, "a segment with a bad checksum is accepted")                            \
  X(ShortDataOffsetAccepted, Outside, "a data offset below 5 is taken for 5")                             \
  X(MissingMssIgnored, Outside, "without an MSS option segments of the whole MTU are sent")               \
  X(MissingMssZero, Outside, "without an MSS option the peer's MSS is taken to be 0")                     \
  X(OptionOverrunTaken, Outside, "an MSS option that overruns the header is taken, with what lies there") \
  X(OptionOverrunRead, Sanitizer, "an option that overruns the header is read to its end")                \
  X(OptionLengthZeroLoops, Crash, "an option of length 0 is looked at for ever")

#define TCP_DEFECTS_RESETS(X)                                                                       \
  X(RstOutsideWindow, Outside, "a RST outside the receive window resets the connection")            \
  X(RstInexact, Outside, "a RST in the window but not at RCV.NXT resets the connection")            \
  X(RstInexactUnanswered, Outside, "a RST in the window but not at RCV.NXT draws no challenge ACK") \
  X(RstUnderZeroWindowIgnored, Outside, "a RST at RCV.NXT is ignored while RCV.WND is zero")        \
  X(SynResets, Outside, "a SYN in the window resets a synchronized connection")                     \
  X(ChallengeAckWrongSeq, Outside, "a challenge ACK carries SEQ=SND.UNA instead of SND.NXT")        \
  X(OutOfWindowUnanswered, Outside, "a segment outside the window draws no ACK")                    \
  X(AckBeyondSndNxt, Outside, "SEG.ACK > SND.NXT is taken as an acknowledgment of everything")      \
  X(AckBeyondSndNxtDelivers, Outside, "a segment with SEG.ACK > SND.NXT has its text delivered")    \
  X(AckMovesUnaBeyondNxt, Outside, "SEG.ACK > SND.NXT moves SND.UNA beyond SND.NXT")                \
  X(AcklessTextAccepted, Outside, "text without the ACK bit is accepted")

#define TCP_DEFECTS_SENDING(X)                                                                                      \
  X(OldSegmentUpdatesWindow, Outside, "the send window is taken from any segment, SND.WL1 and SND.WL2 ignored")     \
  X(PeerWindowIgnored, Outside, "text is sent beyond the peer's window")                                            \
  X(PeerMssIgnored, Outside, "segments are sent larger than the peer's MSS")                                        \
  X(ComparisonDoesNotWrap, Outside, "acknowledgments are compared without regard to the end of the sequence space") \
  X(UrgentPointerOneShort, Outside, "the urgent pointer sent points to the last urgent octet")                      \
  X(RtoNeverBacksOff, Outside, "the retransmission timeout never doubles")                                          \
  X(KarnIgnored, Outside, "an RTT sample is taken from a retransmitted segment")                                    \
  X(DuplicateAckRestartsTimer, Outside, "an ACK of nothing new restarts the retransmission timer")                  \
  X(TimerNotStopped, Outside, "the retransmission timer runs on when everything is acknowledged")                   \
  X(NeverGivesUp, Outside, "neither R2 nor the user timeout ends the connection, and nothing is sent any more")     \
  X(SynAckNotRetransmitted, Outside, "SYN-RECEIVED: a lost SYN,ACK is never sent again")                            \
  X(ProbesFinite, Outside, "zero-window probing ends after a few probes although they are acknowledged")            \
  X(ZeroWindowNotProbed, Outside, "a zero window is never probed")

#define TCP_DEFECTS_RECEIVING(X)                                                                            \
  X(TextPastWindow, Outside, "text past the right edge of the window is delivered")                         \
  X(PartialOverlapDropped, Outside, "a segment that overlaps the left edge of the window is dropped whole") \
  X(OverlapDeliveredTwice, Outside, "text left of RCV.NXT is delivered again with what follows it")         \
  X(HeldTextLost, Outside, "text held beyond a hole is acknowledged but not delivered")                     \
  X(ReassemblyUnbounded, Outside, "text right of the window is held, however much of it comes")             \
  X(UrgentSignalLost, Outside, "the user is not told of urgent data")                                       \
  X(UrgentPointerUnchecked, Outside, "a RECEIVE delivers up to the urgent pointer, wherever the text ends") \
  X(DelayedAckTooLate, Outside, "an ACK is delayed by a whole second")                                      \
  X(AcksAnswered, Outside, "every ACK is acknowledged, so that two such ends never fall silent")            \
  X(AckStorm, Outside, "an ACK that is due at once is sent 3000 times")                                     \
  X(WindowUpdateLost, Outside, "no window update follows a RECEIVE that reopens a closed window")

#define TCP_DEFECTS_TCBS(X)                                                                        \
  X(ConnectionKeptAfterClosed, Outside, "a TCB in CLOSED is kept, and swallows what comes for it") \
  X(TimersKeptAfterClosed, Invariant, "the timers of a deleted TCB run on")                        \
  X(ReadAfterDelete, Sanitizer, "a deleted TCB is asked for its next timeout")

#define TCP_DEFECTS(X)     \
  TCP_DEFECTS_CLOSING(X)   \
  TCP_DEFECTS_OPENING(X)   \
  TCP_DEFECTS_HEADERS(X)   \
  TCP_DEFECTS_RESETS(X)    \
  TCP_DEFECTS_SENDING(X)   \
  TCP_DEFECTS_RECEIVING(X) \
  TCP_DEFECTS_TCBS(X)
