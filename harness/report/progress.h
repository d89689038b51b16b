// Progress owns what is printed while a run goes on: on a terminal one status line, and failures at once; elsewhere a
// line a case.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>

#include "harness/base/time.h"
#include "harness/check/verdict.h"
#include "harness/report/style.h"

namespace conform::report {

class Progress {
 public:
  // Prints to `out`, which outlives this. `clock` gives real time; the default is the steady clock.
  Progress(std::ostream& out, Style style, std::function<Time()> clock = {});

  // The run begins; so many cases are planned.
  void begin(std::size_t planned);
  // A case has its verdict.
  void done(const CaseResult& result);
  // The run is over, or was interrupted: the status line goes away.
  void end();

 private:
  void print_case(const CaseResult& result);
  void redraw();
  void erase();

  std::ostream& out_;
  Style style_;
  std::function<Time()> clock_;
  Time began_{}, drawn_ = Time::min();
  std::size_t planned_ = 0, done_ = 0;
  int deviations_ = 0, others_ = 0;
  bool line_shown_ = false;
};

// "deviates", in the colour of that verdict, filled up with spaces to 16 columns.
std::string painted(Verdict verdict, const Style& style);

// Whether a run with this verdict is not as it should be.
bool is_failure(Verdict verdict);

}  // namespace conform::report
