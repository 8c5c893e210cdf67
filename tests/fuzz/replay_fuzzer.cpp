// libFuzzer target of the message engine: bytes become a hostile stream and a restless strategy (clang only;
// -DBASKET_FUZZERS=ON, then run build/.../replay_fuzzer with a corpus folder for as long as wanted).
#include <cstddef>
#include <cstdint>

#include "support/fuzzed_replay.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)basket_test::fuzz_replay({data, size});
  return 0;
}
