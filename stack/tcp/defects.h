// Defects owns the switch of the seeded bugs: one-line bugs that a test build can switch on, one at a time, to prove
// that the harness finds them. Without the compile definition TCPCONFORM_DEFECTS on() is a constant false, and nothing
// of them is in the stack.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "stack/tcp/defects_catalogue.h"

namespace tcp {

enum class Defect : std::uint8_t {
  None,
#define TCP_DEFECT_NAME(name, shows, gloss) name,
  TCP_DEFECTS(TCP_DEFECT_NAME)
#undef TCP_DEFECT_NAME
};

// By what a defect could be noticed at all, with whatever segments and calls.
enum class Shows : std::uint8_t {
  Outside,    // in what is sent, told to the user, or said of the state: the judge must see it
  Invariant,  // only inside: Stack::check_invariants() must see it
  Crash,      // the process ends
  Sanitizer,  // the process ends, if it was built with AddressSanitizer
  Nowhere,    // in nothing that happens on one connection
};

namespace defects {

struct Entry {
  Defect defect;
  Shows shows;
  std::string_view name;
  std::string_view gloss;
};

#ifdef TCPCONFORM_DEFECTS
// The one that is switched on. A test build has one stack under test at a time.
inline Defect active = Defect::None;
inline bool on(Defect defect) { return active == defect; }

inline constexpr std::array kCatalogue = {
#define TCP_DEFECT_ENTRY(name, shows, gloss) Entry{Defect::name, Shows::shows, #name, gloss},
    TCP_DEFECTS(TCP_DEFECT_ENTRY)
#undef TCP_DEFECT_ENTRY
};
constexpr const auto& all_defects() { return kCatalogue; }
#else
constexpr bool on(Defect) { return false; }
#endif

}  // namespace defects
}  // namespace tcp
