#include "fuzz/bench/deeds.h"

#include <algorithm>

#include "harness/packet/datagram.h"

namespace conform::fuzz {

namespace {

class RecordingSession : public Session {
 public:
  RecordingSession(std::unique_ptr<Session> inner, std::vector<Deed>& deeds) : inner_(std::move(inner)), deeds_(deeds) {}

  const SocketPair& sockets() const override { return inner_->sockets(); }
  Reply call(const UserCall& call) override {
    deeds_.emplace_back(call);
    return inner_->call(call);
  }
  Status inject(std::span<const std::uint8_t> datagram) override {
    deeds_.push_back(deed_of(datagram));
    return inner_->inject(datagram);
  }
  std::vector<Observation> drain() override {
    deeds_.emplace_back(Look::Drain);
    return inner_->drain();
  }
  std::optional<wire::State> state() override {
    deeds_.emplace_back(Look::State);
    return inner_->state();
  }
  Status barrier() override {
    deeds_.emplace_back(Look::Barrier);
    return inner_->barrier();
  }

 private:
  // The segment, unless the datagram was damaged after it was built.
  Deed deed_of(std::span<const std::uint8_t> datagram) const {
    if (const auto parsed = packet::parse(datagram); parsed && parsed->malformed.empty()) {
      if (std::ranges::equal(packet::build(parsed->segment, sockets()), datagram)) return parsed->segment;
    }
    return Datagram(datagram.begin(), datagram.end());
  }

  std::unique_ptr<Session> inner_;
  std::vector<Deed>& deeds_;
};

// A deed done to a session.
class Doer {
 public:
  Doer(Target& target, Session& session) : target_(target), session_(session), opened_(target.now()) {}

  std::size_t sent() const { return sent_; }

  void operator()(const UserCall& call) { session_.call(call); }
  void operator()(const wire::Segment& segment) { inject(packet::build(segment, session_.sockets())); }
  void operator()(const Datagram& datagram) { inject(datagram); }
  void operator()(Time deadline) { target_.wait(deadline == kNever ? kNever : opened_ + deadline); }
  void operator()(Look look) {
    switch (look) {
      case Look::Drain: drain(); break;
      case Look::State: session_.state(); break;
      case Look::Barrier: alive_ &= session_.barrier().ok(); break;
    }
  }

 private:
  void inject(const Datagram& datagram) { alive_ &= session_.inject(datagram).ok(); }
  void drain() {
    for (const Observation& observation : session_.drain()) {
      const auto* datagram = std::get_if<Datagram>(&observation.what);
      sent_ += datagram && packet::parse(*datagram);
    }
  }

  Target& target_;
  Session& session_;
  Time opened_;
  std::size_t sent_ = 0;
  bool alive_ = true;   // a recording may well end in a death
};

}  // namespace

Result<std::unique_ptr<Session>> RecordingTarget::open(const SessionConfig& config) {
  deeds_ = {config, {}};
  auto opened = inner_.open(config);
  if (!opened) return opened.diagnostics();
  opened_ = inner_.now();
  return std::unique_ptr<Session>(std::make_unique<RecordingSession>(std::move(*opened), deeds_.deeds));
}

std::vector<Session*> RecordingTarget::wait(Time deadline) {
  deeds_.deeds.emplace_back(deadline == kNever ? kNever : deadline - opened_);
  inner_.wait(deadline);
  return {};
}

std::size_t repeat(const Deeds& deeds, Target& target) {
  const auto session = target.open(deeds.session);
  if (!session) return 0;
  Doer doer(target, **session);
  for (const Deed& deed : deeds.deeds) std::visit(doer, deed);
  return doer.sent();
}

}  // namespace conform::fuzz
