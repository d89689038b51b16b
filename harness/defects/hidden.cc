#include "harness/defects/hidden.h"

#include <array>

namespace conform::defects {

using tcp::Defect;

std::span<const Hidden> hidden() {
  static constexpr std::array kHidden = {
      Hidden{Defect::IssPredictable,
             "one ISS is as good as another: that the next can be guessed shows only to whom compares those of many "
             "connections, and RFC 9293 3.4.1 asks for no more than a clock (MUST-8); the secret is a SHOULD"},
      Hidden{Defect::OptionOverrunRead,
             "what lies behind the header is read and not used: only a sanitizer, or an unlucky page, tells"},
      Hidden{
          Defect::OptionLengthZeroLoops,
          "a process that ends, or hangs, cannot be judged: a target of its own process is reported as dead, and our "
          "stack takes the harness with it"},
      Hidden{Defect::TimersKeptAfterClosed,
             "no timeout of a TCB that is gone is ever served: it holds memory, and wakes the host for nothing"},
      Hidden{Defect::ReadAfterDelete, "what is read is not used: only a sanitizer tells"},
  };
  return kHidden;
}

std::span<const Violation> violations() {
  static constexpr std::array kViolations = {
      Violation{Defect::AckMovesUnaBeyondNxt, "SND.UNA > SND.NXT"},
      Violation{Defect::TimerNotStopped, "a timer runs for nothing to send"},
      Violation{Defect::LastAckIgnoresAckOfFin, "the state and the ACK of our FIN disagree"},
      Violation{Defect::ReassemblyUnbounded, "text is held beyond the window"},
      Violation{Defect::HeldTextLost, "RCV.NXT does not follow the text on hand"},
      Violation{Defect::ConnectionKeptAfterClosed, "kept after CLOSED"},
      Violation{Defect::TimersKeptAfterClosed, "a timer still runs"},
  };
  return kViolations;
}

}  // namespace conform::defects
