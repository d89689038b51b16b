#include "fuzz/sequence/binary.h"

#include <algorithm>
#include <array>

namespace conform::fuzz {

namespace {

constexpr std::uint8_t kSeqBit = 0x04, kAckBit = 0x08, kWndBit = 0x10, kDataBit = 0x20, kOptionsBit = 0x40,
                       kExtrasBit = 0x80;
constexpr std::uint8_t kTimeoutBit = 0x20, kFirstBit = 0x40, kSecondBit = 0x80;
constexpr std::uint8_t kUpBit = 0x80;
constexpr std::uint32_t kFarOffset = 15;

constexpr std::uint32_t zigzag(std::int32_t value) {
  return (static_cast<std::uint32_t>(value) << 1) ^ static_cast<std::uint32_t>(value >> 31);
}
constexpr std::int32_t from_zigzag(std::uint32_t value) {
  return static_cast<std::int32_t>((value >> 1) ^ (0u - (value & 1)));
}

// The octets of one event.
class Writer {
 public:
  explicit Writer(const Event& event) {
    switch (event.kind) {
      case Event::Kind::Segment: segment(event.segment); break;
      case Event::Kind::Call: call(event.call); break;
      case Event::Kind::Wait:
        octet(kind(event.kind));
        varint(event.wait.ms);
        break;
      case Event::Kind::Peer:
        octet(kind(event.kind) | static_cast<unsigned>(event.peer.what) << 2 | event.peer.which << 4);
        break;
    }
  }
  std::span<const std::uint8_t> octets() const { return {octets_.data(), size_}; }

 private:
  static unsigned kind(Event::Kind kind) { return static_cast<unsigned>(kind); }

  void octet(unsigned value) { octets_[size_++] = static_cast<std::uint8_t>(value); }
  void varint(std::uint32_t value) {
    for (; value >= 0x80; value >>= 7) octet(value | 0x80);
    octet(value);
  }
  void number(const Number& number) {
    const std::uint32_t offset = zigzag(number.offset);
    octet(static_cast<unsigned>(number.base) | std::min(offset, kFarOffset) << 4);
    if (offset >= kFarOffset) varint(offset);
  }

  void segment(const SegmentEvent& segment) {
    const SegmentEvent usual;
    const bool seq = segment.seq != usual.seq, ack = segment.ack != usual.ack, wnd = !segment.keeps_window;
    const bool data = segment.data != 0, options = !segment.options.empty();
    const unsigned extras =
        segment.reserved | static_cast<unsigned>(segment.damage) << 4 | (segment.up != 0 ? kUpBit : 0u);
    octet(kind(Event::Kind::Segment) | (seq ? kSeqBit : 0u) | (ack ? kAckBit : 0u) | (wnd ? kWndBit : 0u) |
          (data ? kDataBit : 0u) | (options ? kOptionsBit : 0u) | (extras != 0 ? kExtrasBit : 0u));
    octet(segment.ctl);
    if (seq) number(segment.seq);
    if (ack) number(segment.ack);
    if (wnd) varint(segment.wnd);
    if (data) varint(segment.data);
    if (options) {
      octet(static_cast<unsigned>(segment.options.size()));
      for (std::uint8_t one : segment.options) octet(one);
    }
    if (extras != 0) octet(extras);
    if (segment.up != 0) varint(segment.up);
  }

  void call(const CallEvent& call) {
    const bool open = call.verb == Verb::Open;
    // OPEN active names the remote socket, OPEN passive does not, unless it is said.
    const bool first = open ? call.active : call.push;
    const bool second = open ? call.remote_specified != call.active : call.urgent;
    octet(kind(Event::Kind::Call) | static_cast<unsigned>(call.verb) << 2 | (call.timeout_ms != 0 ? kTimeoutBit : 0u) |
          (first ? kFirstBit : 0u) | (second ? kSecondBit : 0u));
    if (call.verb == Verb::Send || call.verb == Verb::Receive) varint(call.length);
    if (call.timeout_ms != 0) varint(call.timeout_ms);
  }

