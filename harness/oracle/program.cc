#include "harness/oracle/program.h"

#include <cassert>

namespace conform::oracle {

Program::Program(const spec::Table& table) : table_(&table) {
  for (const spec::Section& section : table.sections) {
    for (const spec::Step& step : section.steps) {
      std::vector<Step>& list = steps_[static_cast<std::size_t>(step.event)];
      Step compiled;
      compiled.spec = &step;
      compiled.section = &section;
      for (const spec::Row& row : step.rows) {
        const auto number = static_cast<RowNumber>(rows_.size());
        rows_.push_back({&row, step.event, list.size()});
        for (std::size_t state = 0; state < kStates; ++state) {
          if (row.states[state]) compiled.rows[state].push_back(number);
        }
      }
      list.push_back(std::move(compiled));
    }
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
