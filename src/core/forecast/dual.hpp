// A number with its derivatives by three constants: arithmetic on it is forward differentiation.
#pragma once

namespace ea::core {

// No array: three members stay in registers.
struct Dual {
  double value = 0, by_first = 0, by_second = 0, by_third = 0;

  constexpr Dual() = default;
  constexpr Dual(double constant) : value(constant) {}
  constexpr Dual(double number, double first, double second, double third) : value(number), by_first(first), by_second(second), by_third(third) {}

  friend constexpr Dual operator+(const Dual& a, const Dual& b) {
    return {a.value + b.value, a.by_first + b.by_first, a.by_second + b.by_second, a.by_third + b.by_third};
  }
  friend constexpr Dual operator-(const Dual& a, const Dual& b) {
    return {a.value - b.value, a.by_first - b.by_first, a.by_second - b.by_second, a.by_third - b.by_third};
  }
  friend constexpr Dual operator-(double a, const Dual& b) { return {a - b.value, -b.by_first, -b.by_second, -b.by_third}; }
  friend constexpr Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value, a.by_first * b.value + b.by_first * a.value, a.by_second * b.value + b.by_second * a.value,
            a.by_third * b.value + b.by_third * a.value};
  }
  friend constexpr Dual operator*(const Dual& a, double b) { return {a.value * b, a.by_first * b, a.by_second * b, a.by_third * b}; }
  friend constexpr Dual operator/(double a, const Dual& b) {
    const double ratio = a / b.value, by = -ratio / b.value;
    return {ratio, b.by_first * by, b.by_second * by, b.by_third * by};
  }
};

}  // namespace ea::core
