// Comma-separated tables by RFC 4180, streamed from a file or over a text in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/files/gzip.hpp"
#include "basket/files/refusal.hpp"

namespace basket::files {

/// A column of a table, found once by name and then used for every row.
class csv_column {
 public:
  [[nodiscard]] std::size_t index() const noexcept { return index_; }

 private:
  friend class csv_reader;
  explicit csv_column(std::size_t index) noexcept : index_(index) {}
  std::size_t index_;
};

/// One row: as many fields as the header has, quotes removed. Valid until its reader reads on.
class csv_row {
 public:
  [[nodiscard]] std::string_view operator[](csv_column column) const noexcept { return fields_[column.index()]; }
  [[nodiscard]] std::span<const std::string_view> fields() const noexcept { return fields_; }
  /// The line in the file on which the row begins, counted from 1; line breaks inside quotes count.
  [[nodiscard]] std::size_t line() const noexcept { return line_; }
  [[nodiscard]] const std::string& source() const noexcept { return *source_; }

  /// Throws the refusal of this row for what stands in `column`; `kind` is the reason without the value.
  [[noreturn]] void refuse(csv_column column, std::string kind) const {
    throw refused_row(*source_, line_, (*header_)[column.index()], std::move(kind), (*this)[column]);
  }

 private:
  friend class csv_reader;
  csv_row(std::span<const std::string_view> fields, std::size_t line, const std::vector<std::string>& header,
          const std::string& source) noexcept
      : fields_(fields), line_(line), header_(&header), source_(&source) {}

  std::span<const std::string_view> fields_;
  std::size_t line_;
  const std::vector<std::string>* header_;
  const std::string* source_;
};

/// Reads a table with a header row by RFC 4180: quoted fields may hold commas, line breaks and doubled quotes; lines
/// end in LF or CRLF, the last one in either or nothing; a UTF-8 byte order mark is skipped, and so are empty lines in
/// tables of more than one column.
///
///     files::csv_reader in("prices.csv.gz");
///     const auto close = in.column("close");
///     while (const auto row = in.next()) use((*row)[close], row->line());
///
/// Fails: data_error(file, line, field, reason) for an empty file, a column named twice, a quote that is not closed or
///        stands inside an unquoted field, text behind a closing quote, a carriage return alone; refused_row for a row
///        with more or fewer fields than the header, after which reading may go on.
/// Cost:  one pass, no allocation a row; memory for a buffer and the longest row.
class csv_reader {
 public:
  /// Streams from a file, plain or gzip.
  explicit csv_reader(const std::filesystem::path& file) : file_(input_file(file)), source_(file_->name()) {
    buffer_.resize(chunk_bytes);
    begin();
  }
  /// Reads a text in memory; `source` names it in refusals.
  csv_reader(std::string text, std::string source) : source_(std::move(source)), buffer_(std::move(text)) {
    end_ = buffer_.size();
    at_end_ = true;
    begin();
  }
  csv_reader(const csv_reader&) = delete;
  csv_reader& operator=(const csv_reader&) = delete;

  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] const std::vector<std::string>& header() const noexcept { return header_; }

  /// The column of that name. Fails: data_error listing the columns that exist.
  [[nodiscard]] csv_column column(std::string_view name) const {
    if (const auto found = find_column(name)) return *found;
    std::string names;
    for (const std::string& n : header_) names += (names.empty() ? "" : ", ") + n;
    throw data_error(source_, 1, std::string(name), "there is no such column; the header has " + names);
  }
  [[nodiscard]] std::optional<csv_column> find_column(std::string_view name) const {
    const auto at = std::find(header_.begin(), header_.end(), name);
    if (at == header_.end()) return std::nullopt;
    return csv_column(static_cast<std::size_t>(at - header_.begin()));
  }

  /// The next row, or nothing at the end.
  [[nodiscard]] std::optional<csv_row> next() {
    while (advance()) {
      if (fields_.size() == 1 && fields_[0].empty() && header_.size() > 1) continue;
      if (fields_.size() != header_.size()) {
        throw refused_row(source_, line_, "", "not as many fields as the header",
                          std::to_string(fields_.size()) + " instead of " + std::to_string(header_.size()));
      }
      return csv_row(fields_, line_, header_, source_);
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t chunk_bytes = std::size_t{1} << 18;
  static constexpr std::size_t longest_row = std::size_t{1} << 26;

  [[noreturn]] void refuse(std::size_t line, std::string reason) {
    at_ = end_;  // where rows begin is no longer known: the reader is at its end
    at_end_ = true;
    throw data_error(source_, line, "", std::move(reason));
  }

  void begin() {
    while (end_ < 3 && refill()) {
    }
    const std::string_view text(buffer_.data(), end_);
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) refuse(0, "the text is UTF-16; UTF-8 is read");
    if (text.starts_with("\xef\xbb\xbf")) at_ = 3;
    if (!advance()) refuse(0, "the file is empty");
    header_.assign(fields_.begin(), fields_.end());
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (header_[i].find('\0') != std::string::npos)
        refuse(1, "the header holds a zero byte: this is not a text file");
      if (std::find(header_.begin(), header_.begin() + static_cast<std::ptrdiff_t>(i), header_[i]) !=
          header_.begin() + static_cast<std::ptrdiff_t>(i)) {
        throw data_error(source_, 1, header_[i], "two columns have this name");
      }
    }
  }

