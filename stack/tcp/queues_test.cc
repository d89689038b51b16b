// The queues of text: what was sent, what was received, what waits for a hole to be filled.
#include <gtest/gtest.h>

#include <random>

#include "stack/tcp/reassembly.h"
#include "stack/tcp/receive_queue.h"
#include "stack/tcp/send_queue.h"
#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

using wire::SeqNum;

// Everything that can be taken out without a gap.
std::vector<Reassembly::Block> drain(Reassembly& held, SeqNum next) {
  std::vector<Reassembly::Block> blocks;
  while (auto block = held.pop(next)) {
    next = block->end();
    blocks.push_back(std::move(*block));
  }
  return blocks;
}

TEST(Reassembly, KeepsWhatCameFirst) {
  Reassembly held;
  const std::vector<std::uint8_t> first = {'A', 'A'}, second = {'b', 'b', 'b', 'b', 'b', 'b'};
  held.hold(SeqNum(12), first, false);
  held.hold(SeqNum(10), second, true);
  std::string text;
  for (const auto& block : drain(held, SeqNum(10))) text.append(block.text.begin(), block.text.end());
  EXPECT_EQ(text, "bbAAbb");
}

TEST(Reassembly, PushStandsOnlyOnTheLastPiece) {
  Reassembly held;
  held.hold(SeqNum(12), stream(12, 2), false);
  held.hold(SeqNum(10), stream(10, 6), true);
  std::vector<bool> pushes;
  for (const auto& block : drain(held, SeqNum(10))) pushes.push_back(block.push);
  EXPECT_EQ(pushes, (std::vector<bool>{false, false, true}));
}

TEST(Reassembly, WaitsForTheHoleAndForgetsTheOld) {
  Reassembly held;
  held.hold(SeqNum(0xfffffffe), stream(0, 4), false);
  EXPECT_FALSE(held.pop(SeqNum(0xfffffffd)));
  const auto block = held.pop(SeqNum(0));
  ASSERT_TRUE(block);
  EXPECT_EQ(block->text, stream(2, 2));
  held.hold(SeqNum(10), stream(0, 4), false);
  EXPECT_FALSE(held.pop(SeqNum(14)));
  EXPECT_TRUE(held.empty());
}

TEST(Reassembly, NumberOfBlocksIsBounded) {
  Reassembly held;
  for (std::uint32_t i = 0; i < 5000; ++i) held.hold(SeqNum(2 * i), stream(0, 1), false);
  EXPECT_EQ(held.blocks().size(), Reassembly::kMaxBlocks);
}

// Pieces of one stream in any order and overlap give that stream.
TEST(Reassembly, AnyOrder) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    const SeqNum base(static_cast<std::uint32_t>(random()));
    constexpr std::uint32_t kLength = 200;
    Reassembly held;
    std::vector<bool> covered(kLength);
    for (int i = 0; i < 30; ++i) {
      const auto from = static_cast<std::uint32_t>(random() % kLength);
      const auto length = static_cast<std::uint32_t>(1 + random() % std::min(40u, kLength - from));
      held.hold(base + from, stream(from, length), false);
      std::fill_n(covered.begin() + from, length, true);
    }
    for (std::size_t i = 1; i < held.blocks().size(); ++i) {
      ASSERT_TRUE(wire::at_or_before(held.blocks()[i - 1].end(), held.blocks()[i].seq)) << "overlap in " << round;
    }
    std::size_t octets = 0;
    for (const auto& block : held.blocks()) {
      octets += block.text.size();
      ASSERT_EQ(block.text, stream(static_cast<std::size_t>(block.seq - base), block.text.size()));
    }
    ASSERT_EQ(octets, static_cast<std::size_t>(std::count(covered.begin(), covered.end(), true)));
  }
}

TEST(SendQueue, HoldsFromTheFirstUnacknowledgedOctet) {
  SendQueue queue;
  queue.rebase(SeqNum(0xfffffff0));
  queue.append(stream(0, 100), true, true);
  queue.acknowledge(SeqNum(0xfffffff0) + 30);
  queue.acknowledge(SeqNum(0xfffffff0) + 20);  // older: nothing comes back
  EXPECT_EQ(queue.size(), 70u);
  const auto view = queue.view(queue.begin() + 5, 10);
  EXPECT_EQ(std::vector<std::uint8_t>(view.begin(), view.end()), stream(35, 10));
  EXPECT_EQ(queue.view(queue.end(), 10).size(), 0u);
  EXPECT_EQ(queue.urgent(), queue.end());
  EXPECT_TRUE(queue.pushed_within(queue.begin(), queue.end()));
  EXPECT_FALSE(queue.pushed_within(queue.begin(), queue.end() - 1));
  queue.rebase(SeqNum(1000));
  EXPECT_EQ(queue.urgent(), SeqNum(1070)) << "marks move with the text";
}

TEST(SendQueue, CostOfAnOctetIsConstant) {
  SendQueue queue;
  queue.rebase(SeqNum(0));
  std::size_t sent = 0, checked = 0;
  for (int i = 0; i < 1000; ++i) {
    queue.append(stream(sent, 70), false, false);
    sent += 70;
    queue.acknowledge(queue.begin() + 63);
    checked += 63;
    const auto view = queue.view(queue.begin(), 7);
    ASSERT_EQ(std::vector<std::uint8_t>(view.begin(), view.end()), stream(checked, 7));
  }
}

TEST(ReceiveQueue, ReadsStopAtTheUrgentMark) {
  ReceiveQueue queue;
  queue.start(SeqNum(0xffffffff));
  queue.append(stream(0, 10), false);
  EXPECT_FALSE(queue.set_urgent(SeqNum(0xffffffff))) << "not in advance of what is consumed";
  EXPECT_TRUE(queue.set_urgent(SeqNum(3)));
  EXPECT_FALSE(queue.set_urgent(SeqNum(2))) << "the mark does not recede";
  auto taken = queue.take(100);
  EXPECT_EQ(taken.text, stream(0, 4));
  EXPECT_FALSE(taken.urgent);
  EXPECT_EQ(queue.urgent(), std::nullopt) << "a mark kept would lie ahead again 2^31 octets later";
  taken = queue.take(100);
  EXPECT_EQ(taken.text, stream(4, 6));
}

TEST(SendQueue, MarksAreForgottenWithTheTextBeforeThem) {
  SendQueue queue;
  queue.rebase(SeqNum(0xfffffff0));
  queue.append(stream(0, 100), true, true);
  queue.append(stream(100, 100), false, false);
  queue.acknowledge(SeqNum(0xfffffff0) + 99);
  EXPECT_EQ(queue.urgent(), SeqNum(0xfffffff0) + 100);
  queue.acknowledge(SeqNum(0xfffffff0) + 100);
  EXPECT_EQ(queue.urgent(), std::nullopt);
  EXPECT_FALSE(queue.pushed_within(queue.begin(), queue.end()));
}

}  // namespace
}  // namespace tcp::testing
