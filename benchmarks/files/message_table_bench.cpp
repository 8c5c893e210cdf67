// Reading messages from files: the table of one's own, and recordings of order books.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "basket/files/clob_recording.hpp"
#include "basket/files/message_table.hpp"
#include "basket/source/synthetic_stream.hpp"

namespace {

using namespace basket;

/// A folder that goes with the program.
struct scratch {
  std::filesystem::path path = {};
  scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "basket-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path = name;
  }
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

template <class Source>
std::size_t drained(Source& in) {
  std::vector<message> room(1'024);
  std::size_t all = 0;
  for (std::size_t n = in.next(room); n > 0; n = in.next(room)) all += n;
  return all;
}

void own_table(benchmark::State& state) {
  static const scratch folder;
  const auto place = folder.path / std::to_string(state.range(0));
  if (!std::filesystem::exists(place)) {
    source::synthetic_stream stream({.seed = 1, .messages = static_cast<std::size_t>(state.range(0))});
    files::write_messages(stream, place);
  }
  std::size_t messages = 0;
  for (auto _ : state) {
    files::message_folder in(place);
    messages = drained(in);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(std::filesystem::file_size(place / "messages.csv")));
}

void book_recording(benchmark::State& state) {
  std::string text = "ts_ms,event,asset,side,price,size,hash\n1750205358000,B,0,b,0.4,100,x\n";
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    text += std::to_string(1'750'205'358'000 + i) + ",P," + std::to_string(i % 2) + "," + (i % 3 == 0 ? "b" : "a") +
            ",0." + std::to_string(10 + i % 80) + "," + std::to_string(100 + i % 9'000) + ".5,\n";
  }
  for (auto _ : state) {
    files::clob_recording in(text, "recording");
    benchmark::DoNotOptimize(drained(in));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

BENCHMARK(own_table)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(book_recording)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