  /// Reads more behind what is left; false at the end of the file.
  bool refill() {
    if (at_end_) return false;
    std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
    end_ -= at_;
    at_ = 0;
    if (end_ > longest_row) {
      refuse(next_line_, "the row that begins here is longer than " + std::to_string(longest_row) + " bytes");
    }
    if (2 * end_ >= buffer_.size()) buffer_.resize(2 * buffer_.size());
    const std::size_t got = file_->read(std::span(buffer_).subspan(end_));
    end_ += got;
    at_end_ = got == 0;
    return got != 0;
  }

  /// Moves to the next row; false at the end.
  bool advance() {
    for (;;) {
      if (at_ == end_ && !refill()) return false;
      if (scan()) return true;
      refill();
    }
  }

  /// Splits the row that begins at `at_`; false when the buffer ends before the row does.
  bool scan() {
    fields_.clear();
    doubled_.clear();
    line_ = next_line_;
    std::size_t line = next_line_;
    const char* p = buffer_.data() + at_;
    const char* const end = buffer_.data() + end_;
    for (;;) {
      if (p != end && *p == '"') {
        const char* const open = ++p;
        bool doubled = false;
        for (;;) {
          p = static_cast<const char*>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
          if (p == nullptr) {
            if (!at_end_) return false;
            refuse(line, "a quote opens here and is not closed");
          }
          if (p + 1 == end || p[1] != '"') break;  // at the end of the buffer, the row is not complete either
          doubled = true;
          p += 2;
        }
        if (doubled) doubled_.push_back(fields_.size());
        fields_.emplace_back(open, static_cast<std::size_t>(p - open));
        line += static_cast<std::size_t>(std::count(open, p, '\n'));
        ++p;
        if (p != end && *p != ',' && *p != '\n' && *p != '\r') refuse(line, "there is text behind a closing quote");
      } else {
        const char* const open = p;
        // Letters, digits and most else lie above the comma, so one comparison passes over them.
        while (p != end &&
               (static_cast<unsigned char>(*p) > ',' || (*p != ',' && *p != '\n' && *p != '\r' && *p != '"'))) {
          ++p;
        }
        if (p != end && *p == '"') refuse(line, "there is a quote inside an unquoted field");
        fields_.emplace_back(open, static_cast<std::size_t>(p - open));
      }
      if (p != end && *p == ',') {
        ++p;
        continue;
      }
      if (p != end && *p == '\r') {
        if (p + 1 == end && !at_end_) return false;
        if (p + 1 == end || p[1] != '\n') refuse(line, "a carriage return stands without its line feed");
        ++p;
      }
      if (p == end && !at_end_) return false;
      break;
    }
    if (p != end) ++p;
    at_ = static_cast<std::size_t>(p - buffer_.data());
    next_line_ = line + 1;
    for (const std::size_t i : doubled_) undouble(fields_[i]);
    return true;
  }

  /// Replaces doubled quotes by single ones, in the buffer itself.
  void undouble(std::string_view& field) {
    char* const first = buffer_.data() + (field.data() - buffer_.data());
    char* to = first;
    for (std::size_t i = 0; i < field.size(); ++i) {
      *to++ = field[i];
      if (field[i] == '"') ++i;
    }
    field = std::string_view(first, static_cast<std::size_t>(to - first));
  }

  std::optional<input_file> file_;
  std::string source_;
  std::string buffer_;
  std::size_t at_ = 0, end_ = 0;
  bool at_end_ = false;
  std::size_t line_ = 0, next_line_ = 1;
  std::vector<std::string> header_;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> doubled_;
};

/// Gives every remaining row to `body`; what it or the reader refuses is raised, or counted in `refused`.
///
/// Fails: whatever `body` and the reader throw, except a refused_row under skip_and_count.
template <class Body>
void for_each_row(csv_reader& in, on_bad_row policy, refusals& refused, const Body& body) {
  bool more = true;
  while (more) {
    accept(policy, refused, [&] {
      const std::optional<csv_row> row = in.next();
      more = row.has_value();
      if (more) body(*row);
    });
  }
}

}  // namespace basket::files
