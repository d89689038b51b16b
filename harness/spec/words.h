// Words owns the closed lists of words of the language: how each is written, and what it stands for.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "harness/spec/names.h"
#include "harness/spec/table.h"
#include "harness/spec/template.h"
#include "harness/target/target.h"

namespace conform::spec {

template <typename T>
struct Word {
  std::string_view text;
  T value;
};

inline constexpr Word<Level> kLevels[] = {{"MUST", Level::Must}, {"SHOULD", Level::Should}, {"MAY", Level::May}};
inline constexpr Word<Level> kMisses[] = {{"MUST", Level::Must}, {"SHOULD", Level::Should}};
inline constexpr Word<Profile> kProfiles[] = {{"rfc793", Profile::Rfc793}, {"rfc9293", Profile::Rfc9293}};
inline constexpr Word<Family> kFamilies[] = {{"IPv4", Family::Ipv4}, {"IPv6", Family::Ipv6}};
inline constexpr Word<Event> kEvents[] = {{"call OPEN", Event::CallOpen},
                                          {"call SEND", Event::CallSend},
                                          {"call RECEIVE", Event::CallReceive},
                                          {"call CLOSE", Event::CallClose},
                                          {"call ABORT", Event::CallAbort},
                                          {"call STATUS", Event::CallStatus},
                                          {"segment", Event::Segment},
                                          {"timeout", Event::Timeout},
                                          {"emission form", Event::EmissionForm},
                                          {"emission", Event::Emission},
                                          {"emission account", Event::EmissionAccount}};
inline constexpr Word<Action> kActions[] = {
    {"select ISS", Action::SelectIss}, {"take text", Action::TakeText}, {"hold text", Action::HoldText},
    {"leave unspecified", Action::LeaveUnspecified}};
inline constexpr Word<Then> kThen[] = {{"continue", Then::Continue}, {"drop", Then::Return}, {"return", Then::Return}};
inline constexpr Word<Damage> kDamages[] = {
    {"checksum", Damage::Checksum},          {"offset-short", Damage::OffsetShort},
    {"offset-long", Damage::OffsetLong},     {"truncated", Damage::Truncated},
    {"option-length", Damage::OptionLength}, {"option-overrun", Damage::OptionOverrun}};
inline constexpr Word<std::uint8_t> kFlags[] = {
    {"SYN", wire::Flags::kSyn}, {"FIN", wire::Flags::kFin}, {"RST", wire::Flags::kRst}, {"PSH", wire::Flags::kPsh},
    {"ACK", wire::Flags::kAck}, {"URG", wire::Flags::kUrg}, {"ECE", wire::Flags::kEce}, {"CWR", wire::Flags::kCwr}};
inline constexpr Word<Verb> kVerbs[] = {{"OPEN", Verb::Open},   {"SEND", Verb::Send},   {"RECEIVE", Verb::Receive},
                                        {"CLOSE", Verb::Close}, {"ABORT", Verb::Abort}, {"STATUS", Verb::Status}};

template <typename T, std::size_t n>
std::optional<T> find_word(const Word<T> (&words)[n], std::string_view text) {
  for (const Word<T>& word : words) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

template <typename T, std::size_t n>
Words texts_of(const Word<T> (&words)[n]) {
  Words texts;
  for (const Word<T>& word : words) texts.push_back(word.text);
  return texts;
}

// The lists that other headers own.
Words state_words();
Words answer_words();  // what a spec may ask for: without "unsupported", which is never right
Words signal_words();
Words lack_words();
Words variable_words();

inline constexpr std::string_view kAllStatesWord = "all";
inline constexpr std::string_view kSynchronizedWord = "synchronized";
StateSet synchronized_states();

// The order in which steps of these names must stand.
inline constexpr std::string_view kOrdinals[] = {"first", "second",  "third",  "fourth", "fifth",
                                                 "sixth", "seventh", "eighth", "ninth",  "tenth"};

std::string_view to_string(Event event);
bool is_call(Event event);
bool is_emission(Event event);

// The text without blanks at its ends.
std::string_view trimmed(std::string_view text);

}  // namespace conform::spec
