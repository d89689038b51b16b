// Operations give what the expression says, however its conditions are nested, and know what they demand.
#include "harness/spec/operations.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "harness/spec/reader.h"

namespace conform::spec {
namespace {

constexpr Var kTruths[] = {Var::SegCtlSyn, Var::SegCtlFin, Var::SegCtlRst};

// A condition as it is written, evaluated the plain way.
struct Condition {
  enum class Kind { Truth, Number, Not, And, Or } kind = Kind::Truth;
  Var truth = Var::SegCtlSyn;
  std::unique_ptr<Condition> left, right;

  std::string text() const {
    switch (kind) {
      case Kind::Truth: return std::string(info(truth).name);
      case Kind::Number: return "SEG.SEQ + 1 < SEG.ACK";
      case Kind::Not: return "not (" + left->text() + ")";
      case Kind::And: return "(" + left->text() + " and " + right->text() + ")";
      case Kind::Or: return "(" + left->text() + " or " + right->text() + ")";
    }
    return {};
  }
  bool holds(const Values& values) const {
    switch (kind) {
      case Kind::Truth: return values[truth] != 0;
      case Kind::Number: return values[Var::SegSeq] + 1 < values[Var::SegAck];
      case Kind::Not: return !left->holds(values);
      case Kind::And: return left->holds(values) && right->holds(values);
      case Kind::Or: return left->holds(values) || right->holds(values);
    }
    return false;
  }
};

std::unique_ptr<Condition> any_condition(std::mt19937& random, int depth) {
  auto condition = std::make_unique<Condition>();
  condition->kind = static_cast<Condition::Kind>(random() % (depth > 0 ? 5 : 2));
  condition->truth = kTruths[random() % std::size(kTruths)];
  if (condition->kind >= Condition::Kind::Not) condition->left = any_condition(random, depth - 1);
  if (condition->kind >= Condition::Kind::And) condition->right = any_condition(random, depth - 1);
  return condition;
}

// The truths and whether SEG.SEQ + 1 < SEG.ACK, in every combination.
std::vector<Values> every_values() {
  std::vector<Values> all(16);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t truth = 0; truth < std::size(kTruths); ++truth) all[i][kTruths[truth]] = i >> truth & 1;
    all[i][Var::SegSeq] = 7;
    all[i][Var::SegAck] = i & 8 ? 9 : 8;
  }
  return all;
}

TEST(Operations, GiveWhatNestedConditionsSay) {
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    const auto condition = any_condition(random, 1 + i % 5);
    const Expression expression = parse_expression(condition->text(), {}).value();
    for (const Values& values : every_values()) {
      ASSERT_EQ(expression.holds(values), condition->holds(values)) << condition->text();
    }
  }
}

TEST(Operations, DemandOnlyWhatMustHold) {
  std::mt19937 random(2);
  for (int i = 0; i < 500; ++i) {
    const auto condition = any_condition(random, 1 + i % 5);
    const Expression expression = parse_expression(condition->text(), {}).value();
    for (Var truth : kTruths) {
      const auto demanded = expression.demanded(truth);
      for (const Values& values : every_values()) {
        if (!demanded || (values[truth] != 0) == *demanded) continue;
        ASSERT_FALSE(condition->holds(values)) << condition->text() << " demands " << info(truth).name;
      }
    }
  }
}

TEST(Operations, DemandWhatStandsBeforeAnyOr) {
  const Expression guard = parse_expression("SEG.CTL.ACK and SEG.SEQ = RCV.NXT and not SEG.RST and (SEG.SYN or SEG.FIN)", {}).value();
  EXPECT_EQ(guard.demanded(Var::SegCtlAck), true);
  EXPECT_EQ(guard.demanded(Var::SegCtlRst), false);
  EXPECT_EQ(guard.demanded(Var::SegCtlSyn), std::nullopt);
  EXPECT_EQ(parse_expression("not SEG.RST", {}).value().demanded(Var::SegCtlRst), false);
  EXPECT_EQ(parse_expression("SEG.RST or SEG.SYN", {}).value().demanded(Var::SegCtlRst), std::nullopt);
}

}  // namespace
}  // namespace conform::spec
