// Program owns the table made ready to be executed: rows by event, step and state, each with a small number.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <vector>

#include "harness/spec/table.h"

namespace conform::oracle {

using RowNumber = std::uint16_t;
inline constexpr RowNumber kNoRow = 0xffff;
inline constexpr std::size_t kStates = wire::kAllStates.size();
inline constexpr std::size_t kMaxObligations = 24;

// The control bits of the segment that the variables speak of, as in a header.
std::uint8_t control_bits(const spec::Values& values);

// When a row fires. Most rows want control bits that a segment does not have: that is seen first.
struct Guard {
  std::uint8_t looked_at = 0, wanted = 0;      // control bits
  const spec::Expression* rest = nullptr;      // the whole guard; nothing: always

  // `control`: what control_bits() says of these values.
  bool holds(const spec::Values& values, std::uint8_t control) const {
    return (control & looked_at) == wanted && (!rest || rest->holds(values));
  }
};

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
  const Guard& guard(RowNumber number) const { return rows_[number].guard; }
  const Step& step_of(RowNumber number) const;
  // By number, those that may hold in a state.
  std::bitset<kMaxObligations> obligations(wire::State state) const {
    return obligations_[static_cast<std::size_t>(state)];
  }
  std::size_t row_count() const { return rows_.size(); }
  spec::Event event_of(RowNumber number) const { return rows_[number].event; }

  // Where "3.10.7.4/sixth" stands among the steps of its event.
  std::size_t find_step(spec::Event event, const std::string& name) const;
  // The number of a row by its full id; kNoRow if there is none.
  RowNumber find_row(const std::string& full_id) const;

 private:
  struct Entry {
    const spec::Row* row;
    Guard guard;
    spec::Event event;
    std::size_t step;
  };
  const spec::Table* table_;
  std::array<std::vector<Step>, 11> steps_;
  std::vector<Entry> rows_;
  std::array<std::bitset<kMaxObligations>, kStates> obligations_;
};

}  // namespace conform::oracle
