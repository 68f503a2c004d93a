// What audience_breakdown reads of events: sums for each value, viewer and, where that is asked for, day.
#pragma once

#include "core/value/counters.hpp"
#include "pg/statement.hpp"
#include "pg/varlena.hpp"

namespace ea::audience {

enum class Dimension { age_group, gender, language, country, region, city, device_type, platform, app_version, traffic_source };
inline constexpr int kDimensions = 10;
inline constexpr const char* kDimensionNames[kDimensions] = {"age_group", "gender", "language", "country", "region", "city",
                                                             "device_type", "platform", "app_version", "traffic_source"};

// Of a viewer, and not of a session.
inline bool is_of_viewers(Dimension dimension) { return dimension <= Dimension::language; }

// Of explore_viewers a, in a year.
#define EA_AGE_GROUP(year)                                                                                                      \
  "CASE WHEN " year " - a.birth_year < 13 THEN 'under 13' WHEN " year " - a.birth_year < 18 THEN '13-17'"                       \
  " WHEN " year " - a.birth_year < 25 THEN '18-24' WHEN " year " - a.birth_year < 35 THEN '25-34'"                              \
  " WHEN " year " - a.birth_year < 45 THEN '35-44' WHEN " year " - a.birth_year < 55 THEN '45-54'"                              \
  " WHEN " year " - a.birth_year < 65 THEN '55-64' WHEN " year " - a.birth_year >= 65 THEN '65+' END"

struct CellQuestion {
  Dimension dimension;
  pg::Range range;
  pg::Optional<int64> content, creator;    // whose events are read
  pg::Optional<int64> about;               // the content that is asked about, where more is read
  int32 year;                              // that ages are of
  bool by_day;
};

struct Cell {
  struct varlena* value;    // a text; as long as the row
  bool has_viewer;
  int64 viewer;
  int32 day;                // since 2000
  int64 events, views, completions, watch_time_ms;    // of what is asked about
  int64 counting;           // of these events, views, completions and those with watch time
  int64 views_elsewhere, counting_elsewhere;
};

// Texts by their bytes.
inline int compare(const struct varlena* a, const struct varlena* b) {
  const core::Bytes x = pg::bytes_of(a), y = pg::bytes_of(b);
  const int order = memcmp(x.data(), y.data(), Min(x.size(), y.size()));
  return order != 0 ? order : x.size() < y.size() ? -1 : x.size() > y.size();
}

// Calls f(Cell) in order of value (by bytes) and viewer, who may have several of a value; nobody comes last.
void each_cell(pg::Query& query, const CellQuestion& question, void (*f)(void* with, const Cell& cell), void* with);

}  // namespace ea::audience
