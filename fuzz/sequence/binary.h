// Binary owns the compact form of a sequence, in which fuzzers keep and mutate it: any octets are a sequence.
//
// The first octet is the version, 1; others are read as 1. Then events follow until the octets or kMaxEvents end. An
// event begins with an octet whose low two bits are its kind, and of which the others say what follows. Numbers are
// varints (seven bits an octet, the least significant first), signed ones zigzag. Octets that are missing at the end
// are read as 0.
//
//   segment  bit 2 SEQ, 3 ACK, 4 WND, 5 DATA, 6 options, 7 extras: those that differ from their defaults. Then the
//   control
//            bits; SEQ and ACK (base in the low nibble; in the high one -7..7 as zigzag, or 15: the offset follows);
//            WND; DATA; the number of octets of options, and these; extras (bits 0-3 reserved, 4-6 damage, 7: UP
//            follows).
//   call     bits 2-4 verb. OPEN: bit 5 timeout follows, 6 active, 7 remote socket (un)specified against what is usual.
//            SEND: bit 5 timeout follows, 6 push, 7 urgent; the length. RECEIVE: the length.
//   wait     ms
//   peer     bits 2-3 what, 4-6 which
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/sequence/sequence.h"

namespace conform::fuzz {

inline constexpr std::uint8_t kBinaryVersion = 1;
inline constexpr std::size_t kMaxEncodedEvent = 72;  // octets
inline constexpr std::size_t kMaxEncoded = 1 + kMaxEvents * kMaxEncodedEvent;

// The one canonical form of a sequence that is in range: decode(encode(s)) is s.
std::vector<std::uint8_t> encode(const Sequence& sequence);
// The same into a buffer that is there already, as libFuzzer's custom mutators are given one. Gives the number of
// octets written: whole events only, as many as have room.
std::size_t encode_into(const Sequence& sequence, std::span<std::uint8_t> buffer);

// What any octets say; always in range. encode(decode(b)) is canonical: encoding what it decodes to gives it again.
Sequence decode(std::span<const std::uint8_t> octets);
// The same into a sequence whose memory is used again, for the fuzzers' loops; what it held is gone.
void decode_into(std::span<const std::uint8_t> octets, Sequence& sequence);

}  // namespace conform::fuzz
