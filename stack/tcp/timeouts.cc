// RFC 9293 3.10.8: the timeouts.
#include <algorithm>

#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"

namespace tcp {

using wire::State;

Time Connection::next_deadline() const { return *std::min_element(deadlines_.begin(), deadlines_.end()); }

void Connection::advance() {
  const auto due = [&](Timer timer) {
    if (closed() || deadline(timer) > context_.now) return false;
    stop(timer);
    return true;
  };
  if (due(kTimeWait)) return remove();
  if (due(kUserTimeout)) return abort_after_timeout();
  if (due(kRetransmission)) retransmission_timeout();
  if (due(kDelayedAck)) {
    ack_due_ = AckDue::Now;
    output();
  }
  if (due(kOverride)) output(true);
}

// RETRANSMISSION TIMEOUT, and the timeout of a zero-window probe
void Connection::retransmission_timeout() {
  if (given_up()) return abort_after_timeout();
  if (tcb_.syn_acknowledged && tcb_.snd_wnd == 0) {
    probe();
  } else {
    retransmit();
  }
  wait_to_send();
}

// Send the segment at the front of the retransmission queue again, reinitialize the timer.
void Connection::retransmit() {
  if (!outstanding()) return;
  if (!defects::on(Defect::KarnIgnored)) rto_.retransmitted();
  if (tcb_.syn_acknowledged) fast_retransmit_.timed_out(tcb_.snd_nxt);
  // RFC 9293 3.8.6: not beyond a window that was shrunk (SHLD-16).
  resend_front(tcb_.syn_acknowledged ? tcb_.snd_wnd : 0);
  if (!defects::on(Defect::RtoNeverBacksOff)) rto_.back_off();
  start(kRetransmission, rto_.value());
  if (++retransmissions_ == context_.config.r1) signal(SignalKind::DeliveryProblem);
}

// RFC 9293 3.8.6.1: one octet that the window has no room for, new or old, at intervals that double.
void Connection::probe() {
  if (defects::on(Defect::ZeroWindowNotProbed)) return;
  if (defects::on(Defect::ProbesFinite) && probes_ >= 3) return;
  if (outstanding()) {
    resend_front(1);
  } else {
    const auto text = send_queue_.view(tcb_.snd_nxt, 1);
    const auto seq = tcb_.snd_nxt;
    tcb_.snd_nxt += static_cast<std::uint32_t>(text.size());
    emit_from_queue(seq, text, false);
  }
  front_probed_ = true;
  rto_.retransmitted();
  ++retransmissions_;
  probes_ = std::min(probes_ + 1, 16u);
  start(kRetransmission, probe_interval());
}

// The first probe comes after the retransmission timeout (SHLD-29). From then on the interval doubles for as long as
// the window stays closed (SHLD-30), also if the peer takes an octet of a probe now and then.
Duration Connection::probe_interval() const {
  return std::min<Duration>(rto_.value() * (1 << probes_), context_.config.max_rto);
}

// R2 (RFC 9293 3.8.3). It is greater than R1: a time that passed with fewer retransmissions, as they are far apart
// after a long back-off, proves nothing. A user timeout that the user set takes its place (MUST-21).
bool Connection::given_up() const {
  if (user_timeout_ || !tried_since_) return false;
  const Duration r2 = tcb_.syn_acknowledged ? context_.config.r2 : context_.config.r2_syn;
  return context_.now - *tried_since_ >= r2 && retransmissions_ >= context_.config.r1;
}

// USER TIMEOUT: flush all queues, signal the user, delete the TCB
void Connection::abort_after_timeout() {
  if (defects::on(Defect::NeverGivesUp)) return;
  fail(SignalKind::ConnectionAborted, Answer::ConnectionAborted);
}

// The peer takes what we send: R1, R2 and the user timeout begin anew.
void Connection::progress() {
  tried_since_.reset();
  retransmissions_ = 0;
  start_user_timeout();
}

void Connection::start_user_timeout() {
  if (undelivered()) {
    start(kUserTimeout, user_timeout_.value_or(context_.config.user_timeout));
  } else {
    stop(kUserTimeout);
  }
}

bool Connection::undelivered() const {
  switch (tcb_.state) {
    case State::Closed:
    case State::Listen:
    case State::TimeWait: return false;
    case State::SynSent:
    case State::SynReceived:
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait:
    case State::Closing:
    case State::LastAck: return outstanding() || !send_queue_.empty() || (tcb_.fin_queued && !tcb_.fin_acknowledged);
  }
  return false;
}

}  // namespace tcp
