#include "basket/files/output.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "files/temporary_folder.hpp"

namespace basket_test::files_output {

using namespace basket;
namespace fs = std::filesystem;

/// Every name below a folder with its bytes, sorted: "a.txt=old".
std::vector<std::string> content(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder).string();
    out.push_back(entry.is_directory() ? name + "/" : name + "=" + bytes_of(entry.path()));
  }
  std::sort(out.begin(), out.end());
  return out;
}
using names = std::vector<std::string>;

TEST_CASE("output: files appear at the commit, all of them, and nothing else stays") {
  const temporary_folder folder;
  folder.file("a.txt", "old");
  folder.file("other.txt", "untouched");
  {
    files::output_folder out(folder.path());
    out.add("a.txt", "new");
    out.add("empty.txt", "");
    const fs::path chart = out.reserve("chart.png");
    folder.file(fs::relative(chart, folder.path()).string(), "picture");
    CHECK(bytes_of(folder.path() / "a.txt") == "old");
    CHECK_FALSE(fs::exists(folder.path() / "chart.png"));
    out.commit();
    CHECK_THROWS_AS(out.commit(), precondition_error);
    CHECK_THROWS_AS(out.add("late.txt", ""), precondition_error);
  }
  CHECK(content(folder.path()) == names{"a.txt=new", "chart.png=picture", "empty.txt=", "other.txt=untouched"});
}

TEST_CASE("output: without a commit the folder is as it was, and a folder made for it is gone") {
  const temporary_folder folder;
  folder.file("a.txt", "old");
  {
    files::output_folder out(folder.path());
    out.add("a.txt", "new");
    out.add("b.txt", "new");
  }
  CHECK(content(folder.path()) == names{"a.txt=old"});
  {
    files::output_folder out(folder.path() / "x/y/z");
    out.add("a.txt", "new");
    CHECK(fs::is_directory(folder.path() / "x/y/z"));
  }
  CHECK(content(folder.path()) == names{"a.txt=old"});
  {
    files::output_folder out(folder.path() / "x/y/");
    out.add("a.txt", "new");
    out.commit();
  }
  CHECK(content(folder.path()) == names{"a.txt=old", "x/", "x/y/", "x/y/a.txt=new"});
}

TEST_CASE("output: a commit that fails leaves every older file") {
  const temporary_folder folder;
  const std::string long_name(250, 'n');  // too long to be kept aside: fails after a.txt was replaced
  folder.file("a.txt", "old");
  folder.file(long_name, "old");
  {
    files::output_folder out(folder.path());
    out.add("a.txt", "new");
    out.add("b.txt", "new");
    out.add(long_name, "new");
    CHECK(sentence<data_error>([&] { out.commit(); }) ==
          (folder.path() / long_name).string() + ": cannot be kept aside: File name too long");
  }
  CHECK(content(folder.path()) == names{"a.txt=old", long_name + "=old"});
  {
    files::output_folder out(folder.path());
    out.add("a.txt", "new");
    (void)out.reserve("chart.png");
    CHECK(sentence<data_error>([&] { out.commit(); }) ==
          (folder.path() / "chart.png").string() + ": was not written: No such file or directory");
  }
  fs::create_directory(folder.path() / "taken");
  {
    files::output_folder out(folder.path());
    out.add("a.txt", "new");
    out.add("taken", "new");
    CHECK(sentence<data_error>([&] { out.commit(); }) == (folder.path() / "taken").string() + ": is a folder");
  }
  {
    files::output_folder out(folder.path());
    out.add("a.txt", "new");
    fs::create_directory(out.reserve("b"));
    CHECK(sentence<data_error>([&] { out.commit(); }) ==
          (folder.path() / "b").string() + ": was not written as a file");
  }
  CHECK(content(folder.path()) == names{"a.txt=old", long_name + "=old", "taken/"});
}

TEST_CASE("output: a disk that takes no more is a refusal, not half a file") {
  const temporary_folder folder;
  folder.file("a.txt", "old");
  rlimit before = {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  struct sigaction ignore = {}, handler = {};
  ignore.sa_handler = SIG_IGN;
  REQUIRE(::sigaction(SIGXFSZ, &ignore, &handler) == 0);
  const rlimit small = {4096, before.rlim_max};
  std::string said;
  {
    files::output_folder out(folder.path());
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    said = sentence<data_error>([&] { out.add("a.txt", std::string(100'000, 'x')); });
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  }
  REQUIRE(::sigaction(SIGXFSZ, &handler, nullptr) == 0);
  CHECK(said.ends_with("a.txt: cannot be written: File too large"));
  CHECK(content(folder.path()) == names{"a.txt=old"});
}

TEST_CASE("output: what is no folder to write into has its sentence at once") {
  const temporary_folder folder;
  const fs::path file = folder.file("file", "x");
  const auto refusal = [](const fs::path& path) {
    std::string text = sentence<data_error>([&] { files::output_folder out(path); });
    if (!path.empty() && text.starts_with(path.string())) text.replace(0, path.string().size(), "FOLDER");
    return text;
  };
  CHECK(refusal(file) == "FOLDER: this is not a folder");
  CHECK(refusal(file / "below") == "FOLDER: cannot be made: Not a directory");
  CHECK(refusal("/proc/basket/out").starts_with("FOLDER: cannot be made: "));
  CHECK(refusal("") == "the output folder: has an empty name");
  CHECK(refusal(folder.path() / std::string(300, 'n')) == "FOLDER: File name too long");
  CHECK(content(folder.path()) == names{"file=x"});
}

TEST_CASE("output: one program at a time; what a killed one left is cleared away") {
  const temporary_folder folder;
  fs::create_directory(folder.path() / ".partial");
  folder.file(".partial/nav.csv", "half a fi");
  files::output_folder first(folder.path());
  CHECK(content(folder.path()) == names{".partial/"});
  first.add("a.txt", "1");
  CHECK(sentence<data_error>([&] { files::output_folder second(folder.path()); }) ==
        folder.path().string() + ": another program is writing into this folder");
  first.commit();
  CHECK(bytes_of(folder.path() / "a.txt") == "1");
}

TEST_CASE("output: names are plain file names, each once") {
  const temporary_folder folder;
  files::output_folder out(folder.path());
  for (const std::string name : {"", ".hidden", "a/b", "../up", "/etc/x", ".."}) {
    CHECK(sentence<precondition_error>([&] { (void)out.reserve(name); }) == "'" + name + "' is not a plain file name");
  }
  out.add("a", "1");
  CHECK(sentence<precondition_error>([&] { out.add("a", "2"); }) == "the file a was added twice");
}

}  // namespace basket_test::files_output
