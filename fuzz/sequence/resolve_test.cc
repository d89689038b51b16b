// Events and segments: the same as by the notation, and back.
#include "fuzz/sequence/resolve.h"

#include <random>

#include "fuzz/sequence/testing.h"
#include "harness/oracle/resolve.h"
#include "harness/spec/reader.h"
#include "stack/wire/notation.h"

namespace conform::fuzz {
namespace {

using oracle::World;
using spec::Var;

// A connection in some state, its numbers anywhere in the sequence space.
World any_world(std::mt19937_64& engine) {
  World world;
  world.state = wire::kAllStates[engine() % wire::kAllStates.size()];
  for (std::size_t i = 0; i < spec::kVarCount; ++i) {
    const auto var = static_cast<Var>(i);
    if (spec::info(var).type == spec::Type::Seq) world.values[var] = static_cast<std::uint32_t>(engine());
    if (spec::info(var).type == spec::Type::Num) world.values[var] = static_cast<std::int64_t>(engine() % 70'000);
  }
  return world;
}

// ESTABLISHED, a window of 1000 each way, ten octets under way from the target.
World established() {
  World world;
  world.state = wire::State::Established;
  const auto set = [&](Var var, std::int64_t value) { world.values[var] = value; };
  set(Var::PeerIss, 500'000'000), set(Var::Irs, 500'000'000), set(Var::RcvNxt, 500'000'101);
  set(Var::RcvRead, 500'000'051), set(Var::RcvWnd, 1000), set(Var::RcvEdge, 500'001'101);
  set(Var::Iss, 3'000'000'000), set(Var::SndUna, 3'000'000'001), set(Var::SndNxt, 3'000'000'011);
  set(Var::SndEnd, 3'000'000'021), set(Var::SndWnd, 1000);
  return world;
}

wire::Segment segment(std::uint32_t seq, std::uint32_t ack) {
  wire::Segment made;
  made.seq = wire::SeqNum(seq);
  made.ack = wire::SeqNum(ack);
  made.flags.bits = wire::Flags::kAck;
  made.wnd = 100;
  return made;
}

std::string event_of(std::uint32_t seq, std::uint32_t ack) {
  return to_string(relative(segment(seq, ack), spec::Damage::None, established()));
}

TEST(ResolveEvent, GivesWhatTheNotationGives) {
  std::mt19937_64 engine(1);
  AnySequence any(1);
  for (int i = 0; i < 4000; ++i) {
    const World world = any_world(engine);
    const SegmentEvent event = any.segment();
    const auto pattern = spec::parse_segment(to_string(event), {});
    ASSERT_TRUE(pattern.ok()) << to_string(event) << "\n" << to_string(pattern.diagnostics());
    const auto window = static_cast<std::uint16_t>(engine());
    const wire::Segment expected = oracle::resolve(*pattern, world, window), actual = resolve(event, world, window);
    ASSERT_EQ(actual, expected) << to_string(event) << "\nexpected " << wire::to_string(expected) << "\nactual   "
                                << wire::to_string(actual);
    ASSERT_EQ(pattern->damage, event.damage);
  }
}

TEST(ResolveEvent, ThereAndBackInTheSameWorld) {
  std::mt19937_64 engine(2);
  AnySequence any(2);
  for (int i = 0; i < 4000; ++i) {
    const World world = any_world(engine);
    const SegmentEvent event = any.segment();
    const auto window = static_cast<std::uint16_t>(engine());
    const wire::Segment expected = resolve(event, world, window);
    const SegmentEvent back = relative(expected, event.damage, world, window);
    ASSERT_EQ(resolve(back, world, window), expected) << to_string(event) << "\n" << to_string(back);
    const SegmentEvent absolute = relative(expected, event.damage, world);
    ASSERT_EQ(resolve(absolute, world, 1), expected) << "whatever window was offered before";
    Event whole;
    whole.segment = back;
    ASSERT_EQ(in_range(whole), whole);
  }
}

TEST(RelativeEvent, CountsFromWhatItEquals) {
  EXPECT_EQ(event_of(500'000'101, 3'000'000'011), "<CTL=ACK><WND=100>");
  EXPECT_EQ(event_of(500'001'101, 3'000'000'001), "<SEQ=RCV.EDGE><ACK=SND.UNA><CTL=ACK><WND=100>");
  EXPECT_EQ(event_of(500'000'000, 3'000'001'001), "<SEQ=PEER.ISS><ACK=SND.UNA + SND.WND><CTL=ACK><WND=100>");
  EXPECT_EQ(event_of(500'000'051, 3'000'000'000), "<SEQ=RCV.READ><ACK=ISS><CTL=ACK><WND=100>");
  EXPECT_EQ(event_of(500'000'101, 3'000'000'021), "<ACK=SND.END><CTL=ACK><WND=100>");
}

TEST(RelativeEvent, ElseFromTheNearest) {
  EXPECT_EQ(event_of(500'000'100, 3'000'000'012), "<SEQ=RCV.NXT - 1><ACK=SND.NXT + 1><CTL=ACK><WND=100>");
  EXPECT_EQ(event_of(500'001'100, 3'000'000'002), "<SEQ=RCV.EDGE - 1><ACK=SND.UNA + 1><CTL=ACK><WND=100>");
  EXPECT_EQ(event_of(500'000'101u + 0x7fffffff, 3'000'000'001 - 100'000),
            "<SEQ=RCV.EDGE + 2147482647><ACK=SND.UNA - 100000><CTL=ACK><WND=100>");
}

TEST(RelativeEvent, ANumberNearZeroAndFarFromTheConnectionIsAbsolute) {
  EXPECT_EQ(event_of(0, 12'345), "<SEQ=0><ACK=12345><CTL=ACK><WND=100>");
  EXPECT_EQ(event_of(0xffffffff, 1), "<SEQ=4294967295><ACK=1><CTL=ACK><WND=100>");
}

TEST(RelativeEvent, KeepsAWindowThatIsOfferedAgain) {
  EXPECT_TRUE(relative(segment(0, 0), spec::Damage::None, established(), 100).keeps_window);
  EXPECT_FALSE(relative(segment(0, 0), spec::Damage::None, established(), 101).keeps_window);
  EXPECT_FALSE(relative(segment(0, 0), spec::Damage::None, established()).keeps_window);
}

TEST(RelativeEvent, NeverMoreTextThanAnEventSays) {
  wire::Segment long_one = segment(0, 0);
  long_one.text.resize(65'000);
  EXPECT_EQ(relative(long_one, spec::Damage::None, established()).data, kMaxData);
}

TEST(Calls, ThereAndBack) {
  AnySequence any(3);
  for (int i = 0; i < 2000; ++i) {
    const Event event = any.event();
    if (event.kind == Event::Kind::Call) {
      ASSERT_EQ(to_event(to_call(event.call)), event.call) << to_string(event);
    }
  }
  UserCall large;
  large.verb = Verb::Receive;
  large.length = 100'000;
  EXPECT_EQ(to_event(large).length, 65'535);
}

}  // namespace
}  // namespace conform::fuzz
