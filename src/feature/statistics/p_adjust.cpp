// p_adjust: an array of p values for one of many questions, NULLs in their places.
#include "core/stat/decision.hpp"
#include "pg/array.hpp"
#include "pg/barrier.hpp"
#include "pg/memory.hpp"
#include "pg/numbers.hpp"

using namespace ea;

EA_FUNCTION(ea_p_adjust) {
  const char* method = pg::text_argument(fcinfo, 1, "holm");
  const std::optional<core::Correction> correction = core::find_correction(method);
  if (!correction)
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "method", method), "method is holm, bh, bonferroni or none."));
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  ArrayType* array = pg::list_argument(fcinfo, 0, "p_values");
  Datum* elements;
  bool* nulls;
  int count;
  deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls, &count);
  if (count == 0) PG_RETURN_ARRAYTYPE_P(array);
  pg::Array<double> known;
  for (int i = 0; i < count; i++)
    if (!nulls[i]) known.append(DatumGetFloat8(elements[i]));
  pg::with_advice("p values are probabilities, from 0 to 1; NULL stands for one that is not known.", [&] {
    pg::Resource memory(CurrentMemoryContext);
    core::p_adjust({known.begin(), (size_t)known.size()}, *correction, &memory);
  });
  for (int i = 0, next = 0; i < count; i++)
    if (!nulls[i]) elements[i] = Float8GetDatum(known[next++]);
  PG_RETURN_ARRAYTYPE_P(construct_md_array(elements, nulls, 1, ARR_DIMS(array), ARR_LBOUND(array), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
