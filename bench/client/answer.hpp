// What a question was answered with, as text, and whether two answers are the same.
#pragma once

#include <string>
#include <vector>

namespace bench {

using Row = std::vector<std::string>;  // NULL is "\N"
using Answer = std::vector<Row>;

// Numbers may be written differently, 3 and 3.0, and differ by what a last digit holds.
bool same(const Answer& a, const Answer& b);

// The first few rows, for whoever has to find out why two answers differ.
std::string excerpt(const Answer& answer);

}  // namespace bench
