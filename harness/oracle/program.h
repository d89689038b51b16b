// Program owns the table made ready to be executed: rows by event, step and state, each with a small number.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "harness/spec/table.h"

namespace conform::oracle {

using RowNumber = std::uint16_t;
inline constexpr RowNumber kNoRow = 0xffff;
inline constexpr std::size_t kStates = wire::kAllStates.size();
inline constexpr std::size_t kMaxObligations = 24;

class Program {
 public:
  // The table must outlive the program. At most 65534 rows and kMaxObligations obligations: more is an error of ours,
  // the reader refuses it.
  explicit Program(const spec::Table& table);

  // A step as executed: for each state the rows that may fire.
  struct Step {
    const spec::Step* spec = nullptr;
    const spec::Section* section = nullptr;
    std::array<std::vector<RowNumber>, kStates> rows;
  };

  const spec::Table& table() const { return *table_; }
  const std::vector<Step>& steps(spec::Event event) const { return steps_[static_cast<std::size_t>(event)]; }
  const spec::Row& row(RowNumber number) const { return *rows_[number].row; }
  const Step& step_of(RowNumber number) const;
  std::size_t row_count() const { return rows_.size(); }
  spec::Event event_of(RowNumber number) const { return rows_[number].event; }

  // Where "3.10.7.4/sixth" stands among the steps of its event.
  std::size_t find_step(spec::Event event, const std::string& name) const;
  // The number of a row by its full id; kNoRow if there is none.
  RowNumber find_row(const std::string& full_id) const;

 private:
  struct Entry {
    const spec::Row* row;
    spec::Event event;
    std::size_t step;
  };
  const spec::Table* table_;
  std::array<std::vector<Step>, 11> steps_;
  std::vector<Entry> rows_;
};

}  // namespace conform::oracle
