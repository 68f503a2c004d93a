// bar, shade, sparkline: numbers in, a text of one line out.
#include "core/picture/text_graphics.hpp"
#include "pg/array.hpp"
#include "pg/barrier.hpp"
#include "pg/encoding.hpp"
#include "pg/numbers.hpp"
#include "pg/varlena.hpp"

namespace {

using namespace ea;

constexpr int kMostPoints = 10'000;

core::Glyphs glyphs() { return pg::speaks_utf8() ? core::Glyphs::blocks : core::Glyphs::ascii; }

// Arguments value, max and width; NULL where one of the former is.
Datum drawn_beside(FunctionCallInfo fcinfo, std::pmr::string (*draw)(double, double, int, core::Glyphs, std::pmr::memory_resource*), int width, const char* advice) {
  if (pg::any_null(fcinfo, {0, 1})) PG_RETURN_NULL();
  const core::Glyphs known = glyphs();
  if (!PG_ARGISNULL(2)) width = PG_GETARG_INT32(2);
  text* drawn = nullptr;
  pg::with_advice(advice, [&] {
    pg::Resource memory(CurrentMemoryContext);
    drawn = pg::new_text(draw(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), width, known, &memory));
  });
  PG_RETURN_TEXT_P(drawn);
}

}  // namespace

EA_FUNCTION(ea_bar) { return drawn_beside(fcinfo, core::draw_bar, 20, "max is what a full bar stands for, such as max(value) OVER (); width is a number of columns."); }

EA_FUNCTION(ea_shade) { return drawn_beside(fcinfo, core::draw_shade, 2, "max is what the darkest shade stands for, such as 100 for percent; width is a number of columns."); }

EA_FUNCTION(ea_sparkline) {
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  ArrayType* array = pg::list_argument(fcinfo, 0, "series");
  const int size = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
  if (size > kMostPoints)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "series of %d points is longer than %d", size, kMostPoints),
                            "Each point is a column: pass the newest points, or sums of several."));
  Datum* elements;
  bool* nulls;
  int count;
  deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls, &count);
  pg::Array<std::optional<double>> points;
  for (int i = 0; i < count; i++) points.append(nulls[i] ? std::optional<double>() : DatumGetFloat8(elements[i]));
  const core::Glyphs known = glyphs();
  text* drawn = nullptr;
  pg::with_advice("NULL stands for a point that is not known.", [&] {
    pg::Resource memory(CurrentMemoryContext);
    drawn = pg::new_text(core::draw_sparkline({points.begin(), (size_t)points.size()}, known, &memory));
  });
  PG_RETURN_TEXT_P(drawn);
}
