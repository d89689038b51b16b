#include "harness/oracle/program.h"

#include <cassert>

namespace conform::oracle {

namespace {
struct ControlBit {
  spec::Var truth;
  std::uint8_t bit;
};
constexpr ControlBit kControlBits[] = {
    {spec::Var::SegCtlSyn, wire::Flags::kSyn}, {spec::Var::SegCtlFin, wire::Flags::kFin},
    {spec::Var::SegCtlRst, wire::Flags::kRst}, {spec::Var::SegCtlPsh, wire::Flags::kPsh},
    {spec::Var::SegCtlUrg, wire::Flags::kUrg}, {spec::Var::SegCtlAck, wire::Flags::kAck},
};

Guard make_guard(const spec::Expression& when) {
  Guard guard;
  if (when.is_true()) return guard;
  guard.rest = &when;
  for (const auto& [truth, bit] : kControlBits) {
    const auto demanded = when.demanded(truth);
    if (!demanded) continue;
    guard.looked_at |= bit;
    if (*demanded) guard.wanted |= bit;
  }
  return guard;
}
}  // namespace

std::uint8_t control_bits(const spec::Values& values) {
  std::uint8_t bits = 0;
  for (const auto& [truth, bit] : kControlBits) bits |= values[truth] != 0 ? bit : 0;
  return bits;
}

Program::Program(const spec::Table& table) : table_(&table) {
  for (const spec::Section& section : table.sections) {
    for (const spec::Step& step : section.steps) {
      std::vector<Step>& list = steps_[static_cast<std::size_t>(step.event)];
      Step compiled;
      compiled.spec = &step;
      compiled.section = &section;
      for (const spec::Row& row : step.rows) {
        const auto number = static_cast<RowNumber>(rows_.size());
        rows_.push_back({&row, make_guard(row.when), step.event, list.size()});
        for (std::size_t state = 0; state < kStates; ++state) {
          if (row.states[state]) compiled.rows[state].push_back(number);
        }
      }
      list.push_back(std::move(compiled));
    }
  }
  for (std::size_t i = 0; i < table.obligations.size() && i < kMaxObligations; ++i) {
    for (std::size_t state = 0; state < kStates; ++state) obligations_[state][i] = table.obligations[i].states[state];
  }
  assert(rows_.size() < kNoRow && table.obligations.size() <= kMaxObligations);
}

const Program::Step& Program::step_of(RowNumber number) const {
  return steps(rows_[number].event)[rows_[number].step];
}

std::size_t Program::find_step(spec::Event event, const std::string& name) const {
  const std::vector<Step>& list = steps(event);
  std::size_t at = 0;
  while (at < list.size() && list[at].section->number + "/" + list[at].spec->name != name) ++at;
  return at;
}

RowNumber Program::find_row(const std::string& full_id) const {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].row->full_id == full_id) return static_cast<RowNumber>(i);
  }
  return kNoRow;
}

}  // namespace conform::oracle
