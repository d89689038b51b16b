#include "fuzz/sequence/translate.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "fuzz/sequence/resolve.h"
#include "harness/spec/compiler.h"

namespace conform::fuzz {

using spec::Op;
using spec::Var;

namespace {

// A sum of a base and a constant, as far as it has been found to be one. RCV.WND and SND.WND only complete a base.
struct Sum {
  std::optional<Base> base;   // nothing: a plain number
  std::optional<Var> window;  // a window alone
  std::int64_t constant = 0;
};

std::optional<Sum> variable(Var var) {
  switch (var) {
    case Var::RcvNxt: return Sum{Base::RcvNxt, {}, 0};
    case Var::RcvEdge: return Sum{Base::RcvEdge, {}, 0};
    case Var::RcvRead: return Sum{Base::RcvRead, {}, 0};
    case Var::PeerIss: return Sum{Base::PeerIss, {}, 0};
    case Var::SndNxt: return Sum{Base::SndNxt, {}, 0};
    case Var::SndUna: return Sum{Base::SndUna, {}, 0};
    case Var::SndEnd: return Sum{Base::SndEnd, {}, 0};
    case Var::Iss: return Sum{Base::Iss, {}, 0};
    case Var::RcvWnd:
    case Var::SndWnd: return Sum{{}, var, 0};
    default: return std::nullopt;
  }
}

// RCV.NXT + RCV.WND is the right edge of the receive window, SND.UNA + SND.WND that of the send window.
std::optional<Base> edge(Base base, Var window) {
  if (base == Base::RcvNxt && window == Var::RcvWnd) return Base::RcvEdge;
  if (base == Base::SndUna && window == Var::SndWnd) return Base::SndEdge;
  return std::nullopt;
}

// Only the low 32 bits matter in the end: constants are kept in them.
std::int64_t wrapped(std::int64_t a, std::int64_t b) { return (a + b) & 0xffffffff; }

std::optional<Sum> plus(const Sum& a, const Sum& b) {
  if ((a.base && b.base) || (a.window && b.window)) return std::nullopt;
  Sum sum{a.base ? a.base : b.base, a.window ? a.window : b.window, wrapped(a.constant, b.constant)};
  if (sum.base && sum.window) {
    sum.base = edge(*sum.base, *sum.window);
    sum.window.reset();
    if (!sum.base) return std::nullopt;
  }
  return sum;
}

std::optional<Sum> minus(const Sum& a, const Sum& b) {
  if (b.base || b.window) return std::nullopt;
  return Sum{a.base, a.window, wrapped(a.constant, -b.constant)};
}

std::optional<Sum> times(const Sum& a, const Sum& b) {
  if (a.base || a.window || b.base || b.window) return std::nullopt;
  const auto product = static_cast<std::uint64_t>(a.constant) * static_cast<std::uint64_t>(b.constant);
  return Sum{{}, {}, static_cast<std::int64_t>(product & 0xffffffff)};
}

// What the instructions leave on the stack, if it is a sum.
std::optional<Sum> sum_of(const spec::Code& code) {
  std::vector<Sum> stack;
  for (const spec::Instruction& instruction : code.instructions) {
    std::optional<Sum> made;
    if (instruction.op == Op::Constant) {
      made = Sum{{}, {}, instruction.operand};
    } else if (instruction.op == Op::Variable) {
      made = variable(static_cast<Var>(instruction.operand));
    } else {
      if (stack.size() < 2) return std::nullopt;
      const Sum right = stack.back();
      stack.pop_back();
      const Sum left = stack.back();
      stack.pop_back();
      if (instruction.op == Op::Add || instruction.op == Op::SeqAdd) made = plus(left, right);
      if (instruction.op == Op::Subtract || instruction.op == Op::SeqSubtract) made = minus(left, right);
      if (instruction.op == Op::Multiply) made = times(left, right);
    }
    if (!made) return std::nullopt;
    stack.push_back(*made);
  }
  return stack.size() == 1 && !stack.front().window ? std::optional(stack.front()) : std::nullopt;
}

}  // namespace

void Translator::error(std::string message, std::string hint) {
  diagnostics_.push_back({here_.file, here_.line, here_.column, std::move(message), std::move(hint)});
}

void Translator::add(const std::vector<spec::ScenarioStep>& steps) {
  for (const spec::ScenarioStep& step : steps) {
    here_ = step.mark;
    std::visit([this](const auto& what) { add(what); }, step.what);
  }
}

Result<Sequence> Translator::finish(const spec::Mark& mark) && {
  if (sequence_.size() > kMaxEvents) {
    here_ = mark;
    error(fmt::format("{} events; a sequence has at most {}", sequence_.size(), kMaxEvents));
  }
  if (!diagnostics_.empty()) return std::move(diagnostics_);
  return std::move(sequence_);
}

void Translator::add(const spec::CallStep& step) {
  if (step.call.length > 0xffff) {
    error(fmt::format("{} octets in one call; a sequence says at most {}", step.call.length, 0xffff));
  }
  if (step.call.verb == Verb::Receive && step.call.length == 0) error("RECEIVE 0; a sequence says at least 1");
  if (step.call.timeout_ms > kMaxTimeoutMs) {
    error(fmt::format("a user timeout of {} ms; a sequence says at most {} ms", step.call.timeout_ms, kMaxTimeoutMs));
  }
  Event event;
  event.kind = Event::Kind::Call;
  event.call = to_event(step.call);
  sequence_.push_back(event);
}

void Translator::add(const spec::SegmentStep& step) {
  const spec::SegmentTemplate& segment = step.segment;
  Event event;
  SegmentEvent& made = event.segment;
  made.ctl = segment.ctl.value_or(wire::Flags{}).bits;
  made.seq = number(segment.seq, made.seq, "SEQ");
  made.ack = number(segment.ack, made.ack, "ACK");
  made.keeps_window = !segment.wnd;
  made.wnd = static_cast<std::uint16_t>(constant(segment.wnd, "WND"));
  made.up = static_cast<std::uint16_t>(constant(segment.up, "UP"));
  const std::int64_t data = std::max<std::int64_t>(constant(segment.data, "DATA"), 0);
  if (data > kMaxData) error(fmt::format("DATA={}; a sequence says at most {}", data, kMaxData));
  made.data = static_cast<std::uint16_t>(data);
  made.reserved = segment.reserved;
  made.damage = segment.damage;
  options(segment, made);
  sequence_.push_back(in_range(event));
}

void Translator::add(const spec::WaitStep& step) {
  const std::int64_t ms = std::max<std::int64_t>(constant(step.at_most, "the time"), 0);
  Event event;
  event.kind = Event::Kind::Wait;
  for (std::int64_t left = ms; left >= 0 && sequence_.size() <= kMaxEvents; left -= kMaxWaitMs) {
    event.wait.ms = static_cast<std::uint32_t>(std::min<std::int64_t>(left, kMaxWaitMs));
    if (event.wait.ms != 0 || ms == 0) sequence_.push_back(event);
  }
}

void Translator::add(const spec::PeerStep& step) {
  if (step.which > kMaxWhich)
    error(fmt::format("segment {} of the peer's; a sequence says at most {}", step.which, kMaxWhich));
  Event event;
  event.kind = Event::Kind::Peer;
  event.peer = step;
  sequence_.push_back(in_range(event));
}

Number Translator::number(const std::optional<spec::Expression>& expression, Number usual, std::string_view field) {
  if (!expression) return usual;
  const auto compiled = spec::compile(expression->text(), scope_);
  const auto* code = std::get_if<spec::Code>(&compiled);
  if (code != nullptr && code->constant) {
    return {Base::Zero, static_cast<std::int32_t>(static_cast<std::uint32_t>(expression->evaluate({})))};
  }
  const auto sum = code != nullptr ? sum_of(*code) : std::nullopt;
  if (!sum) {
    error(fmt::format("{}={} cannot be said in a sequence", field, expression->text()),
          "it says a live variable, or one with a number added or subtracted");
    return usual;
  }
  return {sum->base.value_or(Base::Zero), static_cast<std::int32_t>(static_cast<std::uint32_t>(sum->constant))};
}

std::int64_t Translator::constant(const std::optional<spec::Expression>& expression, std::string_view what) {
  if (!expression) return 0;
  const auto compiled = spec::compile(expression->text(), scope_);
  const auto* code = std::get_if<spec::Code>(&compiled);
  if (code != nullptr && code->constant) return expression->evaluate({});
  error(fmt::format("{} is '{}', which cannot be said in a sequence", what, expression->text()),
        "it says plain numbers");
  return 0;
}

// As oracle::resolve puts them: MSS first.
void Translator::options(const spec::SegmentTemplate& segment, SegmentEvent& event) {
  if (segment.mss) {
    const auto mss = static_cast<std::uint16_t>(constant(segment.mss, "MSS"));
    for (unsigned octet : {2, 4, mss >> 8, mss & 0xff}) event.options.push_back(static_cast<std::uint8_t>(octet));
  }
  for (std::uint8_t octet : segment.options) event.options.push_back(octet);
}

}  // namespace conform::fuzz
