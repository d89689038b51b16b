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

}  // namespace conform
