// Damage owns how a whole and right datagram is spoilt on purpose: exactly what was asked for, and nothing else, so
// that a target's answer can be laid to it.
#pragma once

#include "harness/spec/template.h"
#include "harness/target/target.h"
#include "stack/wire/segment.h"

namespace conform::packet {

// A list of options whose last one is damaged: a well-formed beginning of `options`, then an experimental option
// (kind 253, RFC 4727) that says length 0 (OptionLength) or more octets than are left (OptionOverrun). Without either
// damage, `options` as they are.
wire::Options damaged_options(const wire::Options& options, spec::Damage damage);

// Spoils a datagram made of an IP header without options and one TCP segment of `tcp_length` octets at its end. All
// lengths and checksums but the damaged thing are right afterwards. OptionLength and OptionOverrun change nothing
// here: they are in the options. See the values of spec::Damage for what each does; besides:
// - OffsetShort is 4;
// - OffsetLong is 15, and a segment of 60 octets or more loses text so that 15 is beyond its end;
// - Truncated leaves 18 octets, whose checksum is right, so that nothing but the length tells;
// - Security adds option 130 (RFC 791 3.1: secret) to IPv4, a CALIPSO option (RFC 5570) to IPv6.
Datagram damaged(Datagram datagram, std::size_t tcp_length, Family family, spec::Damage damage);

// Writes right lengths and checksums into the IP header and the TCP segment, which is the last `tcp_length` octets.
// A TCP segment of fewer than 18 octets has no checksum.
void mend(Datagram& datagram, std::size_t tcp_length, Family family);

}  // namespace conform::packet
