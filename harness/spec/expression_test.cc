#include "harness/spec/expression.h"

#include <gtest/gtest.h>

#include "harness/spec/reader.h"

namespace conform::spec {
namespace {

Definition define(const std::string& name, const std::string& text, const std::vector<Definition>& others = {}) {
  Definition definition;
  definition.name = name;
  definition.value = parse_expression(text, others).value();
  return definition;
}

class ExpressionTest : public ::testing::Test {
 protected:
  std::int64_t value(const std::string& text) {
    const Result<Expression> parsed = parse_expression(text, definitions_);
    if (parsed.ok()) return parsed->evaluate(values_);
    ADD_FAILURE() << text << "\n" << to_string(parsed.diagnostics());
    return -1;
  }
  // "column: message; hint", or "" if nothing is wrong.
  std::string wrong(const std::string& text) {
    const Result<Expression> parsed = parse_expression(text, definitions_);
    if (parsed.ok()) return "";
    EXPECT_EQ(parsed.diagnostics().size(), 1u);
    const Diagnostic& first = parsed.diagnostics()[0];
    return std::to_string(first.column) + ": " + first.message + (first.hint.empty() ? "" : "; " + first.hint);
  }
  Type type(const std::string& text) { return parse_expression(text, definitions_).value().type(); }

