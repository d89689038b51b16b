// RFC 9293 3.10.1-3.10.6: the user calls in every state.
#include <gtest/gtest.h>

#include <functional>

#include "stack/tcp/talk_testing.h"

namespace tcp::testing {
namespace {

// A way to each state, peer and user doing what it takes.
void lead_to(Talk& t, std::string_view state) {
  const auto peer_fin = [&] { t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK>"); };
  if (state == "CLOSED") return;
  if (state == "LISTEN") return void(t.open_passive());
  if (state == "SYN-SENT") return void(t.open_active());
  if (state == "SYN-RECEIVED") return t.open_passive(), void(t.segment("<SEQ=300><CTL=SYN>"));
  t.establish();
  if (state == "ESTABLISHED") return;
  if (state == "CLOSE-WAIT") return peer_fin();
  if (state == "LAST-ACK") return peer_fin(), void(t.close());
  t.close();
  if (state == "FIN-WAIT-1") return;
  if (state == "CLOSING") return peer_fin();
  t.segment("<SEQ=301><ACK=102><CTL=ACK>");
  if (state == "FIN-WAIT-2") return;
  t.segment("<SEQ=301><ACK=102><CTL=FIN,ACK>");
}

struct Expectation {
  std::string_view state, heard, next;
};

void check(const std::vector<Expectation>& table, const std::function<std::string(Talk&)>& call) {
  ASSERT_EQ(table.size(), wire::kAllStates.size());
  for (const Expectation& row : table) {
    Talk t;
    lead_to(t, row.state);
    ASSERT_EQ(t.state(), row.state);
    EXPECT_EQ(call(t), row.heard) << row.state;
    EXPECT_EQ(t.state(), row.next) << "from " << row.state;
  }
}

constexpr std::string_view kNone = "error: connection does not exist", kClosing = "error: connection closing",
                           kExists = "error: connection already exists";

TEST(OpenCall, Active) {
  check({{"CLOSED", "<SEQ=100><CTL=SYN><MSS=1460>", "SYN-SENT"},
         {"LISTEN", "<SEQ=100><CTL=SYN><MSS=1460>", "SYN-SENT"},
         {"SYN-SENT", kExists, "SYN-SENT"},
         {"SYN-RECEIVED", kExists, "SYN-RECEIVED"},
         {"ESTABLISHED", kExists, "ESTABLISHED"},
         {"FIN-WAIT-1", kExists, "FIN-WAIT-1"},
         {"FIN-WAIT-2", kExists, "FIN-WAIT-2"},
         {"CLOSE-WAIT", kExists, "CLOSE-WAIT"},
         {"CLOSING", kExists, "CLOSING"},
         {"LAST-ACK", kExists, "LAST-ACK"},
         {"TIME-WAIT", kExists, "TIME-WAIT"}},
        [](Talk& t) { return t.open_active(); });
}

TEST(OpenCall, ActiveNeedsARemoteSocket) {
  tcp::OpenCall call;
  call.active = true;
  Talk t;
  EXPECT_EQ(t.open(call), "error: remote socket unspecified");
  t.open_passive();
  EXPECT_EQ(t.open(call), "error: remote socket unspecified");
  EXPECT_EQ(t.state(), "LISTEN");
  for (const auto& address : {codec::IpAddress::v4(255, 255, 255, 255), codec::IpAddress::v4(224, 0, 0, 1),
                              codec::IpAddress::v4(0, 0, 0, 0), codec::IpAddress::v6({0xff, 2})}) {
    Talk other;
    call.remote = Socket{address, 90};
    EXPECT_EQ(other.open(call), "error: connection illegal for this process");
  }
}

TEST(OpenCall, PassiveLeavesWhatThereIsAlone) {
  check({{"CLOSED", "", "LISTEN"},
         {"LISTEN", kExists, "LISTEN"},
         {"SYN-SENT", kExists, "SYN-SENT"},
         {"SYN-RECEIVED", kExists, "SYN-RECEIVED"},
         {"ESTABLISHED", kExists, "ESTABLISHED"},
         {"FIN-WAIT-1", kExists, "FIN-WAIT-1"},
         {"FIN-WAIT-2", kExists, "FIN-WAIT-2"},
         {"CLOSE-WAIT", kExists, "CLOSE-WAIT"},
         {"CLOSING", kExists, "CLOSING"},
         {"LAST-ACK", kExists, "LAST-ACK"},
         {"TIME-WAIT", kExists, "TIME-WAIT"}},
        [](Talk& t) { return t.open_passive(); });
}

TEST(SendCallTable, Send) {
  check({{"CLOSED", kNone, "CLOSED"},
         {"LISTEN", "<SEQ=100><CTL=SYN><MSS=1460>", "SYN-SENT"},
         {"SYN-SENT", "", "SYN-SENT"},
         {"SYN-RECEIVED", "", "SYN-RECEIVED"},
         {"ESTABLISHED", "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>", "ESTABLISHED"},
         {"FIN-WAIT-1", kClosing, "FIN-WAIT-1"},
         {"FIN-WAIT-2", kClosing, "FIN-WAIT-2"},
         {"CLOSE-WAIT", "<SEQ=101><ACK=302><CTL=PSH,ACK><DATA=10>", "CLOSE-WAIT"},
         {"CLOSING", kClosing, "CLOSING"},
         {"LAST-ACK", kClosing, "LAST-ACK"},
         {"TIME-WAIT", kClosing, "TIME-WAIT"}},
        [](Talk& t) { return t.send(10); });
}

TEST(SendCallTable, ListenWithoutRemoteSocket) {
  Talk t;
  t.open_passive(false);
  EXPECT_EQ(t.send(10), "error: remote socket unspecified");
  EXPECT_EQ(t.state(), "LISTEN");
}

TEST(SendCallTable, TextSentInListenArrives) {
  Talk t;
  t.open_passive();
  t.send(10);
  EXPECT_EQ(t.segment("<SEQ=300><ACK=101><CTL=SYN,ACK>"), "[open ok] <SEQ=101><ACK=301><CTL=PSH,ACK><DATA=10>");
}

TEST(SendCallTable, InsufficientResources) {
  Config config = host_config();
  config.send_buffer = 1000;
  Talk t(config);
  t.open_active();
  EXPECT_EQ(t.send(600), "");
  EXPECT_EQ(t.send(401), "error: insufficient resources");
  EXPECT_EQ(t.send(400), "");
  EXPECT_EQ(t.send(1), "error: insufficient resources");
}

TEST(ReceiveCall, WithNothingOnHand) {
  check({{"CLOSED", kNone, "CLOSED"},
         {"LISTEN", "queued", "LISTEN"},
         {"SYN-SENT", "queued", "SYN-SENT"},
         {"SYN-RECEIVED", "queued", "SYN-RECEIVED"},
         {"ESTABLISHED", "queued", "ESTABLISHED"},
         {"FIN-WAIT-1", "queued", "FIN-WAIT-1"},
         {"FIN-WAIT-2", "queued", "FIN-WAIT-2"},
         {"CLOSE-WAIT", kClosing, "CLOSE-WAIT"},
         {"CLOSING", kClosing, "CLOSING"},
         {"LAST-ACK", kClosing, "LAST-ACK"},
         {"TIME-WAIT", kClosing, "TIME-WAIT"}},
        [](Talk& t) { return t.receive(10); });
}

TEST(ReceiveCall, TooManyQueued) {
  Config config = host_config();
  config.max_queued_receives = 2;
  Talk t(config);
  t.establish();
  EXPECT_EQ(t.receive(10), "queued");
  EXPECT_EQ(t.receive(10), "queued");
  EXPECT_EQ(t.receive(10), "error: insufficient resources");
  EXPECT_EQ(t.segment("<SEQ=301><ACK=101><CTL=ACK><DATA=15>"), "[received 10] [received 5]");
}

TEST(ReceiveCall, TextOnHandOutlivesTheConnectionsClose) {
  Talk t;
  t.establish();
  t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK><DATA=20>");
  EXPECT_EQ(t.receive(5), "received 5");
  t.close();
  EXPECT_EQ(t.state(), "LAST-ACK");
  EXPECT_EQ(t.receive(50), "received 15");
  EXPECT_EQ(t.receive(50), kClosing);
}

TEST(CloseCall, InEveryState) {
  check({{"CLOSED", kNone, "CLOSED"},
         {"LISTEN", "", "CLOSED"},
         {"SYN-SENT", "", "CLOSED"},
         {"SYN-RECEIVED", "<SEQ=101><ACK=301><CTL=FIN,ACK>", "FIN-WAIT-1"},
         {"ESTABLISHED", "<SEQ=101><ACK=301><CTL=FIN,ACK>", "FIN-WAIT-1"},
         {"FIN-WAIT-1", kClosing, "FIN-WAIT-1"},
         {"FIN-WAIT-2", kClosing, "FIN-WAIT-2"},
         {"CLOSE-WAIT", "<SEQ=101><ACK=302><CTL=FIN,ACK>", "LAST-ACK"},
         {"CLOSING", kClosing, "CLOSING"},
         {"LAST-ACK", kClosing, "LAST-ACK"},
         {"TIME-WAIT", kClosing, "TIME-WAIT"}},
        [](Talk& t) { return t.close(); });
}

TEST(CloseCall, ReturnsQueuedReceives) {
  for (const std::string_view state : {"LISTEN", "SYN-SENT"}) {
    Talk t;
    lead_to(t, state);
    EXPECT_EQ(t.receive(10), "queued");
    EXPECT_EQ(t.close(), "[error: connection closing]") << state;
  }
}

TEST(CloseCall, WaitsInCloseWaitUntilTheTextHasGone) {
  Talk t;
  t.establish("<WND=65535><MSS=500>", "<WND=500>");
  t.segment("<SEQ=301><ACK=101><CTL=FIN,ACK><WND=500>");
  EXPECT_EQ(t.send(800), "<SEQ=101><ACK=302><CTL=ACK><DATA=500>");
  EXPECT_EQ(t.close(), "");
  EXPECT_EQ(t.state(), "CLOSE-WAIT");
  EXPECT_EQ(t.close(), kClosing);
  EXPECT_EQ(t.send(1), kClosing);
  EXPECT_EQ(t.segment("<SEQ=302><ACK=601><CTL=ACK><WND=500>"), "<SEQ=601><ACK=302><CTL=FIN,PSH,ACK><DATA=300>");
  EXPECT_EQ(t.state(), "LAST-ACK");
}

TEST(AbortCall, InEveryState) {
  check({{"CLOSED", kNone, "CLOSED"},
         {"LISTEN", "", "CLOSED"},
         {"SYN-SENT", "", "CLOSED"},
         {"SYN-RECEIVED", "<SEQ=101><CTL=RST>", "CLOSED"},
         {"ESTABLISHED", "<SEQ=101><CTL=RST>", "CLOSED"},
         {"FIN-WAIT-1", "<SEQ=102><CTL=RST>", "CLOSED"},
         {"FIN-WAIT-2", "<SEQ=102><CTL=RST>", "CLOSED"},
         {"CLOSE-WAIT", "<SEQ=101><CTL=RST>", "CLOSED"},
         {"CLOSING", "", "CLOSED"},
         {"LAST-ACK", "", "CLOSED"},
         {"TIME-WAIT", "", "CLOSED"}},
        [](Talk& t) { return t.abort(); });
}

TEST(AbortCall, ResetsQueuedReceivesAndFlushes) {
  Talk t;
  t.establish();
  t.receive(10);
  t.send(10);
  t.send(10);
  EXPECT_EQ(t.abort(), "<SEQ=111><CTL=RST> [error: connection reset]");
  EXPECT_EQ(t.wait(1h), "");
}

TEST(StatusCall, InEveryState) {
  for (const wire::State state : wire::kAllStates) {
    Talk t;
    lead_to(t, wire::to_string(state));
    const Reply reply = t.stack.status(t.id);
    if (state == wire::State::Closed) {
      EXPECT_EQ(reply.answer, Answer::ConnectionDoesNotExist);
    } else {
      EXPECT_EQ(reply.answer, Answer::Ok);
      EXPECT_EQ(reply.state, state);
    }
  }
}

}  // namespace
}  // namespace tcp::testing
