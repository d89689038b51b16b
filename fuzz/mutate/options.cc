#include "fuzz/mutate/options.h"

#include <initializer_list>

namespace conform::fuzz {

namespace {

// RFC 9293 3.2 Table 1, RFC 7323 2.2 and 3.2, RFC 2018 2 and 3; 253 is for experiments (RFC 6994).
constexpr std::uint8_t kEnd = 0, kNoOperation = 1, kMss = 2, kWindowScale = 3, kSackPermitted = 4, kSack = 5,
                       kTimestamps = 8, kUserTimeout = 28, kExperiment = 253;
constexpr std::uint8_t kKinds[] = {kEnd,  kNoOperation, kMss,         kWindowScale, kSackPermitted,
                                   kSack, kTimestamps,  kUserTimeout, kExperiment};

void append(OptionList& list, std::initializer_list<unsigned> octets) {
  if (list.size() + octets.size() > 40) return;
  for (unsigned octet : octets) list.push_back(static_cast<std::uint8_t>(octet));
}

void append_mss(OptionList& list, Random& random) {
  // RFC 9293 3.7.1; 64 is too small for most, 0 and 1 for everybody.
  constexpr unsigned kValues[] = {1460, 1460, 1460, 536, 535, 537, 1220, 64, 1, 0, 65'535, 32'768, 9000};
  const unsigned mss = random.pick(kValues);
  append(list, {kMss, 4, mss >> 8, mss & 0xff});
}

void append_timestamps(OptionList& list, Random& random) {
  const auto now = random.percent(50) ? random.below(1000) : static_cast<std::uint32_t>(random.next());
  const std::uint32_t echo = random.percent(70) ? 0 : static_cast<std::uint32_t>(random.next());
  append(list, {kTimestamps, 10, now >> 24, now >> 16 & 0xff, now >> 8 & 0xff, now & 0xff, echo >> 24,
                echo >> 16 & 0xff, echo >> 8 & 0xff, echo & 0xff});
}

void append_window_scale(OptionList& list, Random& random) {
  constexpr unsigned kShifts[] = {0, 1, 2, 7, 14, 15, 255};  // RFC 7323 2.3: at most 14
  append(list, {kWindowScale, 3, random.pick(kShifts)});
}

// Any kind that nobody knows, of a length that is true.
void append_unknown(OptionList& list, Random& random) {
  const unsigned length = 2 + random.below(6);
  if (list.size() + length > 40) return;
  append(list, {random.percent(50) ? kExperiment : 30 + random.below(220), length});
  for (unsigned left = length - 2; left > 0; --left) list.push_back(static_cast<std::uint8_t>(random.next()));
}

void append_any(OptionList& list, Random& random) {
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2: return append_mss(list, random);
    case 3: return append_timestamps(list, random);
    case 4: return append_window_scale(list, random);
    case 5: return append(list, {kSackPermitted, 2});
    case 6: return append(list, {kNoOperation});
    case 7: return append_unknown(list, random);
    default: return append(list, {kUserTimeout, 4, 0x80, 5});  // RFC 5482: five minutes
  }
}

void pad(OptionList& list, std::uint8_t with) {
  while (list.size() % 4 != 0) list.push_back(with);
}

}  // namespace

OptionList usual_syn_options(Random& random) {
  OptionList list;
  if (random.percent(20)) {
    append_mss(list, random);
  } else {
    append(list, {kMss, 4, 0x05, 0xb4});
  }
  if (random.percent(20)) append(list, {kSackPermitted, 2});
  if (random.percent(15)) append_timestamps(list, random);
  if (random.percent(20)) append_window_scale(list, random);
  pad(list, kNoOperation);
  return list;
}

OptionList well_formed_options(Random& random) {
  OptionList list;
  for (unsigned left = 1 + random.below(4); left > 0; --left) append_any(list, random);
  if (random.percent(50)) pad(list, random.percent(50) ? kNoOperation : kEnd);
  return list;
}

OptionList broken_options(Random& random) {
  OptionList list;
  if (random.percent(40)) append_any(list, random);
  switch (random.below(6)) {
    case 0:
    case 1: append(list, {random.pick(kKinds), random.below(2)}); break;
    case 2: append(list, {random.pick(kKinds), 3 + random.below(253)}); break;
    case 3: append(list, {kMss, 2 + random.below(4)}); break;
    case 4: append(list, {kEnd, kMss, 4, 0, 1}); break;
    default:
      for (unsigned left = 1 + random.below(40); left > 0; --left)
        list.push_back(static_cast<std::uint8_t>(random.next()));
  }
  if (random.percent(40)) append_any(list, random);
  return list;
}

OptionList altered_options(const OptionList& list, Random& random) {
  OptionList made = list;
  if (list.empty() || random.percent(25)) {
    append_any(made, random);
    return made;
  }
  const std::uint32_t at = random.below(list.size());
  switch (random.below(4)) {
    case 0: made.erase(at); break;
    case 1: made[at] = random.pick(kKinds); break;
    case 2: made[at] = static_cast<std::uint8_t>(made[at] + random.between(-1, 1)); break;
    default: made[at] = static_cast<std::uint8_t>(random.next());
  }
  return made;
}

}  // namespace conform::fuzz
