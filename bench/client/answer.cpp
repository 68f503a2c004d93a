#include "answer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace bench {

namespace {

bool number(const std::string& text, double& value) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end;
}

bool same_field(const std::string& a, const std::string& b) {
    double x = 0;
    double y = 0;
    if (a == b) return true;
    if (!number(a, x) || !number(b, y)) return false;
    return std::fabs(x - y) <= 1e-12 * std::max(std::fabs(x), std::fabs(y));
}

}  // namespace

bool same(const Answer& a, const Answer& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Row& x, const Row& y) {
        return std::equal(x.begin(), x.end(), y.begin(), y.end(), same_field);
    });
}

std::string excerpt(const Answer& answer) {
    std::string text = std::to_string(answer.size()) + " rows";
    for (std::size_t i = 0; i < answer.size() && i < 3; ++i) {
        text += i == 0 ? ": " : "; ";
        for (const std::string& field : answer[i]) text += field + " ";
    }
    return text;
}

}  // namespace bench
