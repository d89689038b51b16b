#include "harness/spec/operations.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <utility>

namespace conform::spec {

namespace {
constexpr std::int64_t wrap(std::int64_t value) { return value & 0xffffffff; }
constexpr std::int64_t distance(std::int64_t a, std::int64_t b) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b));
}

// Two's-complement arithmetic that cannot overflow: a spec's numbers may be absurd, the harness must not be.
constexpr std::int64_t plain(Op op, std::int64_t a, std::int64_t b) {
  const auto x = static_cast<std::uint64_t>(a), y = static_cast<std::uint64_t>(b);
  switch (op) {
    case Op::Add: return static_cast<std::int64_t>(x + y);
    case Op::Subtract: return static_cast<std::int64_t>(x - y);
    case Op::Multiply: return static_cast<std::int64_t>(x * y);
    default: return b == 0 || b == -1 ? static_cast<std::int64_t>(b == 0 ? 0 : 0 - x) : a / b;
  }
}

inline std::int64_t apply(Op op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide: return plain(op, a, b);
    case Op::SeqAdd: return wrap(plain(Op::Add, a, b));
    case Op::SeqSubtract: return wrap(plain(Op::Subtract, a, b));
    case Op::SeqDistance: return distance(a, b);
    case Op::Min: return std::min(a, b);
    case Op::Max: return std::max(a, b);
    case Op::SeqMin: return distance(a, b) <= 0 ? a : b;
    case Op::SeqMax: return distance(a, b) >= 0 ? a : b;
    case Op::Equal: return a == b;
    case Op::NotEqual: return a != b;
    case Op::Less: return a < b;
    case Op::LessEqual: return a <= b;
    case Op::SeqLess: return distance(a, b) < 0;
    case Op::SeqLessEqual: return distance(a, b) <= 0;
    case Op::Not: return a == 0;
    case Op::Copy: return a;
    case Op::Constant:
    case Op::Variable:
    case Op::JumpIfFalse:
    case Op::JumpIfTrue:
    case Op::Pop: break;
  }
  assert(false && "nothing that has a result");
  return 0;
}

using Space = Place::Space;
using Jump = Operation::Jump;

bool is_jump(Op op) { return op == Op::JumpIfFalse || op == Op::JumpIfTrue; }

// Walks over the code once, with names of operands on its stack instead of values.
class Translator {
 public:
  Translator(const std::vector<Instruction>& code, std::vector<Operation>& operations, std::vector<std::int64_t>& literals)
      : code_(code), operations_(operations), literals_(literals) {}

  void run() {
    find_landings();
    std::vector<std::size_t> begins(code_.size() + 1);   // the operation that an instruction begins with
    for (std::size_t at = 0; at <= code_.size(); ++at) {
      if (lands_with_value_[at]) settle();
      begins[at] = operations_.size();
      if (at < code_.size()) translate(at);
    }
    if (operations_.empty() || !settled()) settle();
    for (Operation& operation : operations_) {
      if (operation.jump != Jump::Never) operation.target = static_cast<std::uint16_t>(begins[operation.target]);
    }
    assert(stack_.size() == 1);
  }

 private:
  struct Landing {
    std::size_t at;
    bool with_value;   // what the jump looked at is still on the stack there
  };

  // Where a jump really ends: what it leads to may be another jump, or a Pop of what it looked at.
  Landing landing(std::size_t jump_at) const {
    const Op jump = code_[jump_at].op;
    auto at = static_cast<std::size_t>(code_[jump_at].operand);
    while (at < code_.size() && is_jump(code_[at].op)) {
      at = code_[at].op == jump ? static_cast<std::size_t>(code_[at].operand) : at + 1;
    }
    if (at < code_.size() && code_[at].op == Op::Pop) return {at + 1, false};
    return {at, true};
  }

  void find_landings() {
    lands_with_value_.assign(code_.size() + 1, false);
    for (std::size_t at = 0; at < code_.size(); ++at) {
      if (!is_jump(code_[at].op)) continue;
      const Landing end = landing(at);
      if (end.with_value) lands_with_value_[end.at] = true;
    }
  }

