// Numbers told less exactly than they are known.
#pragma once

namespace ea::core {

// To so many significant digits, half away from zero.
double to_digits(double value, int digits);

// The nearest of marks that are at least `least` and four percent apart: 10, 11 ... 20, 22 ... 50, 55 ... 95, times powers of
// ten. Who knows the mark of a number knows the number to two percent at best.
double to_mark(double value, double least);

}  // namespace ea::core
