#include "harness/spec/words.h"

#include "harness/spec/scenario.h"

namespace conform::spec {

Words state_words() {
  Words words;
  for (wire::State state : wire::kAllStates) words.push_back(wire::to_string(state));
  return words;
}

Words answer_words() {
  Words words;
  for (Answer answer : kAllAnswers) {
    if (answer != Answer::Unsupported) words.push_back(to_string(answer));
  }
  return words;
}

Words signal_words() {
  Words words;
  for (SignalKind kind : kAllSignals) words.push_back(to_string(kind));
  return words;
}

Words lack_words() {
  Words words;
  for (Lack lack : {Lack::NoSuchCall, Lack::NoState, Lack::NoFamily, Lack::NoSecurity, Lack::NoListenerToActive,
                    Lack::FixedTimer, Lack::OutOfReach}) {
    words.push_back(to_string(lack));
  }
  return words;
}

std::string to_string(const PeerStep& step) {
  switch (step.what) {
    case PeerStep::What::Takes: return "takes " + std::to_string(step.which);
    case PeerStep::What::Loses: return "loses " + std::to_string(step.which);
    case PeerStep::What::TakesAgain: return "takes again " + std::to_string(step.which);
  }
  return {};
}

Words variable_words() {
  Words words;
  for (const VarInfo& variable : kVars) words.push_back(variable.name);
  return words;
}

StateSet synchronized_states() {
  StateSet states;
  for (wire::State state : wire::kAllStates) states[static_cast<std::size_t>(state)] = wire::is_synchronized(state);
  return states;
}

std::string_view to_string(Event event) {
  for (const Word<Event>& word : kEvents) {
    if (word.value == event) return word.text;
  }
  return "?";
}

bool is_call(Event event) { return event <= Event::CallStatus; }
bool is_emission(Event event) { return event >= Event::EmissionForm; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

}  // namespace conform::spec