  void translate(std::size_t at) {
    const Instruction& instruction = code_[at];
    switch (instruction.op) {
      case Op::Constant: stack_.push_back(literal(instruction.operand)); return;
      case Op::Variable: stack_.push_back({Space::Variable, static_cast<std::uint16_t>(instruction.operand)}); return;
      case Op::Pop: stack_.pop_back(); return;
      case Op::JumpIfFalse:
      case Op::JumpIfTrue:
        if (!settled() || operations_.back().jump != Jump::Never) settle();
        operations_.back().jump = instruction.op == Op::JumpIfFalse ? Jump::IfFalse : Jump::IfTrue;
        operations_.back().target = static_cast<std::uint16_t>(landing(at).at);
        return;
      case Op::Not:
      case Op::Copy: operate(instruction.op, stack_.back(), stack_.back(), 1); return;
      default: operate(instruction.op, stack_[stack_.size() - 2], stack_.back(), 2);
    }
  }

  // An operation on the topmost operands, whose result takes their place.
  void operate(Op op, Place left, Place right, std::size_t operands) {
    stack_.resize(stack_.size() - operands);
    if (left.space == Space::Literal && right.space == Space::Literal) {
      stack_.push_back(literal(apply(op, literals_[left.index], literals_[right.index])));
      return;
    }
    const auto slot = static_cast<std::uint8_t>(stack_.size());
    assert(slot < kMaxSlots);
    operations_.push_back({op, Jump::Never, slot, 0, left, right});
    stack_.push_back({Space::Slot, slot});
  }

  // Whether the topmost operand is what the last operation has just left in its slot.
  bool settled() const {
    return !operations_.empty() && stack_.back().space == Space::Slot && operations_.back().slot == stack_.back().index;
  }
  // Puts the topmost operand into its slot.
  void settle() {
    if (settled() && operations_.back().jump == Jump::Never) return;
    const Place top = stack_.back();
    const auto slot = static_cast<std::uint8_t>(stack_.size() - 1);
    operations_.push_back({Op::Copy, Jump::Never, slot, 0, top, top});
    stack_.back() = {Space::Slot, slot};
  }

  Place literal(std::int64_t value) {
    const auto found = std::ranges::find(literals_, value);
    const auto index = static_cast<std::uint16_t>(found - literals_.begin());
    if (found == literals_.end()) literals_.push_back(value);
    return {Space::Literal, index};
  }

  const std::vector<Instruction>& code_;
  std::vector<Operation>& operations_;
  std::vector<std::int64_t>& literals_;
  std::vector<bool> lands_with_value_;
  std::vector<Place> stack_;
};
}  // namespace

Operations::Operations(const std::vector<Instruction>& code) { Translator(code, operations_, literals_).run(); }

std::int64_t Operations::evaluate(const Values& values) const {
  std::array<std::int64_t, kMaxSlots> slots;
  const std::int64_t* const spaces[] = {values.data(), slots.data(), literals_.data()};
  const auto value = [&](Place place) { return spaces[static_cast<std::size_t>(place.space)][place.index]; };
  const Operation* const begin = operations_.data();
  const Operation* const end = begin + operations_.size();
  for (const Operation* at = begin; at != end;) {
    const std::int64_t result = apply(at->op, value(at->left), value(at->right));
    slots[at->slot] = result;
    const bool jumps = at->jump != Jump::Never && (result != 0) == (at->jump == Jump::IfTrue);
    at = jumps ? begin + at->target : at + 1;
  }
  return slots[0];
}

std::optional<bool> Operations::demanded(Var truth) const {
  for (std::size_t at = 0; at < operations_.size(); ++at) {
    const Operation& operation = operations_[at];
    const bool ends = operation.jump == Jump::IfFalse && operation.target == operations_.size();
    if (operation.jump != Jump::Never && !ends) return std::nullopt;
    const bool condition = ends || at + 1 == operations_.size();
    if (!condition || operation.left.space != Space::Variable) continue;
    if (operation.left.index != static_cast<std::size_t>(truth)) continue;
    if (operation.op == Op::Copy) return true;
    if (operation.op == Op::Not) return false;
  }
  return std::nullopt;
}

}  // namespace conform::spec
