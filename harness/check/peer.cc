#include "harness/check/peer.h"

#include <algorithm>

namespace conform {

using spec::Var;

namespace {
// More than the steps of a case could speak of.
constexpr std::size_t kRemembered = 64;

template <typename T>
void push_bounded(std::vector<T>& list, const T& item) {
  if (list.size() == kRemembered) list.erase(list.begin());
  list.push_back(item);
}
}  // namespace

bool Peer::sees(const wire::Segment& segment) {
  if (segment.length() == 0 || segment.flags.rst()) return false;
  const Sent sent{segment.seq, segment.seq + segment.length(), segment.flags.syn() && !segment.flags.ack()};
  bool news = wire::after(sent.end, highest_);
  if (segment.flags.syn() || !synchronized_) {
    news = !synchronized_ || segment.seq != first_;
    synchronized_ = true;
    first_ = next_ = segment.seq;
    highest_ = sent.end;
    taken_.clear();
  }
  if (news) highest_ = sent.end;
  push_bounded(on_the_way_, sent);
  return news;
}

void Peer::says(const wire::Segment& segment) {
  window_ = segment.wnd;
  if (!synchronized_ || !segment.flags.ack()) return;
  if (wire::after(segment.ack, next_) && wire::at_or_before(segment.ack, highest_)) next_ = segment.ack;
}

// Over everything that has come and joins.
void Peer::move_on() {
  for (bool moved = true; moved;) {
    moved = false;
    for (const Sent& sent : taken_) {
      if (!wire::at_or_before(sent.seq, next_) || !wire::after(sent.end, next_)) continue;
      next_ = sent.end;
      moved = true;
    }
  }
}

std::optional<wire::Segment> Peer::does(const spec::PeerStep& step, const oracle::World& world) {
  const bool again = step.what == spec::PeerStep::What::TakesAgain;
  const std::vector<Sent>& list = again ? taken_ : on_the_way_;
  if (list.empty()) return std::nullopt;
  const std::size_t which = step.which % list.size();
  const Sent sent = again ? list[list.size() - 1 - which] : list[which];
  if (!again) on_the_way_.erase(on_the_way_.begin() + static_cast<std::ptrdiff_t>(which));
  if (step.what == spec::PeerStep::What::Loses) return std::nullopt;
  if (!again) push_bounded(taken_, sent);
  move_on();
  wire::Segment answer;
  answer.flags.bits = sent.opens ? wire::Flags::kSyn | wire::Flags::kAck : wire::Flags::kAck;
  answer.seq = world.seq(sent.opens ? Var::PeerIss : Var::RcvNxt);
  answer.ack = next_;
  answer.wnd = window_;
  return answer;
}

}  // namespace conform
