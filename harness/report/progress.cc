#include "harness/report/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ostream>

#include "harness/report/failure.h"
#include "harness/report/text.h"

namespace conform::report {

namespace {

constexpr Duration kRedraw = std::chrono::milliseconds(100);

Time steady() { return std::chrono::steady_clock::now().time_since_epoch(); }

Tone tone(Verdict verdict) {
  switch (verdict) {
    case Verdict::Conforms: return Tone::Good;
    case Verdict::Deviates:
    case Verdict::TargetDied:
    case Verdict::HarnessError: return Tone::Bad;
    case Verdict::KnownDeviation: return Tone::Known;
    case Verdict::Inapplicable: return Tone::Faint;
    case Verdict::Inconclusive: return Tone::Doubtful;
  }
  return Tone::Bad;
}

}  // namespace

bool is_failure(Verdict verdict) {
  switch (verdict) {
    case Verdict::Conforms:
    case Verdict::KnownDeviation:
    case Verdict::Inapplicable: return false;
    case Verdict::Deviates:
    case Verdict::Inconclusive:
    case Verdict::TargetDied:
    case Verdict::HarnessError: return true;
  }
  return true;
}

std::string painted(Verdict verdict, const Style& style) {
  return style.paint(tone(verdict), fmt::format("{:<16}", to_string(verdict)));
}

Progress::Progress(std::ostream& out, Style style, std::function<Time()> clock)
    : out_(out), style_(style), clock_(clock ? std::move(clock) : steady) {}

void Progress::begin(std::size_t planned) {
  planned_ = planned;
  began_ = clock_();
  if (style_.terminal) redraw();
}

void Progress::done(const CaseResult& result) {
  ++done_;
  if (result.verdict == Verdict::Deviates) {
    ++deviations_;
  } else if (is_failure(result.verdict)) {
    ++others_;
  }
  if (!style_.terminal) {
    print_case(result);
    return;
  }
  const bool failure = is_failure(result.verdict);
  if (failure) {
    erase();
    print_case(result);
  }
  if (failure || clock_() - drawn_ >= kRedraw) redraw();
}

void Progress::end() {
  erase();
  out_.flush();
}

void Progress::print_case(const CaseResult& result) {
  out_ << painted(result.verdict, style_) << one_line(result.id) << '\n';
  if (is_failure(result.verdict)) {
    for (const std::string& line : finding_lines(result, style_.width)) out_ << line << '\n';
  }
}

void Progress::redraw() {
  drawn_ = clock_();
  const double seconds = std::max(to_seconds(drawn_ - began_), 1e-3);
  std::string line = fmt::format("{}/{} cases, {} deviating", done_, planned_, deviations_);
  if (others_ > 0) line += fmt::format(", {} without a verdict", others_);
  line += fmt::format(", {:.0f} a second", static_cast<double>(done_) / seconds);
  // One column less than there is: a full line would wrap, and could not be erased.
  out_ << "\r\x1B[K" << cut(line, style_.width - 1) << std::flush;
  line_shown_ = true;
}

void Progress::erase() {
  if (line_shown_) out_ << "\r\x1B[K";
  line_shown_ = false;
}

}  // namespace conform::report
