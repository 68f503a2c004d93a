// A buffered file and the few formats the feed is written in.
#pragma once

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace feed {

constexpr std::int64_t second_ms = 1000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;

struct Date {
    int year;
    int month;
    int day;
};

// Days since 1970-01-01 to a date of the proleptic Gregorian calendar.
constexpr Date date_of_days(std::int64_t days) {
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const auto day_of_era = static_cast<unsigned>(days - era * 146097);
    const unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const unsigned day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned shifted = (5 * day_of_year + 2) / 153;
    const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
    return {static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0),
            static_cast<int>(month), static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1)};
}

constexpr std::int64_t days_of_date(Date date) {
    const int year = date.year - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const auto year_of_era = static_cast<unsigned>(year - era * 400);
    const auto month = static_cast<unsigned>(date.month > 2 ? date.month - 3 : date.month + 9);
    const unsigned day_of_year = (153 * month + 2) / 5 + static_cast<unsigned>(date.day) - 1;
    const unsigned day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

// Writes timestamps; neighbours in time share the text of their minute.
class TimeText {
public:
    explicit TimeText(char separator, const char* zone) : separator_(separator), zone_(zone) {}

    std::string_view format(std::int64_t ms) {
        const std::int64_t minute = ms / minute_ms;
        if (minute != minute_) {
            minute_ = minute;
            const Date date = date_of_days(ms / day_ms);
            const auto minute_of_day = static_cast<int>(ms % day_ms / minute_ms);
            std::snprintf(text_, sizeof text_, "%04d-%02d-%02d%c%02d:%02d:00.000%s", date.year,
                          date.month, date.day, separator_, minute_of_day / 60,
                          minute_of_day % 60, zone_);
            length_ = std::strlen(text_);
        }
        const auto rest = static_cast<unsigned>(ms % minute_ms);
        const unsigned seconds = rest / 1000;
        const unsigned thousandths = rest % 1000;
        text_[17] = static_cast<char>('0' + seconds / 10);
        text_[18] = static_cast<char>('0' + seconds % 10);
        text_[20] = static_cast<char>('0' + thousandths / 100);
        text_[21] = static_cast<char>('0' + thousandths / 10 % 10);
        text_[22] = static_cast<char>('0' + thousandths % 10);
        return {text_, length_};
    }

private:
    char separator_;
    const char* zone_;
    std::int64_t minute_ = -1;
    char text_[64] = {};
    std::size_t length_ = 0;
};

class Writer {
public:
    explicit Writer(const std::string& path)
        : path_(path), file_(std::fopen(path.c_str(), "wb")), buffer_(1 << 18) {
        if (!file_) fail("open");
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer() {
        if (file_) std::fclose(file_);
    }

    void close() {
        flush();
        if (std::fclose(file_) != 0) {
            file_ = nullptr;
            fail("close");
        }
        file_ = nullptr;
    }

    Writer& operator<<(std::string_view text) {
        if (text.size() > buffer_.size() - used_) {
            flush();
            if (text.size() > buffer_.size()) buffer_.resize(text.size());
        }
        std::memcpy(buffer_.data() + used_, text.data(), text.size());
        used_ += text.size();
        return *this;
    }
    Writer& operator<<(char c) {
        if (used_ == buffer_.size()) flush();
        buffer_[used_++] = c;
        return *this;
    }
    Writer& operator<<(std::uint64_t number) {
        if (buffer_.size() - used_ < 24) flush();
        char* const at = buffer_.data() + used_;
        used_ += static_cast<std::size_t>(std::to_chars(at, at + 24, number).ptr - at);
        return *this;
    }

    // A CSV field that may hold commas or quotes.
    Writer& quoted(std::string_view text) {
        *this << '"';
        for (const char c : text) {
            if (c == '"') *this << '"';
            *this << c;
        }
        return *this << '"';
    }
    // An id, or nothing: NULL in CSV.
    Writer& id_or_null(std::uint64_t id) { return id ? *this << id : *this; }

private:
    void flush() {
        if (used_ && std::fwrite(buffer_.data(), 1, used_, file_) != used_) fail("write");
        used_ = 0;
    }
    [[noreturn]] void fail(const char* verb) {
        throw std::runtime_error("cannot " + std::string(verb) + " " + path_ + ": " +
                                 std::strerror(errno));
    }

    std::string path_;
    std::FILE* file_;
    std::vector<char> buffer_;
    std::size_t used_ = 0;
};

}  // namespace feed
