#include "harness/target/target.h"

namespace conform {

std::string_view to_string(Lack lack) {
  switch (lack) {
    case Lack::None: return "none";
    case Lack::NoSuchCall: return "no such call";
    case Lack::NoState: return "state cannot be seen";
    case Lack::NoFamily: return "no such address family";
    case Lack::NoSecurity: return "security/compartment is not implemented";
    case Lack::NoListenerToActive: return "a listening socket cannot be made active";
    case Lack::OutOfReach: return "cannot be brought about";
    case Lack::FixedTimer: return "fixed timer, too long to be waited for";
  }
  return "?";
}

}  // namespace conform