  Values values_;
  std::vector<Definition> definitions_;
};

TEST_F(ExpressionTest, OperatorsBindAsInTheLanguage) {
  EXPECT_EQ(value("2 + 3 * 4"), 14);
  EXPECT_EQ(value("(2 + 3) * 4"), 20);
  EXPECT_EQ(value("20 / 2 / 5"), 2);
  EXPECT_EQ(value("10 - 3 - 2"), 5);
  EXPECT_EQ(value("1 + 1 = 2 and 3 > 2"), 1);
  EXPECT_EQ(value("true or true and false"), 1);
  EXPECT_EQ(value("(true or true) and false"), 0);
  EXPECT_EQ(value("not false or true"), 1);
  EXPECT_EQ(value("not (false or true)"), 0);
  EXPECT_EQ(value("not 1 = 2"), 1);
  EXPECT_EQ(value("not not true"), 1);
}

TEST_F(ExpressionTest, EveryComparisonHoldsWhereItShould) {
  const struct {
    const char* sign;
    bool less, equal, more;
  } kSigns[] = {{"=", false, true, false}, {"!=", true, false, true}, {"<", true, false, false},
                {"=<", true, true, false}, {">", false, false, true}, {">=", false, true, true}};
  for (const auto& [sign, less, equal, more] : kSigns) {
    EXPECT_EQ(value(std::string("1 ") + sign + " 2"), less) << sign;
    EXPECT_EQ(value(std::string("2 ") + sign + " 2"), equal) << sign;
    EXPECT_EQ(value(std::string("3 ") + sign + " 2"), more) << sign;
    values_[Var::RcvNxt] = 0x10;
    for (const auto& [seq, wanted] : {std::pair(0xfffffff0, less), std::pair(0x10u, equal), std::pair(0x20u, more)}) {
      values_[Var::SegSeq] = seq;
      EXPECT_EQ(value(std::string("SEG.SEQ ") + sign + " RCV.NXT"), wanted) << sign << " " << seq;
    }
  }
}

TEST_F(ExpressionTest, ChainsCompareEachLinkByItself) {
  values_[Var::SndUna] = 0xfffffff0;
  values_[Var::SndNxt] = 0x20;
  for (const auto& [ack, inside] : {std::pair(0xfffffff0u, false), std::pair(0xfffffff1u, true), std::pair(0u, true),
                                    std::pair(0x20u, true), std::pair(0x21u, false)}) {
    values_[Var::SegAck] = ack;
    EXPECT_EQ(value("SND.UNA < SEG.ACK =< SND.NXT"), inside) << ack;
  }
  EXPECT_EQ(value("1 < 2 < 3 < 4"), 1);
  EXPECT_EQ(value("1 < 2 < 2 < 4"), 0);
  EXPECT_EQ(value("3 > 2 > 1"), 1);
  EXPECT_EQ(value("3 > 1 > 2"), 0);
  EXPECT_EQ(value("2 = 2 != 3"), 1);
}

TEST_F(ExpressionTest, SequenceNumbersWrap) {
  values_[Var::SegSeq] = 0xffffffff;
  values_[Var::SegUp] = 2;
  values_[Var::RcvUp] = 0x7ffffff0;
  EXPECT_EQ(value("SEG.SEQ + 1"), 0);
  EXPECT_EQ(value("2 + SEG.SEQ"), 1);
  EXPECT_EQ(value("ISS - 1"), 0xffffffff);
  EXPECT_EQ(value("ISS - SEG.SEQ"), 1);
  EXPECT_EQ(value("SEG.SEQ - ISS"), -1);
  EXPECT_EQ(value("max(ISS, SEG.SEQ)"), 0);  // 0 comes after 2^32 - 1
  EXPECT_EQ(value("min(ISS, SEG.SEQ)"), 0xffffffff);
  EXPECT_EQ(value("max(RCV.UP, SEG.SEQ + SEG.UP)"), 0x7ffffff0);
  EXPECT_EQ(value("max(3, 5) - min(3, 5)"), 2);
  EXPECT_EQ(value("SEG.SEQ = 4294967295"), 1);
  EXPECT_EQ(value("SEG.SEQ < 0"), 1);
}

TEST_F(ExpressionTest, TimesAreMilliseconds) {
  EXPECT_EQ(value("500 ms"), 500);
  EXPECT_EQ(value("2 s"), 2000);
  EXPECT_EQ(value("4min"), 240'000);
  EXPECT_EQ(value("2 * 3 s"), 6000);
  EXPECT_EQ(value("2 min - 1 s"), 119'000);
  EXPECT_EQ(value("0x8000"), 32768);
  EXPECT_EQ(value("min(2 s, 1 s)"), 1000);
}

TEST_F(ExpressionTest, AHyphenBelongsToANameThatHasItThere) {
  definitions_ = {define("fin-acknowledged", "SND.UNA = SND.NXT"), define("x", "10"), define("x-2", "77")};
  values_[Var::TimeWaitStart] = 5;
  values_[Var::Now] = 9;
  EXPECT_EQ(value("NOW-TIME-WAIT.START"), 4);
  EXPECT_EQ(value("NOW - TIME-WAIT.START-1"), 3);
  EXPECT_EQ(value("RCV.NXT-1"), 0xffffffff);
  EXPECT_EQ(value("fin-acknowledged"), 1);
  EXPECT_EQ(value("x-1"), 9);
  EXPECT_EQ(value("x-2"), 77);
  EXPECT_EQ(value("x - 2"), 8);
  EXPECT_EQ(value("SEG.LEN-SEG.TEXT"), 0);
}

TEST_F(ExpressionTest, StatesAreComparedByName) {
  values_[Var::StateNow] = static_cast<std::int64_t>(wire::State::SynSent);
  EXPECT_EQ(value("STATE = SYN-SENT"), 1);
  EXPECT_EQ(value("SYN-SENT != STATE"), 0);
  EXPECT_EQ(value("STATE != FIN-WAIT-1 and not STATE = CLOSED"), 1);
  EXPECT_EQ(wrong("STATE = SYN_SENT"), "9: unknown state 'SYN_SENT'; did you mean 'SYN-SENT'?");
  const std::string only = "STATE can only be compared with the name of a state, by '=' or '!='";
  EXPECT_EQ(wrong("STATE < ESTABLISHED"), "7: " + only);
  EXPECT_EQ(wrong("STATE = 3"), "7: " + only);
  EXPECT_EQ(wrong("SEG.LEN = CLOSED"), "9: " + only);
  EXPECT_EQ(wrong("CLOSED = LISTEN"), "8: " + only);
  EXPECT_EQ(wrong("STATE"), "1: 'STATE' must be compared; as in 'STATE = ESTABLISHED'");
  EXPECT_EQ(wrong("STATE + 1 = 2"), "1: '+' wants numbers, but 'STATE' is a state");
}

TEST_F(ExpressionTest, TypesFollowFromTheOperands) {
  EXPECT_EQ(type("SEG.SEQ + 1"), Type::Seq);
  EXPECT_EQ(type("1 + SEG.SEQ"), Type::Seq);
  EXPECT_EQ(type("SEG.SEQ - RCV.NXT"), Type::Num);
  EXPECT_EQ(type("SEG.SEQ - SEG.LEN"), Type::Seq);
  EXPECT_EQ(type("SEG.SEQ = RCV.NXT"), Type::Bool);
  EXPECT_EQ(type("max(RCV.UP, SEG.SEQ)"), Type::Seq);
}

TEST_F(ExpressionTest, TypeErrorsSayWhatIsWhat) {
  EXPECT_EQ(wrong("SEG.SYN and SEG.ACK"),
            "13: 'and' joins truth values, but 'SEG.ACK' is a sequence number; did you mean 'SEG.CTL.ACK'?");
  EXPECT_EQ(wrong("not SEG.ACK"),
            "5: 'not' wants a truth value, but 'SEG.ACK' is a sequence number; did you mean 'SEG.CTL.ACK'?");
  EXPECT_EQ(wrong("SEG.LEN or true"), "1: 'or' joins truth values, but 'SEG.LEN' is a number");
  EXPECT_EQ(wrong("SEG.SEQ + RCV.NXT"), "9: two sequence numbers cannot be added");
  EXPECT_EQ(wrong("SEG.LEN - RCV.NXT"), "9: a sequence number cannot be subtracted from a number");
  EXPECT_EQ(wrong("2 * SEG.SEQ"), "5: '*' wants plain numbers, but 'SEG.SEQ' is a sequence number");
  EXPECT_EQ(wrong("SEG.SYN + 1"), "1: '+' wants numbers, but 'SEG.SYN' is a truth value");
  EXPECT_EQ(wrong("SEG.SEQ = SEG.LEN"),
            "9: 'SEG.SEQ' is a sequence number, but 'SEG.LEN' is a number; only a plain number can be compared with a "
            "sequence number");
  EXPECT_EQ(wrong("SEG.SEQ < SEG.LEN + 1"),
            "9: 'SEG.SEQ' is a sequence number, but 'SEG.LEN + 1' is a number; only a plain number can be compared "
            "with a sequence number");
  EXPECT_EQ(wrong("PASSIVE = true"),
            "1: '=' compares numbers, but 'PASSIVE' is a truth value; truth values are joined by 'and', 'or', 'not'");
  EXPECT_EQ(wrong("(1 < 2) < 3"),
            "1: '<' compares numbers, but '(1 < 2)' is a truth value; truth values are joined by 'and', 'or', 'not'");
  EXPECT_EQ(wrong("max(SEG.SEQ, SEG.LEN)"),
            "1: 'max' of different types: 'SEG.SEQ' is a sequence number, but 'SEG.LEN' is a number");
  EXPECT_EQ(wrong("SEG.SEQ = 0"), "");
  EXPECT_EQ(wrong("SEG.SEQ = 2 s + 1"), "");
}

TEST_F(ExpressionTest, SyntaxErrorsPointAtTheToken) {
  definitions_ = {define("acceptable", "true"), define("fin-acknowledged", "true")};
  EXPECT_EQ(wrong(""), "1: an expression is missing");
  EXPECT_EQ(wrong("   "), "1: an expression is missing");
  EXPECT_EQ(wrong("SEG.LEN >"), "10: expected a value, but the text ends");
  EXPECT_EQ(wrong("SEG.LEN > and"), "11: expected a value, found 'and'");
  EXPECT_EQ(wrong("(SEG.LEN > 0"), "13: expected ')', but the text ends");
  EXPECT_EQ(wrong("SEG.LEN > 0)"), "12: expected an operator, found ')'");
  EXPECT_EQ(wrong("SEG.LEN 0"), "9: expected an operator, found '0'");
  EXPECT_EQ(wrong("max 3"), "5: expected '(', found '3'");
  EXPECT_EQ(wrong("max(3)"), "6: expected ',', found ')'");
  EXPECT_EQ(wrong("SEG.SQE = 0"), "1: unknown name 'SEG.SQE'; did you mean 'SEG.SEQ'?");
  EXPECT_EQ(wrong("true and fin-acknowleged"), "10: unknown name 'fin-acknowleged'; did you mean 'fin-acknowledged'?");
  EXPECT_EQ(wrong("acceptabel"), "1: unknown name 'acceptabel'; did you mean 'acceptable'?");
  EXPECT_EQ(wrong("bananas"), "1: unknown name 'bananas'");
  EXPECT_EQ(wrong("SEG.LEN <= 3"), "9: unknown operator '<='; did you mean '=<'?");
  EXPECT_EQ(wrong("SEG.LEN == 3"), "9: unknown operator '=='; did you mean '='?");
  EXPECT_EQ(wrong("SEG.SYN && SEG.FIN"), "9: unknown operator '&&'; did you mean 'and'?");
  EXPECT_EQ(wrong("!SEG.SYN"), "1: unexpected '!'; did you mean 'not'?");
  EXPECT_EQ(wrong("SEG.LEN <- 3"), "9: an assignment '<-' stands only in 'do'");
  EXPECT_EQ(wrong("SEG.LEN = 010"), "11: '010' looks like an octal number; write it without the leading 0, or with 0x");
  EXPECT_EQ(wrong("SEG.LEN = 1.5"), "11: '1.5' is not a whole number; times may be given in ms");
  EXPECT_EQ(wrong("SEG.LEN = 12ab"), "11: '12ab' is neither a number nor a name");
  EXPECT_EQ(wrong("SEG.LEN = 4294967296"), "11: '4294967296' is more than 4294967295");
  EXPECT_EQ(wrong("SEG.LEN = 99999999999999999999999"), "11: '99999999999999999999999' is more than 4294967295");
  EXPECT_EQ(wrong("NOW > 99999 min"), "7: time longer than 4294967295 ms");
}

TEST_F(ExpressionTest, DefinitionsAreInlined) {
  definitions_ = {define("MSL", "2 min")};
  definitions_.push_back(define("old", "NOW - TIME-WAIT.START >= 2 * MSL", definitions_));
  definitions_.push_back(define("either", "SEG.SYN or old", definitions_));
  EXPECT_EQ(value("either"), 0);
  values_[Var::Now] = 240'000;
  EXPECT_EQ(value("either and not SEG.SYN"), 1);
  EXPECT_EQ(value("not SEG.SYN and (either or false) and true"), 1);
}

TEST_F(ExpressionTest, EveryMixtureOfJunctionsIsRight) {
  // All truth tables of three variables, against C++.
  for (int bits = 0; bits < 8; ++bits) {
    const bool a = bits & 1, b = bits & 2, c = bits & 4;
    values_[Var::SegCtlSyn] = a, values_[Var::SegCtlFin] = b, values_[Var::SegCtlRst] = c;
    EXPECT_EQ(value("SEG.SYN and SEG.FIN or SEG.RST"), (a && b) || c);
    EXPECT_EQ(value("SEG.SYN or SEG.FIN and SEG.RST"), a || (b && c));
    EXPECT_EQ(value("SEG.SYN and (SEG.FIN or SEG.RST)"), a && (b || c));
    EXPECT_EQ(value("not (SEG.SYN or SEG.FIN) and SEG.RST or SEG.SYN and not SEG.RST"), (!(a || b) && c) || (a && !c));
    EXPECT_EQ(value("(SEG.SYN and SEG.FIN and SEG.RST) or not (SEG.SYN or SEG.FIN or SEG.RST)"),
              (a && b && c) || !(a || b || c));
  }
}

TEST_F(ExpressionTest, DepthAndLengthAreBounded) {
  const auto nested = [](int levels) { return std::string(levels, '(') + "1 = 1" + std::string(levels, ')'); };
  EXPECT_EQ(value(nested(32)), 1);
  EXPECT_EQ(wrong(nested(33)), "33: nested deeper than 32 levels");
  EXPECT_EQ(wrong(nested(1500)), "33: nested deeper than 32 levels");
  std::string nots;
  for (int i = 0; i < 40; ++i) nots += "not ";
  EXPECT_EQ(wrong(nots + "true"), "129: nested deeper than 32 levels");
  EXPECT_EQ(wrong(std::string(5000, '1')), "1: expression longer than 4096 characters");
  // Each definition doubles the one before: without a bound, 2^40 instructions.
  definitions_.push_back(define("d0", "SEG.LEN + 1"));
  std::string last;
  for (int i = 1; i < 40 && last.empty(); ++i) {
    Definition next;
    next.name = "d" + std::to_string(i);
    const std::string text = "d" + std::to_string(i - 1) + " + d" + std::to_string(i - 1);
    last = wrong(text);
    if (last.empty()) definitions_.push_back(define(next.name, text, definitions_));
  }
  EXPECT_EQ(last, "1: expression of more than 4096 instructions");
  // Each definition needs one more place on the stack than the one before.
  definitions_ = {define("d0", "1")};
  last.clear();
  for (int i = 1; i < 100 && last.empty(); ++i) {
    const std::string text = "1 + d" + std::to_string(i - 1);
    last = wrong(text);
    if (last.empty()) definitions_.push_back(define("d" + std::to_string(i), text, definitions_));
  }
  EXPECT_EQ(last, "1: expression needs a stack of more than 60 values");
  EXPECT_EQ(value(definitions_.back().name), 60);
}

TEST_F(ExpressionTest, KeepsWhatWasWritten) {
  EXPECT_EQ(parse_expression(" SEG.LEN  > 0 ", {})->text(), "SEG.LEN  > 0");
  EXPECT_TRUE(parse_expression("true", {})->is_true());
  EXPECT_FALSE(parse_expression("1 = 1", {})->is_true());
}

}  // namespace
}  // namespace conform::spec
