#include "pg/numbers_sort.hpp"

namespace ea::pg {

void NumbersSort::add(int64 number) {
  if (!sort_) {
    MemoryContext outside = MemoryContextSwitchTo(context_);
    sort_ = tuplesort_begin_datum(INT8OID, Int8LessOperator, InvalidOid, false, Max(memory_, 64), nullptr, TUPLESORT_NONE);
    MemoryContextSwitchTo(outside);
  }
  tuplesort_putdatum(sort_, Int64GetDatum(number), false);
  count_++;
}

int64 NumbersSort::next() {
  Datum number = 0;
  bool null;
  next_number(sort_, &number, &null);
  return DatumGetInt64(number);
}

double NumbersSort::median(double unit) {
  tuplesort_performsort(sort_);
  tuplesort_skiptuples(sort_, (count_ - 1) / 2, true);
  const double low = (double)next() / unit, high = count_ % 2 ? low : (double)next() / unit;
  tuplesort_end(sort_);
  sort_ = nullptr;
  return low + 0.5 * (high - low);
}

int64 NumbersSort::quantile(double fraction) {
  tuplesort_performsort(sort_);
  tuplesort_skiptuples(sort_, Max((int64)std::ceil(fraction * (double)count_), (int64)1) - 1, true);
  const int64 number = next();
  tuplesort_end(sort_);
  sort_ = nullptr;
  return number;
}

}  // namespace ea::pg
