// RFC 9293 3.10.1-3.10.6: the user calls, each by the state it finds.
#include <algorithm>

#include "stack/tcp/connection.h"
#include "stack/tcp/defects.h"

namespace tcp {

using wire::State;

// RFC 9293 3.10.1, LISTEN and later
Answer Connection::reopen(const OpenCall& call) {
  if (tcb_.state != State::Listen) return Answer::ConnectionAlreadyExists;
  if (!call.active) return Answer::ConnectionAlreadyExists;  // MUST-41
  if (!call.remote) return Answer::RemoteSocketUnspecified;
  if (!call.remote->address.is_unicast()) return Answer::ConnectionIllegal;
  const auto address = context_.config.address_for(call.remote->address.version);
  if (!address) return Answer::ConnectionIllegal;
  tcb_.remote = call.remote;
  if (!tcb_.local_address) tcb_.local_address = address;
  if (call.user_timeout > Duration::zero()) user_timeout_ = call.user_timeout;
  send_syn();
  return Answer::Ok;
}

// RFC 9293 3.10.2
Answer Connection::send(std::span<const std::uint8_t> text, const SendCall& call) {
  switch (tcb_.state) {
    case State::Closed: return Answer::ConnectionDoesNotExist;
    case State::Listen:
      if (!tcb_.remote) return Answer::RemoteSocketUnspecified;
      [[fallthrough]];
    case State::SynSent:
    case State::SynReceived:
    case State::Established:
    case State::CloseWait:
      if (tcb_.fin_queued) return Answer::ConnectionClosing;
      break;
    case State::FinWait1:
    case State::FinWait2:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait:
      if (defects::on(Defect::SendAfterClose)) break;
      return Answer::ConnectionClosing;
  }
  if (text.size() > context_.config.send_buffer - std::min(send_queue_.size(), context_.config.send_buffer)) {
    return Answer::InsufficientResources;
  }
  if (call.user_timeout > Duration::zero()) user_timeout_ = call.user_timeout;
  send_queue_.append(text, call.push, call.urgent);
  if (tcb_.state == State::Listen) {
    // A fully specified passive call is made active by a SEND; the text waits for ESTABLISHED.
    if (!tcb_.local_address) tcb_.local_address = context_.config.address_for(tcb_.remote->address.version);
    send_syn();
  } else {
    if (call.user_timeout > Duration::zero()) progress();
    output();
  }
  return Answer::Ok;
}

// RFC 9293 3.10.3. Text on hand satisfies a RECEIVE even if it does not fill the buffer: whether a PUSH came is only
// told (RFC 1122 4.2.2.2).
Reply Connection::receive(std::size_t length) {
  const bool on_hand = !receive_queue_.empty();
  Reply reply;
  switch (tcb_.state) {
    case State::Closed: reply.answer = Answer::ConnectionDoesNotExist; return reply;
    case State::Listen:
    case State::SynSent:
    case State::SynReceived: break;  // queue for processing after entering ESTABLISHED state
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
      if (on_hand || length == 0) return deliver(length);
      break;
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait:
      // Text on hand first, also after CLOSE: users must keep reading connections they close (RFC 9293 3.6).
      if (on_hand) return deliver(length);
      reply.answer = Answer::ConnectionClosing;
      return reply;
  }
  if (receives_.size() >= context_.config.max_queued_receives) {
    reply.answer = Answer::InsufficientResources;
  } else {
    receives_.push_back(length);
    reply.answer = Answer::Queued;
  }
  return reply;
}

// Hands text over and tells the peer if that opened the window enough (RFC 9293 3.8.6.2.2).
Reply Connection::deliver(std::size_t length) {
  auto taken = receive_queue_.take(length);
  Reply reply;
  reply.text = std::move(taken.text);
  reply.push = taken.push;
  reply.urgent = taken.urgent;
  const bool told = context_.config.lone_window_updates || tcb_.rcv_wnd == 0;
  if (told && !tcb_.fin_received && wire::is_synchronized(tcb_.state) && window_to_offer() > tcb_.rcv_wnd &&
      !defects::on(Defect::WindowUpdateLost)) {
    ack_due_ = AckDue::Now;
    output();
  }
  return reply;
}

// RFC 9293 3.10.4
Answer Connection::close() {
  switch (tcb_.state) {
    case State::Closed: return Answer::ConnectionDoesNotExist;
    case State::Listen:
    case State::SynSent:
      fail_receives(Answer::ConnectionClosing);
      remove();
      return Answer::Ok;
    case State::SynReceived:
      if (!take_close()) return Answer::ConnectionClosing;
      if (send_queue_.empty()) tcb_.state = State::FinWait1;
      break;
    case State::Established:
      if (loses_text_on_close()) return close_with_reset();
      take_close();
      tcb_.state = State::FinWait1;
      break;
    case State::CloseWait:
      if (loses_text_on_close()) return close_with_reset();
      if (!take_close()) return Answer::ConnectionClosing;
      break;
    case State::FinWait1:
    case State::FinWait2:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait: return Answer::ConnectionClosing;
  }
  output();
  return Answer::Ok;
}

// RFC 9293 3.6.1: a CLOSE that ends reading as well shows the peer by a RST that its text was lost (MAY-1, SHLD-3).
bool Connection::loses_text_on_close() const {
  return context_.config.half_duplex_close && !tcb_.fin_queued && !receive_queue_.empty();
}

Answer Connection::close_with_reset() {
  emit(wire::Flags::kRst, tcb_.snd_nxt);
  fail_receives(Answer::ConnectionClosing);
  remove();
  return Answer::Ok;
}

// Queues the FIN behind what was SENT. False if it has been queued already.
bool Connection::take_close() {
  if (tcb_.fin_queued) return false;
  tcb_.fin_queued = true;
  if (defects::on(Defect::CloseDropsText)) send_queue_.truncate(tcb_.snd_nxt);
  if (defects::on(Defect::CloseDropsUnreadText)) receive_queue_.take(receive_queue_.size());
  return true;
}

// RFC 9293 3.10.5
Answer Connection::abort() {
  switch (tcb_.state) {
    case State::Closed: return Answer::ConnectionDoesNotExist;
    case State::Listen:
    case State::SynSent: break;
    case State::SynReceived:
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait:
      if (!defects::on(Defect::AbortWithoutRst)) emit(wire::Flags::kRst, tcb_.snd_nxt);
      break;
    case State::Closing:
    case State::LastAck:
    case State::TimeWait: break;
  }
  fail_receives(Answer::ConnectionReset);
  remove();
  return Answer::Ok;
}

// RFC 9293 3.10.6
Reply Connection::status() const {
  Reply reply;
  reply.state = tcb_.state;
  return reply;
}

// Text has arrived in order: completes the RECEIVEs that wait for it, first come first served.
void Connection::complete_receives() {
  std::size_t done = 0;
  for (; done < receives_.size() && !receive_queue_.empty(); ++done) {
    auto taken = receive_queue_.take(receives_[done]);
    Reply reply;
    reply.text = std::move(taken.text);
    reply.push = taken.push;
    reply.urgent = taken.urgent;
    context_.outputs.emplace_back(Signal{id_, SignalKind::ReceiveDone, std::move(reply)});
  }
  receives_.erase(receives_.begin(), receives_.begin() + static_cast<std::ptrdiff_t>(done));
}

}  // namespace tcp
