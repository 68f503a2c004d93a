// engagement_score as a function of counts. The aggregate of that name is in summary.cpp.
#include "core/value/score.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"

using namespace ea;

EA_FUNCTION(ea_engagement_score) {
  static const char* const kNames[] = {"views", "completions", "saves", "shares", "clicks", "skips"};
  int64 count[6];
  for (int i = 0; i < 6; i++) {
    count[i] = PG_ARGISNULL(i) ? 0 : PG_GETARG_INT64(i);
    if (count[i] < 0)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s must not be negative, not %lld", kNames[i],
                                          (long long)count[i]),
                              "Pass counts of events."));
  }
  PG_RETURN_FLOAT8(core::engagement_score(count[0], count[1], count[2], count[3], count[4], count[5]));
}
