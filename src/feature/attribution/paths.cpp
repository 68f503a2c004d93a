// attribution_weights and path_attribution: of touches and of paths that are given.
#include "core/attribution/paths.hpp"

#include <algorithm>

#include "feature/attribution/model_argument.hpp"
#include "feature/attribution/path_reader.hpp"
#include "pg/array.hpp"
#include "pg/barrier.hpp"
#include "pg/guard.hpp"
#include "pg/memory.hpp"
#include "pg/numbers.hpp"
#include "pg/rows.hpp"

using namespace ea;

namespace {

struct Placed {
  TimestampTz at;
  int place;

  bool operator<(const Placed& other) const { return at != other.at ? at < other.at : place < other.place; }
};

[[noreturn]] void refuse_infinite(const char* name) {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "%s must not be infinite", name), "Pass the time at which it happened."));
}

}  // namespace

EA_FUNCTION(ea_attribution_weights) {
  if (PG_ARGISNULL(0))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "model must not be null"), "Pass first, last, linear, position or time_decay."));
  const char* name = text_to_cstring(PG_GETARG_TEXT_PP(0));
  const core::AttributionModel model = attribution_model_named(name);
  if (!core::shares_by_touch(model))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "model %s needs the keys of touches, not only their times", name),
                            "path_attribution() takes keys; here model is first, last, linear, position or time_decay."));
  const int64 half_life = half_life_argument(fcinfo, 3);
  if (pg::any_null(fcinfo, {1, 2})) PG_RETURN_NULL();
  ArrayType* array = pg::list_argument(fcinfo, 1, "touched_at");
  const TimestampTz converted_at = PG_GETARG_TIMESTAMPTZ(2);
  if (TIMESTAMP_NOT_FINITE(converted_at)) refuse_infinite("converted_at");
  Datum* times;
  bool* nulls;
  int count;
  deconstruct_array(array, TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &times, &nulls, &count);
  pg::Array<Placed> touches;
  for (int i = 0; i < count; i++) {
    if (nulls[i])
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "touched_at[%d] is null", i + ARR_LBOUND(array)[0]), "array_remove(touched_at, NULL) leaves it out."));
    const TimestampTz at = DatumGetTimestampTz(times[i]);
    if (TIMESTAMP_NOT_FINITE(at)) refuse_infinite(psprintf("touched_at[%d]", i + ARR_LBOUND(array)[0]));
    if (at > converted_at)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "touched_at[%d] %s is after the conversion", i + ARR_LBOUND(array)[0], timestamptz_to_str(at)),
                              "Only what comes before a conversion gets a share in it."));
    touches.append({at, i});
  }
  if (count == 0) PG_RETURN_ARRAYTYPE_P(construct_empty_array(FLOAT8OID));
  core::Pulse pulse(pg::poll);
  core::sort(std::span<Placed>(touches.begin(), (size_t)count), pulse, std::less<>());
  pg::Array<uint64> ages;
  pg::Array<double> weights;
  for (const Placed& touch : touches) {
    ages.append((uint64)converted_at - (uint64)touch.at);
    weights.append(0);
  }
  core::weigh_touches(model, {ages.begin(), (size_t)count}, (double)half_life, {weights.begin(), (size_t)count});
  for (int i = 0; i < count; i++) times[touches[i].place] = Float8GetDatum(weights[i]);
  PG_RETURN_ARRAYTYPE_P(construct_md_array(times, nullptr, 1, ARR_DIMS(array), ARR_LBOUND(array), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

EA_FUNCTION(ea_path_attribution) {
  const core::AttributionModel model = attribution_model_named(pg::text_argument(fcinfo, 1, "markov"));
  if (model == core::AttributionModel::time_decay)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "model time_decay needs times, and paths have none"),
                            "attribution_weights() takes times; here model is first, last, linear, position, shapley or markov."));
  pg::Rows rows(fcinfo);
  if (PG_ARGISNULL(0)) return (Datum)0;
  const attribution::Paths& paths = attribution::read_paths(PG_GETARG_JSONB_P(0));
  pg::with_advice("Join keys that are rare.", [&] {
    core::Pulse pulse(pg::poll);
    auto* memory = new (palloc(sizeof(pg::Resource))) pg::Resource(CurrentMemoryContext);
    auto* credits = new (palloc(sizeof(core::PathCredits))) core::PathCredits(model, (size_t)paths.keys.values().size(), memory);
    for (const attribution::Path& path : paths.list) credits->add({paths.steps.begin() + path.first, (size_t)path.length}, path.conversions, path.nulls, pulse);
    credits->finish(pulse);

    struct Line {
      std::string_view key;
      uint32 number;
      double conversions, rank;
    };
    pg::Array<Line> lines;
    for (uint32 key = 0; key < paths.keys.values().size(); key++) {
      const double conversions = credits->conversions(key);
      lines.append({paths.keys.values()[key], key, conversions, std::round(conversions * 1e9)});
    }
    core::sort(std::span<Line>(lines.begin(), (size_t)lines.size()), pulse, [](const Line& a, const Line& b) { return a.rank != b.rank ? a.rank > b.rank : a.key < b.key; });
    for (const Line& line : lines) {
      rows.add(PointerGetDatum(cstring_to_text_with_len(line.key.data(), (int)line.key.size()))).float8_value(line.conversions);
      (model == core::AttributionModel::markov ? rows.float8_value(credits->removal_effect(line.number)) : rows.null()).end_row();
    }
    if (credits->untouched() > 0) rows.text_value("(none)").float8_value(credits->untouched()).null().end_row();
  });
  return (Datum)0;
}
