#include "harness/cli/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "harness/spec/words.h"

namespace conform {

namespace {

template <typename Set, typename All>
std::string either(const Set& set, const All& all) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (set.test(static_cast<std::size_t>(all[i]))) words.push_back(to_string(all[i]));
  }
  return fmt::format("{}", fmt::join(words, " | "));
}

template <typename T, std::size_t n>
std::string_view word_of(const spec::Word<T> (&words)[n], T value) {
  for (const spec::Word<T>& word : words) {
    if (word.value == value) return word.text;
  }
  return "?";
}

std::string effect_text(const spec::Effect& effect) {
  if (const auto* assignment = std::get_if<spec::Assignment>(&effect)) {
    return fmt::format("{} <- {}", spec::info(assignment->target).name, assignment->value.text());
  }
  return std::string(word_of(spec::kActions, std::get<spec::Action>(effect)));
}

std::string then_text(const spec::Behaviour& behaviour) {
  switch (behaviour.then) {
    case spec::Then::Continue: return "continue with the next step";
    case spec::Then::Return: return "drop";
    case spec::Then::GoTo: return "go to " + behaviour.go_to;
  }
  return "?";
}

std::string expectation_text(const spec::ExpectStep& expected) {
  std::vector<std::string> parts;
  for (const spec::SegmentTemplate& t : expected.emit) parts.push_back("emit " + t.text);
  for (const spec::SegmentTemplate& t : expected.no_emit) parts.push_back("no-emit " + t.text);
  if (expected.silence) parts.push_back("silence");
  if (expected.state) parts.push_back(fmt::format("state {}", to_string(*expected.state)));
  for (const spec::SignalSet& any_of : expected.signals) parts.push_back("signal " + either(any_of, kAllSignals));
  if (expected.reply) parts.push_back("reply " + either(*expected.reply, kAllAnswers));
  if (expected.received) parts.push_back("received " + expected.received->text());
  return list_text(parts);
}

}  // namespace

std::string states_text(const spec::StateSet& states) {
  if (states.all()) return std::string(spec::kAllStatesWord);
  if (states == spec::synchronized_states()) return std::string(spec::kSynchronizedWord);
  std::vector<std::string_view> names;
  for (wire::State state : wire::kAllStates) {
    if (spec::has(states, state)) names.push_back(to_string(state));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string profiles_text(const spec::ProfileSet& profiles) {
  if (profiles.all()) return "both";
  return std::string(word_of(
      spec::kProfiles, spec::has(profiles, spec::Profile::Rfc793) ? spec::Profile::Rfc793 : spec::Profile::Rfc9293));
}

std::string place_text(const spec::Mark& mark) {
  std::error_code failed;
  const std::string near = std::filesystem::proximate(mark.file, failed).string();
  return fmt::format("{}:{}", failed || near.starts_with("..") ? mark.file : near, mark.line);
}

std::string list_text(const std::vector<std::string>& items) { return fmt::format("{}", fmt::join(items, ", ")); }

std::string guard_text(const spec::Expression& guard) { return guard.is_true() ? "always" : guard.text(); }

std::vector<std::string> behaviour_lines(const spec::Behaviour& b) {
  std::vector<std::string> lines;
  for (const spec::Effect& effect : b.effects) lines.push_back("do: " + effect_text(effect));
  for (const spec::SegmentTemplate& segment : b.emit) lines.push_back("emit: " + segment.text);
  for (const spec::SegmentTemplate& segment : b.may_emit) lines.push_back("may-emit: " + segment.text);
  for (const spec::SignalSet& any_of : b.signals) lines.push_back("signal: " + either(any_of, kAllSignals));
  if (b.may_signal.any()) lines.push_back("may-signal: " + either(b.may_signal, kAllSignals));
  if (b.reply) lines.push_back("reply: " + either(*b.reply, kAllAnswers));
  if (!b.violation.empty()) lines.push_back("violation: " + b.violation);
  if (b.next) lines.push_back(fmt::format("next: {}", to_string(*b.next)));
  lines.push_back("then: " + then_text(b));
  if (b.misses) lines.push_back(fmt::format("misses: {}", word_of(spec::kLevels, *b.misses)));
  if (b.profiles && !b.profiles->all()) lines.push_back("profile: " + profiles_text(*b.profiles));
  if (!b.why.empty()) lines.push_back("why: " + b.why);
  if (!b.cite.empty()) lines.push_back("cite: " + list_text(b.cite));
  return lines;
}

std::string step_text(const spec::ScenarioStep& step) {
  if (const auto* call = std::get_if<spec::CallStep>(&step.what)) return "call: " + to_string(call->call);
  if (const auto* segment = std::get_if<spec::SegmentStep>(&step.what)) return "segment: " + segment->segment.text;
  if (const auto* wait = std::get_if<spec::WaitStep>(&step.what)) {
    if (wait->until_state)
      return fmt::format("wait: until {}, at most {}", to_string(*wait->until_state), wait->at_most.text());
    if (wait->until_segment)
      return fmt::format("wait: until {}, at most {}", wait->until_segment->text, wait->at_most.text());
    return "wait: " + wait->at_most.text();
  }
  if (const auto* peer = std::get_if<spec::PeerStep>(&step.what)) return "peer: " + spec::to_string(*peer);
  return "expect: " + expectation_text(std::get<spec::ExpectStep>(step.what));
}

}  // namespace conform
