// Variables owns the names that a spec may speak of and their types. A model of the connection is an array of them,
// so that guards evaluate without a lookup.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace conform::spec {

// Seq: a point in sequence space, modulo 2^32. Num: octets, a count, or milliseconds. Bool: 0 or 1.
enum class Type : std::uint8_t { Bool, Num, Seq };

// X(enumerator, name, type, what it is)
#define TCPCONFORM_VARIABLES(X)                                                                                      \
  /* the segment that arrived or, in a row about emissions, that was sent */                                        \
  X(SegSeq, "SEG.SEQ", Seq, "sequence number")                                                                       \
  X(SegAck, "SEG.ACK", Seq, "acknowledgment number, 0 without the ACK bit")                                          \
  X(SegLen, "SEG.LEN", Num, "octets of sequence space, SYN and FIN counted")                                         \
  X(SegText, "SEG.TEXT", Num, "octets of text")                                                                      \
  X(SegWnd, "SEG.WND", Num, "window, in octets")                                                                     \
  X(SegUp, "SEG.UP", Num, "urgent pointer, as in the header")                                                        \
  X(SegMss, "SEG.MSS", Num, "value of the MSS option, 0 without one")                                                \
  X(SegCtlSyn, "SEG.SYN", Bool, "the SYN bit")                                                                       \
  X(SegCtlFin, "SEG.FIN", Bool, "the FIN bit")                                                                       \
  X(SegCtlRst, "SEG.RST", Bool, "the RST bit")                                                                       \
  X(SegCtlPsh, "SEG.PSH", Bool, "the PSH bit")                                                                       \
  X(SegCtlUrg, "SEG.URG", Bool, "the URG bit")                                                                       \
  X(SegCtlAck, "SEG.CTL.ACK", Bool, "the ACK bit (SEG.ACK is the number)")                                           \
  X(SegValid, "SEG.VALID", Bool, "header well formed and checksum right")                                            \
  X(SegTextOk, "SEG.TEXT.OK", Bool, "emitted text is what the user gave for these sequence numbers")                 \
  X(SegSecure, "SEG.SECURE", Bool, "security/compartment matches the TCB's")                                         \
  /* the user call */                                                                                                \
  X(CallLen, "CALL.LEN", Num, "octets given to SEND, or room given to RECEIVE")                                      \
  X(CallActive, "CALL.ACTIVE", Bool, "OPEN is active")                                                               \
  X(CallRemote, "CALL.REMOTE", Bool, "OPEN names the remote socket")                                                 \
  X(CallUrgent, "CALL.URGENT", Bool, "SEND is urgent")                                                               \
  X(CallPush, "CALL.PUSH", Bool, "SEND asks to push")                                                                \
  X(CallTimeout, "CALL.TIMEOUT", Num, "user timeout asked for, in ms; 0 for none")                                   \
  /* the TCB: RFC 9293 3.3.1 */                                                                                      \
  X(SndUna, "SND.UNA", Seq, "oldest unacknowledged")                                                                 \
  X(SndNxt, "SND.NXT", Seq, "next to be sent: after everything the target has sent so far")                          \
  X(SndWnd, "SND.WND", Num, "send window")                                                                           \
  X(SndUp, "SND.UP", Seq, "send urgent pointer")                                                                     \
  X(SndWl1, "SND.WL1", Seq, "SEG.SEQ of the last window update")                                                     \
  X(SndWl2, "SND.WL2", Seq, "SEG.ACK of the last window update")                                                     \
  X(MaxSndWnd, "MAX.SND.WND", Num, "largest window the peer ever offered")                                           \
  X(SndMss, "SND.MSS", Num, "largest text the peer takes in one segment")                                            \
  X(Iss, "ISS", Seq, "initial send sequence number, bound by the target's first SYN")                                \
  X(RcvNxt, "RCV.NXT", Seq, "next expected")                                                                         \
  X(RcvWnd, "RCV.WND", Num, "receive window: up to the rightmost edge the target has offered")                       \
  X(RcvUp, "RCV.UP", Seq, "receive urgent pointer")                                                                  \
  X(Irs, "IRS", Seq, "initial receive sequence number; before a SYN, what the peer would choose")                    \
  /* what the RFC speaks of in words */                                                                              \
  X(SndEnd, "SND.END", Seq, "after the last octet that the user gave to SEND")                                       \
  X(FinQueued, "FIN.QUEUED", Bool, "the user has called CLOSE; the FIN may be sent after SND.END")                   \
  X(FinSent, "FIN.SENT", Bool, "the target has sent its FIN")                                                        \
  X(FinReached, "FIN.REACHED", Bool, "a FIN of the peer lies at RCV.NXT: this segment's, or a held one")             \
  X(EndContradicted, "END.CONTRADICTED", Bool, "this segment and what is held disagree where the peer's stream ends")     \
  X(HeldAny, "HELD", Bool, "text or a FIN is held, right of RCV.NXT or from the SYN")                                  \
  X(FinReceived, "FIN.RECEIVED", Bool, "the peer's FIN has been processed")                                          \
  X(RcvEdge, "RCV.EDGE", Seq, "right edge of the receive window: RCV.NXT + RCV.WND")                                 \
  X(RcvAdv, "RCV.ADV", Num, "the window in the last segment the target sent")                                        \
  X(RcvAcked, "RCV.ACKED", Seq, "the last acknowledgment number the target sent")                                    \
  X(RcvRead, "RCV.READ", Seq, "after the last octet that the user has received")                                     \
  X(Passive, "PASSIVE", Bool, "this connection was initiated with a passive OPEN")                                   \
  X(Remote, "REMOTE", Bool, "the remote socket was specified in the OPEN")                                           \
  X(Receives, "RECEIVES", Num, "RECEIVE calls outstanding")                                                          \
  X(DupAcks, "DUPACKS", Num, "duplicate acknowledgments in a row")                                                   \
  X(Challenges, "CHALLENGES", Num, "ACKs without news the target has sent since CHALLENGE.START")                    \
  /* time, in milliseconds */                                                                                        \
  X(Now, "NOW", Num, "the present")                                                                                  \
  X(TimeWaitStart, "TIME-WAIT.START", Num, "when the 2 MSL timer was last started")                                  \
  X(ChallengeStart, "CHALLENGE.START", Num, "when the first of these ACKs was sent")                                 \
  X(RtxLast, "RTX.LAST", Num, "when the retransmission timer was last started")                                      \
  X(RtxInterval, "RTX.INTERVAL", Num, "the interval before the last retransmission; 0 if there was none")            \
  X(RtxLongest, "RTX.LONGEST", Num, "the longest interval before a retransmission so far: how far the target has backed off") \
  X(RttStart, "RTT.START", Num, "when something was sent while nothing was outstanding")                              \
  X(RttLongest, "RTT.LONGEST", Num, "the longest time that the peer has taken to acknowledge something new")          \
  X(RtxCount, "RTX.COUNT", Num, "retransmissions in a row without an acknowledgment")                                \
  X(RtxRecover, "RTX.RECOVER", Seq, "SND.NXT when the retransmission timer last ran out: what lies before it may be lost") \
  X(RtxResent, "RTX.RESENT", Seq, "after what was sent again since the last acknowledgment of something new")          \
  X(Probed, "PROBED", Bool, "what is outstanding was sent at a closed window, to probe it")                           \
  X(RtxFirst, "RTX.FIRST", Num, "when the oldest unacknowledged octet was first sent")                               \
  X(UserTimeout, "USER.TIMEOUT", Num, "the user timeout; 0 for none")                                                \
  X(UserBefore, "USER.BEFORE", Num, "the user timeout before the SEND at hand")                                      \
  X(UserSet, "USER.SET", Num, "when a call last gave a user timeout")                                               \
  X(UserStart, "USER.START", Num, "since when the user timeout runs")                                                \
  /* the harness's own peer */                                                                                       \
  X(DefaultMss, "DEFAULT.MSS", Num, "the MSS of a peer that does not offer one: 536 over IPv4, 1220 over IPv6")       \
  X(PeerIss, "PEER.ISS", Seq, "initial sequence number that the harness uses")                                       \
  X(StateNow, "STATE", Num, "the state, to be compared with a state's name")

enum class Var : std::uint8_t {
#define X(id, name, type, text) id,
  TCPCONFORM_VARIABLES(X)
#undef X
};

struct VarInfo {
  std::string_view name;
  Type type;
  std::string_view text;
};

inline constexpr VarInfo kVars[] = {
#define X(id, name, type, text) {name, Type::type, text},
    TCPCONFORM_VARIABLES(X)
#undef X
};
inline constexpr std::size_t kVarCount = std::size(kVars);

constexpr const VarInfo& info(Var var) { return kVars[static_cast<std::size_t>(var)]; }

// The value of every variable. Seq values are kept in 0 .. 2^32-1.
class Values {
 public:
  std::int64_t operator[](Var var) const { return values_[static_cast<std::size_t>(var)]; }
  std::int64_t& operator[](Var var) { return values_[static_cast<std::size_t>(var)]; }
  const std::int64_t* data() const { return values_.data(); }
  bool operator==(const Values&) const = default;

 private:
  std::array<std::int64_t, kVarCount> values_{};
};

}  // namespace conform::spec
