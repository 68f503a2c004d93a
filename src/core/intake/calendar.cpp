#include "core/intake/calendar.hpp"

namespace ea::core {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kLastYear = 294'276;   // of the server's calendar

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool done() const { return at_ == text_.size(); }
  bool skip(char c) {
    if (done() || text_[at_] != c) return false;
    at_++;
    return true;
  }
  bool digit() const { return !done() && text_[at_] >= '0' && text_[at_] <= '9'; }
  // A number of `least` to `most` digits.
  bool number(int least, int most, std::int64_t* value) {
    int digits = 0;
    for (*value = 0; digits < most && digit(); digits++) *value = *value * 10 + take_digit();
    return digits >= least && !digit();
  }
  std::int64_t take_digit() { return text_[at_++] - '0'; }
  bool two(std::int64_t max, std::int64_t* value) {
    std::int64_t tens = 0;
    for (int i = 0; i < 2; i++) {
      if (!digit()) return false;
      tens = tens * 10 + take_digit();
    }
    *value = tens;
    return tens <= max;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// Days from 2000-01-01 to the first of January of a year.
std::int64_t days_before(std::int64_t year) {
  const std::int64_t past = year - 1;   // whole years since year 1
  return past * 365 + past / 4 - past / 100 + past / 400 - 730'119;
}

bool read_date(Scanner& in, std::int64_t* days) {
  constexpr int kLength[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::int64_t year, month, day;
  if (!in.number(4, 6, &year) || year < 1 || year > kLastYear) return false;
  if (!in.skip('-') || !in.two(12, &month) || month < 1) return false;
  if (!in.skip('-') || !in.two(31, &day) || day < 1) return false;
  if (day > kLength[month - 1] + (month == 2 && leap(year))) return false;
  *days = days_before(year) + day - 1;
  for (int m = 1; m < month; m++) *days += kLength[m - 1] + (m == 2 && leap(year));
  return true;
}

bool read_fraction(Scanner& in, std::int64_t* microseconds) {
  *microseconds = 0;
  bool rounded = false;
  if (!in.digit()) return false;
  // Six digits count, the seventh rounds, the rest is ignored.
  for (std::int64_t unit = kSecond / 10; in.digit(); unit /= 10) {
    const std::int64_t digit = in.take_digit();
    if (unit > 0)
      *microseconds += digit * unit;
    else if (!rounded)
      *microseconds += digit >= 5;
    rounded = unit == 0;
  }
  return true;
}

bool read_offset(Scanner& in, std::int64_t* offset) {
  *offset = 0;
  if (in.done() || in.skip('Z') || in.skip('z')) return in.done();
  const bool west = in.skip('-');
  if (!west && !in.skip('+')) return false;
  std::int64_t hours, minutes = 0, seconds = 0;
  if (!in.two(15, &hours)) return false;
  if (!in.done()) {
    const bool colon = in.skip(':');
    if (!in.two(59, &minutes)) return false;
    if (colon && in.skip(':') && !in.two(59, &seconds)) return false;
  }
  *offset = (hours * kHour + minutes * kMinute + seconds * kSecond) * (west ? -1 : 1);
  return in.done();
}

}  // namespace

bool read_iso_time(std::string_view text, std::int64_t* microseconds) {
  Scanner in(text);
  std::int64_t days, hours, minutes, seconds = 0, fraction = 0, offset;
  if (!read_date(in, &days)) return false;
  if (!in.skip('T') && !in.skip('t') && !in.skip(' ')) return false;
  if (!in.two(23, &hours) || !in.skip(':') || !in.two(59, &minutes)) return false;
  if (in.skip(':')) {
    if (!in.two(59, &seconds)) return false;
    if (in.skip('.') && !read_fraction(in, &fraction)) return false;
  }
  if (!read_offset(in, &offset)) return false;
  const std::int64_t local = days * kDay + hours * kHour + minutes * kMinute + seconds * kSecond + fraction;
  if (__builtin_sub_overflow(local, offset, microseconds)) return false;
  return *microseconds < days_before(kLastYear + 1) * kDay;
}

}  // namespace ea::core
