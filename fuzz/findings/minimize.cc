#include "fuzz/findings/minimize.h"

#include <string>
#include <utility>

#include "fuzz/findings/apart.h"

namespace conform::fuzz {

namespace {

// A try that was too late to be judged is made again so often.
constexpr int kAttempts = 3;

class Minimizer {
 public:
  Minimizer(const Sequence& sequence, const MinimizeOptions& options) : sequence_(sequence), options_(options), judge_(options.judge) {
    judge_.conversation.keep_trace = false;
  }

  Result<std::optional<Minimized>> run() {
    if (!have_target()) return trouble_;
    // Only a target in this process can take it with it, and only such a one may be forked.
    if (target_->capabilities().virtual_time) {
      if (auto how = tried_apart(sequence_)) {
        return shrunk({std::nullopt, std::move(*how)}, false, [this](const Sequence& s) {
          const auto again = tried_apart(s);
          return again ? name_of_death(*again) : std::string();
        });
      }
    }
    auto violation = tried(sequence_);
    const bool known = !violation && passed_over_;
    if (known) {
      judge_.known = nullptr;
      violation = tried(sequence_);
    }
    if (!trouble_.empty()) return trouble_;
    if (!violation) return std::optional<Minimized>();
    return shrunk(std::move(*violation), known, [this](const Sequence& s) {
      const auto again = tried(s);
      return again ? name_of(*again) : std::string();
    });
  }

 private:
  // Shrinks to what is still called the same.
  Result<std::optional<Minimized>> shrunk(Violation violation, bool known,
                                          const std::function<std::string(const Sequence&)>& name) {
    Minimized made{std::move(violation), known, {}, 0};
    const std::string wanted = name_of(made.violation);
    made.sequence = shrink(sequence_, [&](const Sequence& smaller) {
      if (!trouble_.empty() || (options_.stop && options_.stop->load())) return false;
      ++made.executions;
      return name(smaller) == wanted;
    }, options_.most_executions);
    if (!trouble_.empty()) return trouble_;
    return std::optional(std::move(made));
  }

  bool have_target() {
    if (target_) return true;
    auto made = options_.make_target();
    if (!made) {
      trouble_ = made.diagnostics();
      return false;
    }
    target_ = std::move(*made);
    return true;
  }

  std::optional<std::string> tried_apart(const Sequence& sequence) {
    return ends_its_process([&] { tried(sequence); });
  }

  std::optional<Violation> tried(const Sequence& sequence) {
    for (int attempt = 0; attempt < kAttempts && have_target(); ++attempt) {
      Try made = try_once(sequence);
      passed_over_ = made.passed_over;
      if (made.violation && !made.violation->finding) target_.reset();   // it died
      if (made.violation || !made.late) return std::move(made.violation);
    }
    return std::nullopt;
  }

  struct Try {
    std::optional<Violation> violation;
    bool late = false, passed_over = false;
  };

  Try try_once(const Sequence& sequence) {
    SequenceRun run(judge_, sequence, *target_, judge_.conversation.peer_port);
    finish(run, *target_);
    return {violation_of(run), run.late(), run.known().has_value()};
  }

  const Sequence& sequence_;
  const MinimizeOptions& options_;
  JudgeContext judge_;
  std::unique_ptr<Target> target_;
  Diagnostics trouble_;
  bool passed_over_ = false;   // the last try has shown a known deviation
};

}  // namespace

Result<std::optional<Minimized>> minimize(const Sequence& sequence, const MinimizeOptions& options) {
  return Minimizer(sequence, options).run();
}

}  // namespace conform::fuzz
