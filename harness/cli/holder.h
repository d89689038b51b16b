// Holder owns one connection that is kept in a state: it brings it there by a way of the specs, and back when it left.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/check/case_run.h"
#include "harness/oracle/program.h"
#include "harness/oracle/world.h"
#include "harness/spec/scenario.h"
#include "harness/target/target.h"

namespace conform {

// Passes everything on to a target, and remembers the session that was opened last, which its case otherwise hides.
class LentTarget final : public Target {
 public:
  explicit LentTarget(std::unique_ptr<Target> target) : target_(std::move(target)) {}

  std::string name() const override { return target_->name(); }
  std::string version() const override { return target_->version(); }
  const Capabilities& capabilities() const override { return target_->capabilities(); }
  Result<std::unique_ptr<Session>> open(const SessionConfig& config) override {
    auto session = target_->open(config);
    last_ = session ? session->get() : nullptr;
    return session;
  }
  Time now() const override { return target_->now(); }
  std::vector<Session*> wait(Time deadline) override { return target_->wait(deadline); }

  Target& inner() { return *target_; }
  // Valid for as long as the case that opened it.
  Session* last_session() { return last_; }

 private:
  std::unique_ptr<Target> target_;
  Session* last_ = nullptr;
};

class Holder {
 public:
  // All of them must outlive the holder.
  Holder(const spec::Suite& suite, const oracle::Program& program, LentTarget& target);
  ~Holder();

  // Brings a fresh connection into the way's state; whatever was held is let go. Errors say what came instead.
  // Returns early, with an error, once interrupted() is set.
  Status bring(const spec::Way& way);

  // Lets time pass on the target's clock: a virtual one jumps. What the target sends and signals meanwhile is given in
  // one-line notation. In TIME-WAIT the peer's FIN is sent again now and then, which restarts the 2 MSL timer (RFC 9293
  // 3.10.7.4, eighth); that is told as well. Returns early once interrupted() is set.
  std::vector<std::string> pass(Duration time);

  // Where the connection is now; the way's state if the target cannot tell.
  wire::State state() const;
  Session& session() { return *target_.last_session(); }
  // What was done to come here, a line each.
  const std::vector<std::string>& story() const { return story_; }

 private:
  void remember(const CaseResult& result);
  std::vector<std::string> drain();
  void keep_time_wait(std::vector<std::string>& lines);

  const spec::Suite& suite_;
  LentTarget& target_;
  RunContext context_;
  PlannedCase planned_;
  std::unique_ptr<CaseRun> run_;
  wire::State wanted_ = wire::State::Closed;
  std::vector<std::string> story_;
  oracle::World frame_;  // ISS and IRS: what numbers are told by
  Datagram last_fin_;    // the last FIN that the peer sent
  Time fin_sent_{};
  std::uint16_t next_port_ = 20000;
};

}  // namespace conform
