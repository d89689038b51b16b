#include "harness/run/ways.h"

#include <algorithm>

#include "harness/oracle/resolve.h"

namespace conform {

std::vector<spec::ScenarioStep> steps_of(const spec::Paths& paths, const std::string& name) {
  const auto way = std::ranges::find(paths.ways, name, &spec::Way::name);
  if (way == paths.ways.end()) return {};
  std::vector<spec::ScenarioStep> steps;
  if (!way->from.empty()) steps = steps_of(paths, way->from);
  steps.insert(steps.end(), way->steps.begin(), way->steps.end());
  return steps;
}

std::optional<std::uint16_t> rehearse(oracle::Rehearsal& rehearsal, const std::vector<spec::ScenarioStep>& steps) {
  std::uint16_t window = 65535;
  for (const spec::ScenarioStep& step : steps) {
    if (const auto* call = std::get_if<spec::CallStep>(&step.what)) {
      rehearsal.call(call->call);
    } else if (const auto* segment = std::get_if<spec::SegmentStep>(&step.what)) {
      const wire::Segment resolved = oracle::resolve(segment->segment, rehearsal.world(), window);
      if (segment->segment.wnd) window = resolved.wnd;
      rehearsal.arrive(resolved, true, true);
    } else if (const auto* wait = std::get_if<spec::WaitStep>(&step.what)) {
      rehearsal.wait(wait->at_most.evaluate(rehearsal.world().values));
    }
    if (rehearsal.refuted()) return std::nullopt;
  }
  return window;
}

namespace {

// More ways to take the same steps than these are not looked at; the specs have fewer.
constexpr std::size_t kMostPlaces = 64;

std::vector<Place> take_step(const Place& from, const spec::ScenarioStep& step) {
  std::vector<Place> places;
  std::vector<oracle::Rehearsal> each;
  std::uint16_t window = from.window;
  if (const auto* call = std::get_if<spec::CallStep>(&step.what)) {
    each = from.rehearsal.call_each(call->call);
  } else if (const auto* segment = std::get_if<spec::SegmentStep>(&step.what)) {
    const wire::Segment resolved = oracle::resolve(segment->segment, from.rehearsal.world(), window);
    if (segment->segment.wnd) window = resolved.wnd;
    each = from.rehearsal.arrive_each(resolved, true, true);
  } else {
    Place alone = from;
    if (rehearse(alone.rehearsal, {step})) places.push_back(std::move(alone));
  }
  for (oracle::Rehearsal& there : each) places.push_back({std::move(there), window});
  return places;
}

}  // namespace

std::vector<Place> rehearse_each(const oracle::Rehearsal& from, const std::vector<spec::ScenarioStep>& steps) {
  std::vector<Place> places = {{from}};
  for (const spec::ScenarioStep& step : steps) {
    std::vector<Place> next;
    for (const Place& place : places) {
      for (Place& there : take_step(place, step)) {
        if (next.size() < kMostPlaces) next.push_back(std::move(there));
      }
    }
    places = std::move(next);
  }
  return places;
}

}  // namespace conform
