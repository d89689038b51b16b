#include "fuzz/mutate/model.h"

#include <algorithm>

namespace conform::fuzz {

using wire::State;

namespace {

constexpr std::uint32_t kTwoMslMs = 240'000;   // RFC 9293 3.4.2: the MSL is two minutes
constexpr std::uint32_t kGivenUpMs = 300'000;  // RFC 9293 3.9.1: the usual user timeout

bool takes_text(State state) {
  return state == State::Established || state == State::FinWait1 || state == State::FinWait2;
}

Guess closed() { return {}; }

// RFC 9293 3.10.7.4, fifth: what an acknowledgment of everything brings about.
Guess all_acknowledged(Guess guess) {
  guess.in_flight = false;
  switch (guess.state) {
    case State::SynReceived: guess.state = State::Established; break;
    case State::FinWait1: guess.state = State::FinWait2; break;
    case State::Closing: guess.state = State::TimeWait; break;
    case State::LastAck: return closed();
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::Established:
    case State::FinWait2:
    case State::CloseWait:
    case State::TimeWait: break;
  }
  return guess;
}

// RFC 9293 3.10.7.4, eighth: check the FIN bit.
Guess fin_came(Guess guess) {
  if (guess.state == State::Established) guess.state = State::CloseWait;
  if (guess.state == State::FinWait1) guess.state = State::Closing;
  if (guess.state == State::FinWait2) guess.state = State::TimeWait;
  return guess;
}

Guess after(Guess guess, const SegmentEvent& segment) {
  const wire::Flags flags{segment.ctl};
  if (segment.damage != spec::Damage::None || guess.state == State::Closed) return guess;
  const bool acks_all =
      flags.ack() && (segment.ack == Number{Base::SndNxt, 0} || segment.ack == Number{Base::SndEnd, 0});
  if (guess.state == State::Listen) {
    if (flags.syn() && !flags.ack() && !flags.rst()) guess.state = State::SynReceived, guess.in_flight = true;
    return guess;
  }
  if (guess.state == State::SynSent) {
    if (flags.ack() && !acks_all) return guess;
    if (flags.rst()) return flags.ack() ? closed() : guess;
    if (flags.syn())
      guess.state = flags.ack() ? State::Established : State::SynReceived, guess.in_flight = !flags.ack();
    return guess;
  }
  if (segment.seq != Number{Base::RcvNxt, 0}) {
    const bool further = segment.seq.base == Base::RcvNxt && segment.seq.offset > 0 && segment.data > 0;
    guess.hole = guess.hole || (further && flags.ack() && takes_text(guess.state));
    return guess;
  }
  if (flags.rst()) {
    const bool returns = guess.state == State::SynReceived && guess.passive;
    guess = closed();
    if (returns) guess.state = State::Listen, guess.passive = true;
    return guess;
  }
  if (flags.syn() || !flags.ack()) return guess;
  guess.shut = segment.keeps_window ? guess.shut : segment.wnd == 0;
  if (acks_all) guess = all_acknowledged(guess);
  if (takes_text(guess.state) && segment.data > 0) guess.unread = true, guess.hole = false;
  return flags.fin() ? fin_came(guess) : guess;
}

Guess after(Guess guess, const CallEvent& call) {
  const bool opened = guess.state == State::Established || guess.state == State::CloseWait;
  switch (call.verb) {
    case Verb::Open:
      if (guess.state != State::Closed && guess.state != State::Listen) return guess;
      if (call.active && !call.remote_specified) return guess;
      guess = closed();
      guess.passive = !call.active;
      guess.in_flight = call.active;
      guess.state = call.active ? State::SynSent : State::Listen;
      return guess;
    case Verb::Send: guess.in_flight = guess.in_flight || opened; return guess;
    case Verb::Receive: guess.unread = false; return guess;
    case Verb::Close:
      if (guess.state == State::Listen || guess.state == State::SynSent) return closed();
      if (guess.state == State::CloseWait) guess.state = State::LastAck, guess.in_flight = true;
      if (guess.state == State::SynReceived || guess.state == State::Established)
        guess.state = State::FinWait1, guess.in_flight = true;
      return guess;
    case Verb::Abort: return closed();
    case Verb::Status: return guess;
  }
  return guess;
}

}  // namespace

Guess after(const Guess& guess, const Event& event) {
  switch (event.kind) {
    case Event::Kind::Segment: return after(guess, event.segment);
    case Event::Kind::Call: return after(guess, event.call);
    case Event::Kind::Wait: {
      const bool over = guess.state == State::TimeWait && event.wait.ms >= kTwoMslMs;
      const bool given_up = guess.in_flight && event.wait.ms >= kGivenUpMs;
      return over || given_up ? closed() : guess;
    }
    case Event::Kind::Peer:
      // The peer does not know of a connection before it has said a SYN itself.
      return event.peer.what == spec::PeerStep::What::Takes && guess.in_flight && guess.state != State::SynSent
                 ? all_acknowledged(guess)
                 : guess;
  }
  return guess;
}

Guess guess_at(std::span<const Event> sequence, std::size_t count) {
  Guess guess;
  for (const Event& event : sequence.first(std::min(count, sequence.size()))) guess = after(guess, event);
  return guess;
}

}  // namespace conform::fuzz
