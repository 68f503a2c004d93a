// Numbers that are sorted by the server, in a limited amount of memory and in temporary files beyond.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

class NumbersSort {
 public:
  // Kilobytes, of which the server takes some as soon as there is a number. It lives in the current context.
  explicit NumbersSort(int memory) : context_(CurrentMemoryContext), memory_(memory) {}

  void add(int64 number);
  // In a unit of so many, as percentile_cont(0.5) of the quotients has it. Of at least one number, and once, when all are in.
  double median(double unit);
  // As percentile_disc(fraction) has it, of at least one number; likewise.
  int64 quantile(double fraction);
  int64 count() const { return count_; }

 private:
  int64 next();

  MemoryContext context_;
  int memory_;
  Tuplesortstate* sort_ = nullptr;
  int64 count_ = 0;
};

}  // namespace ea::pg
