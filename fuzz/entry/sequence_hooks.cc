// libFuzzer's hooks by which the fuzzers of sequences mutate events instead of octets. They hand over octets and want
// octets back.
#include <cstddef>
#include <cstdint>

#include "fuzz/mutate/mutate.h"
#include "fuzz/sequence/binary.h"

using namespace conform::fuzz;

namespace {

// libFuzzer has one thread, so their room is used again.
Sequence first, second;

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  decode_into({data, size}, first);
  Random random(seed);
  mutate(first, random);
  return encode_into(first, {data, max_size});
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1, const std::uint8_t* data2,
                                                 std::size_t size2, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  decode_into({data1, size1}, first);
  decode_into({data2, size2}, second);
  Random random(seed);
  return encode_into(cross_over(first, second, random), {out, max_size});
}
