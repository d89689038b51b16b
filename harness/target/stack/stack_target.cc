#include "harness/target/stack/stack_target.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/target/stack/stack_session.h"

namespace conform {

namespace {

Capabilities stack_capabilities() {
  Capabilities capabilities;
  capabilities.virtual_time = true;
  capabilities.sees_state = true;
  capabilities.concurrent = true;
  capabilities.ipv6 = true;
  capabilities.reaction = Duration::zero();
  capabilities.calls = {Verb::Open, Verb::Send, Verb::Receive, Verb::Close, Verb::Abort, Verb::Status};
  capabilities.lacks = {"security", "precedence"};
  return capabilities;
}

class StackTarget : public Target {
 public:
  explicit StackTarget(const StackTargetOptions& options) : options_(options) {}

  std::string name() const override { return "stack"; }
  std::string version() const override { return "tcpconform 0.1.0"; }
  const Capabilities& capabilities() const override { return capabilities_; }

  Result<std::unique_ptr<Session>> open(const SessionConfig& config) override {
    if (config.peer_port == 0) return error("a session needs a peer port");
    SessionConfig chosen = config;
    if (chosen.target_port == 0) chosen.target_port = options_.default_port;
    return std::unique_ptr<Session>(std::make_unique<StackSession>(chosen, options_, clock_));
  }

  Time now() const override { return clock_->now; }

  std::vector<Session*> wait(Time deadline) override {
    while (true) {
      std::vector<Session*> news;
      std::ranges::copy_if(clock_->sessions, std::back_inserter(news), &StackSession::has_observations);
      if (!news.empty()) return news;
      Time due = kNever;
      for (const StackSession* session : clock_->sessions) due = std::min(due, session->next_deadline());
      if (due > deadline) {
        clock_->now = std::max(clock_->now, deadline);
        return {};
      }
      clock_->now = std::max(clock_->now, due);
      for (StackSession* session : clock_->sessions) session->advance();
    }
  }

 private:
  const StackTargetOptions options_;
  const Capabilities capabilities_ = stack_capabilities();
  const std::shared_ptr<VirtualClock> clock_ = std::make_shared<VirtualClock>();
};

}  // namespace

std::unique_ptr<Target> make_stack_target(const StackTargetOptions& options) {
  return std::make_unique<StackTarget>(options);
}

}  // namespace conform
