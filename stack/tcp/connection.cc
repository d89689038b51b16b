#include "stack/tcp/connection.h"

#include <algorithm>

#include "stack/tcp/careless.h"
#include "stack/tcp/defects.h"

namespace tcp {

using wire::SeqNum;
using wire::State;

void Connection::open(const OpenCall& call, const Socket& local, bool local_address_specified) {
  tcb_.local_port = local.port;
  if (call.active || local_address_specified) tcb_.local_address = local.address;
  tcb_.remote = call.remote;
  open_remote_ = call.remote;
  if (local_address_specified) open_address_ = local.address;
  if (call.user_timeout > Duration::zero()) user_timeout_ = call.user_timeout;
  nagle_ = call.nagle && context_.config.nagle;
  diffserv_ = call.diffserv;
  if (call.active) {
    send_syn();
  } else {
    tcb_.state = State::Listen;
    tcb_.passive_open = true;
  }
}

// RFC 9293 3.10.1, CLOSED and LISTEN: select an ISS, send a SYN, enter SYN-SENT.
void Connection::send_syn() {
  tcb_.passive_open = false;
  tcb_.iss = context_.isn.next(tcb_.local(), *tcb_.remote, context_.now);
  tcb_.snd_una = tcb_.iss;
  tcb_.snd_nxt = tcb_.iss + 1;
  send_queue_.rebase(tcb_.snd_nxt);
  tcb_.rcv_wnd = std::min<std::uint32_t>(context_.config.receive_buffer, 65535);
  tcb_.state = State::SynSent;
  progress();
  emit(wire::Flags::kSyn, tcb_.iss);
  rto_.time(tcb_.snd_nxt, context_.now);
  wait_to_send();
}

// The peer's SYN is here: RCV.NXT follows it.
void Connection::start_receiving(SeqNum irs) {
  tcb_.irs = irs;
  tcb_.rcv_nxt = irs + 1;
  tcb_.rcv_wnd = std::min<std::uint32_t>(context_.config.receive_buffer, 65535);
  tcb_.fin_received = false;
  receive_queue_.start(tcb_.rcv_nxt);
  reassembly_.clear();
  held_fin_.reset();
  held_urgent_.reset();
}

// RFC 9293 3.10.7.4, second and fourth: SYN-RECEIVED after a passive OPEN returns to LISTEN. The text, the urgent mark
// and the CLOSE that waited were for the peer that is gone: LISTEN has nothing to send, as a SEND there opens actively.
// The RECEIVEs that wait are for whoever comes next.
void Connection::enter_listen_again() {
  const Tcb before = tcb_;
  tcb_ = Tcb{};
  tcb_.state = State::Listen;
  tcb_.passive_open = true;
  tcb_.local_port = before.local_port;
  tcb_.local_address = open_address_;
  tcb_.remote = open_remote_;
  deadlines_.fill(kNever);
  send_queue_ = {};
  reassembly_.clear();
  held_fin_.reset();
  held_urgent_.reset();
  rto_ = Rto(context_.config);
  fast_retransmit_ = {};
  front_probed_ = reopened_ = false;
  tried_since_.reset();
  retransmissions_ = probes_ = segments_unacknowledged_ = 0;
  ack_due_ = AckDue::None;
}

void Connection::enter_established() {
  tcb_.state = State::Established;
  signal(SignalKind::OpenDone);
}

// RFC 9293 3.10.7.4, eighth: start the time-wait timer, turn off the other timers.
void Connection::enter_time_wait() {
  tcb_.state = State::TimeWait;
  deadlines_.fill(kNever);
  start(kTimeWait, defects::on(Defect::TimeWaitOneMsl) ? context_.config.msl : 2 * context_.config.msl);
}

// Deletes the TCB, all queues flushed: the owner drops a closed connection. The RECEIVEs that wait have been answered
// before this, as each way to CLOSED has its own answer for them.
void Connection::remove() {
  tcb_.state = State::Closed;
  if (!defects::on(Defect::TimersKeptAfterClosed)) deadlines_.fill(kNever);
  ack_due_ = AckDue::None;
  send_queue_ = {};
  receive_queue_ = {};
  reassembly_ = {};
  held_fin_.reset();
  held_urgent_.reset();
}

void Connection::fail(SignalKind kind, Answer pending) {
  fail_receives(pending);
  signal(kind);
  remove();
}

void Connection::signal(SignalKind kind) { context_.outputs.emplace_back(Signal{id_, kind, {}}); }

void Connection::fail_receives(Answer answer) {
  for (std::size_t i = 0; i < receives_.size(); ++i) {
    Reply reply;
    reply.answer = answer;
    context_.outputs.emplace_back(Signal{id_, SignalKind::ReceiveDone, std::move(reply)});
  }
  receives_.clear();
}

// RFC 9293 3.7.1: without an MSS option the send MSS is 536 or 1220 (MUST-15). An MSS of 0 would let nothing be sent
// at all, and counts as none.
void Connection::take_mss(const wire::Segment& segment) {
  const bool v4 = tcb_.remote->address.version == codec::IpVersion::V4;
  tcb_.snd_mss = v4 ? 536 : 1220;
  if (defects::on(Defect::MissingMssIgnored)) tcb_.snd_mss = 65535;
  if (defects::on(Defect::MissingMssZero)) tcb_.snd_mss = 0;
  const auto mss = careless::reads_options() ? careless::mss(segment.options) : segment.options.mss();
  if (mss && *mss > 0) tcb_.snd_mss = *mss;
}

// RFC 9293 3.7.1: Eff.snd.MSS = min(SendMSS+20, MMS_S) - TCPhdrsize - IPoptionsize. We send no options after the SYN.
std::uint32_t Connection::effective_mss() const {
  const bool v4 = !tcb_.remote || tcb_.remote->address.version == codec::IpVersion::V4;
  const std::uint32_t mms_s = context_.config.mtu - (v4 ? 20u : 40u);
  if (defects::on(Defect::PeerMssIgnored)) return mms_s - 20;
  return std::min<std::uint32_t>(tcb_.snd_mss + 20u, mms_s) - 20;
}

void Connection::arrive(wire::Segment& segment, const Socket& local, const Socket& remote) {
  switch (tcb_.state) {
    case State::Closed: return;
    case State::Listen: return arrive_listen(segment, local, remote);
    case State::SynSent: arrive_syn_sent(segment); break;
    case State::SynReceived:
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait: arrive_other(segment); break;
  }
  // Only now, when the segment and everything that was held have been worked off, does anything leave: the ACKs are
  // aggregated (RFC 9293 3.10.7.4, MUST-58 and MUST-59).
  output();
}

}  // namespace tcp