  std::array<std::uint8_t, kMaxEncodedEvent> octets_;
  std::size_t size_ = 0;
};

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> octets) : octets_(octets) { octet(); }

  bool more() const { return at_ < octets_.size(); }

  Event event() {
    const std::uint8_t head = octet();
    Event event;
    event.kind = static_cast<Event::Kind>(head & 3);
    switch (event.kind) {
      case Event::Kind::Segment: event.segment = segment(head); break;
      case Event::Kind::Call: event.call = call(head); break;
      case Event::Kind::Wait: event.wait.ms = varint(); break;
      case Event::Kind::Peer:
        event.peer = {static_cast<spec::PeerStep::What>(head >> 2 & 3), static_cast<std::uint8_t>(head >> 4 & 7)};
        break;
    }
    return in_range(event);
  }

 private:
  std::uint8_t octet() { return more() ? octets_[at_++] : std::uint8_t{0}; }
  std::uint32_t varint() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::uint32_t next = octet();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) break;
    }
    return value;
  }
  std::uint16_t short_varint() { return static_cast<std::uint16_t>(varint()); }
  Number number() {
    const std::uint8_t head = octet();
    const std::uint32_t offset = head >> 4;
    return {static_cast<Base>(head & 0x0f), from_zigzag(offset == kFarOffset ? varint() : offset)};
  }

  SegmentEvent segment(std::uint8_t head) {
    SegmentEvent made;
    made.ctl = octet();
    if (head & kSeqBit) made.seq = number();
    if (head & kAckBit) made.ack = number();
    made.keeps_window = !(head & kWndBit);
    if (head & kWndBit) made.wnd = short_varint();
    if (head & kDataBit) made.data = short_varint();
    if (head & kOptionsBit) {
      for (std::size_t left = octet() % (wire::Options::kMaxSize + 1); left > 0 && more(); --left)
        made.options.push_back(octet());
    }
    if (head & kExtrasBit) {
      const std::uint8_t extras = octet();
      made.reserved = extras & 0x0f;
      made.damage = static_cast<spec::Damage>(extras >> 4 & 7);
      if (extras & kUpBit) made.up = short_varint();
    }
    return made;
  }

  CallEvent call(std::uint8_t head) {
    CallEvent made;
    made.verb = static_cast<Verb>((head >> 2 & 7) % kVerbs);
    const bool first = head & kFirstBit, second = head & kSecondBit;
    if (made.verb == Verb::Open) {
      made.active = first;
      made.remote_specified = second != first;
    }
    made.push = first;
    made.urgent = second;
    if (made.verb == Verb::Send || made.verb == Verb::Receive) made.length = short_varint();
    if ((head & kTimeoutBit) && (made.verb == Verb::Open || made.verb == Verb::Send)) made.timeout_ms = varint();
    return made;
  }

  std::span<const std::uint8_t> octets_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::uint8_t> encode(const Sequence& sequence) {
  std::vector<std::uint8_t> octets;
  octets.reserve(16 + sequence.size() * 12);
  octets.push_back(kBinaryVersion);
  for (const Event& event : sequence) {
    const Writer writer(event);
    octets.insert(octets.end(), writer.octets().begin(), writer.octets().end());
  }
  return octets;
}

std::size_t encode_into(const Sequence& sequence, std::span<std::uint8_t> buffer) {
  if (buffer.empty()) return 0;
  std::size_t size = 0;
  buffer[size++] = kBinaryVersion;
  for (const Event& event : sequence) {
    const Writer writer(event);
    if (writer.octets().size() > buffer.size() - size) break;
    std::copy(writer.octets().begin(), writer.octets().end(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
    size += writer.octets().size();
  }
  return size;
}

Sequence decode(std::span<const std::uint8_t> octets) {
  Sequence sequence;
  decode_into(octets, sequence);
  return sequence;
}

void decode_into(std::span<const std::uint8_t> octets, Sequence& sequence) {
  sequence.clear();
  sequence.reserve(std::min(octets.size() / 2, kMaxEvents));
  Reader reader(octets);
  while (reader.more() && sequence.size() < kMaxEvents) sequence.push_back(reader.event());
}

}  // namespace conform::fuzz
