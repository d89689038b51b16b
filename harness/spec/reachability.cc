#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/spec/readers.h"

namespace conform::spec {

namespace {

constexpr std::size_t kStates = wire::kAllStates.size();

// Which states each step can be in, for one event and one profile: more than can really happen, never less. Guards
// count as open, except that `true` always holds. Kept apart by the state in which the event arrived, since that
// chooses the sections (specs/LANGUAGE.md, "How an event is processed").
class Reach {
 public:
  Reach(const Table& table, Event event, Profile profile) : event_(event), profile_(profile) {
    for (const Section& section : table.sections) {
      for (const Step& step : section.steps) {
        if (step.event == event) places_.push_back({&section, &step, {}, {}, {}});
      }
    }
    if (places_.empty()) return;
    for (std::size_t state = 0; state < kStates; ++state) add(0, state, state);
    while (std::exchange(changed_, false)) {
      for (std::size_t at = 0; at < places_.size(); ++at) flow(at);
    }
  }

  bool reaches(const Step& step, std::size_t state) const {
    const Place& place = *std::find_if(places_.begin(), places_.end(), [&](const Place& p) { return p.step == &step; });
    return std::any_of(place.in.begin(), place.in.end(), [&](const StateSet& set) { return set[state]; });
  }
  // The row before this step that ends all processing in the state; null if there is none.
  const Row* ended_by(const Step& step, std::size_t state) const {
    for (const Place& place : places_) {
      if (place.step == &step) return nullptr;
      if (place.ends[state]) return place.ends[state];
    }
    return nullptr;
  }

 private:
  struct Place {
    const Section* section;
    const Step* step;
    std::array<StateSet, kStates> in;      // by the state of arrival: the states on entry
    StateSet jumped_to;                    // states of arrival from which some row goes to this section
    std::array<const Row*, kStates> ends;  // by state: an unconditional row that drops
  };

  void add(std::size_t at, std::size_t arrival, std::size_t state) {
    if (at >= places_.size() || places_[at].in[arrival][state]) return;
    places_[at].in[arrival][state] = true;
    changed_ = true;
  }

  bool applies(const Place& place, std::size_t arrival) const {
    return event_ != Event::Segment || place.section->states[arrival] || place.jumped_to[arrival];
  }

  void flow(std::size_t at) {
    for (std::size_t arrival = 0; arrival < kStates; ++arrival) {
      for (std::size_t state = 0; state < kStates; ++state) {
        if (!places_[at].in[arrival][state]) continue;
        if (applies(places_[at], arrival))
          rows(at, arrival, state);
        else
          add(at + 1, arrival, state);
      }
    }
  }

  void rows(std::size_t at, std::size_t arrival, std::size_t state) {
    bool falls_through = true;
    for (const Row& row : places_[at].step->rows) {
      if (!row.states[state] || !has(row.profiles, profile_)) continue;
      const bool certain = row.when.is_true() && row.needs.empty();
      bool drops = true;
      for (const Behaviour& behaviour : row.alternatives) {
        if (behaviour.profiles && !has(*behaviour.profiles, profile_)) continue;
        drops = drops && behaviour.then == Then::Return;
        const std::size_t next = behaviour.next ? static_cast<std::size_t>(*behaviour.next) : state;
        if (behaviour.then == Then::Continue) add(at + 1, arrival, next);
        if (behaviour.then == Then::GoTo) jump(behaviour.go_to, arrival, next);
      }
      if (certain) falls_through = false;
      if (certain && drops) places_[at].ends[state] = &row;
    }
    if (falls_through) add(at + 1, arrival, state);
  }

  void jump(const std::string& target, std::size_t arrival, std::size_t state) {
    for (std::size_t at = 0; at < places_.size(); ++at) {
      if (places_[at].section->number + "/" + places_[at].step->name != target) continue;
      for (Place& place : places_) {
        if (place.section != places_[at].section || place.jumped_to[arrival]) continue;
        place.jumped_to[arrival] = true;
        changed_ = true;
      }
      add(at, arrival, state);
    }
  }

  Event event_;
  Profile profile_;
  std::vector<Place> places_;
  bool changed_ = false;
};

void check_row(const Row& row, const Step& step, const std::array<Reach, 2>& reach, Log& log) {
  StateSet unreachable;
  const Row* cause = nullptr;
  for (std::size_t state = 0; state < kStates; ++state) {
    bool ended = row.states[state];
    for (std::size_t profile = 0; profile < reach.size() && ended; ++profile) {
      if (!row.profiles[profile]) continue;
      const Row* end = reach[profile].ended_by(step, state);
      ended = end != nullptr && !reach[profile].reaches(step, state);
      if (ended && cause == nullptr) cause = end;
    }
    unreachable[state] = ended;
  }
  // "all" and "synchronized" are said for short: only a row that is dead in every state is then a mistake.
  const bool for_short = row.states.all() || row.states == synchronized_states();
  if (unreachable.none() || (for_short && unreachable != row.states) || cause == nullptr) return;
  Words states;
  for (wire::State state : wire::kAllStates) {
    if (has(unreachable, state)) states.push_back(wire::to_string(state));
  }
  log.add(row.mark, fmt::format("row '{}' is never reached in {}: row '{}' always ends processing", row.id,
                                joined(states), cause->full_id));
}

}  // namespace

void check_reachable(const Table& table, Log& log) {
  for (const Word<Event>& event : kEvents) {
    if (!is_call(event.value) && event.value != Event::Segment) continue;
    const std::array<Reach, 2> reach = {Reach(table, event.value, Profile::Rfc793),
                                        Reach(table, event.value, Profile::Rfc9293)};
    for (const Section& section : table.sections) {
      for (const Step& step : section.steps) {
        if (step.event != event.value) continue;
        for (const Row& row : step.rows) check_row(row, step, reach, log);
      }
    }
  }
}

}  // namespace conform::spec
