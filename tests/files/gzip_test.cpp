#include "basket/files/gzip.hpp"

#include <doctest/doctest.h>

#include <string>

#include "basket/core/random.hpp"
#include "files/temporary_folder.hpp"

namespace basket_test::files_gzip {

using namespace basket;

std::string refusal(const std::filesystem::path& path) {
  std::string text = sentence<data_error>([&] { (void)files::read_file(path); });
  if (text.starts_with(path.string())) text.replace(0, path.string().size(), "FILE");
  return text;
}

std::string noise(std::size_t bytes) {
  random_stream random(3);
  std::string text;
  while (text.size() < bytes) text += static_cast<char>(random());
  return text;
}

TEST_CASE("gzip: plain and packed files give the same text, whatever they are called") {
  const temporary_folder folder;
  for (const std::string& text :
       {std::string("hello\n"), std::string("x"), noise(700'000), std::string(900'000, 'a')}) {
    CHECK(files::read_file(folder.file("plain.gz", text)) == text);
    CHECK(files::read_file(folder.file("packed.txt", gzipped(text))) == text);
  }
  CHECK(files::input_file(folder.path() / "packed.txt").is_compressed());
  CHECK_FALSE(files::input_file(folder.path() / "plain.gz").is_compressed());
}

TEST_CASE("gzip: several members and zero padding are one text") {
  const temporary_folder folder;
  const std::string a = noise(300'000), b = "tail\n";
  CHECK(files::read_file(folder.file("two.gz", gzipped(a) + gzipped(b))) == a + b);
  CHECK(files::read_file(folder.file("padded.gz", gzipped(b) + std::string(600'000, '\0'))) == b);
  CHECK(files::read_file(folder.file("between.gz", gzipped(b) + std::string(512, '\0') + gzipped(b))) == b + b);
  CHECK(files::read_file(folder.file("hollow.gz", gzipped(b) + gzipped("") + gzipped(b))) == b + b);
}

TEST_CASE("gzip: every prefix of a packed file is refused, and every changed byte of its data is noticed") {
  const temporary_folder folder;
  const std::string packed = gzipped("market_id,date,close\nm,2025-01-01,0.5\n");
  for (std::size_t length = 2; length < packed.size(); ++length) {
    CHECK(refusal(folder.file("cut.gz", packed.substr(0, length))) == "FILE: the gzip data is cut off before its end");
  }
  for (std::size_t at = 10; at < packed.size(); ++at) {  // behind the header, whose time stamp and system are free
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const std::string said = refusal(folder.file("damaged.gz", damaged));
    CHECK_MESSAGE(said.starts_with("FILE: the gzip data is "), said);
  }
  CHECK(refusal(folder.file("crc.gz", packed.substr(0, packed.size() - 8) + std::string(8, 'x'))) ==
        "FILE: the gzip data is damaged (incorrect data check)");
  CHECK(refusal(folder.file("more.gz", packed + "more")) == "FILE: the gzip data is followed by something else");
  CHECK(refusal(folder.file("more.gz", packed + "x")) == "FILE: the gzip data is followed by something else");
}

TEST_CASE("gzip: what is no readable file has its sentence") {
  const temporary_folder folder;
  CHECK(refusal(folder.path() / "absent.csv") == "FILE: there is no such file");
  CHECK(refusal(folder.path()) == "FILE: this is a directory, not a file");
  CHECK(refusal(folder.file("empty", "")) == "FILE: the file is empty");
  CHECK(refusal(folder.file("empty.gz", gzipped(""))) == "FILE: the file is empty");
  CHECK(refusal(folder.file("file", "x") / "below") == "FILE: Not a directory");
  CHECK(sentence<data_error>([&] {
          (void)files::read_file(folder.file("bomb.gz", gzipped(std::string(200'000, ' '))), 100'000);
        }).ends_with("bomb.gz: the text is longer than 100000 bytes"));
  CHECK(files::read_file(folder.file("fits", std::string(100'000, ' ')), 100'000).size() == 100'000);
}

}  // namespace basket_test::files_gzip
