// audience_breakdown: who watches.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "access/ownership.hpp"
#include "ask/read_path.hpp"
#include "core/tree/bucket.hpp"
#include "core/value/metric.hpp"
#include "core/value/score.hpp"
#include "feature/audience/event_cells.hpp"
#include "feature/audience/groups.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "store/raw_horizon.hpp"

namespace {

using namespace ea;

constexpr int32 kFewest = 5;

audience::Dimension dimension_argument(FunctionCallInfo fcinfo, int i) {
  const char* name = pg::text_argument(fcinfo, i, "NULL");
  for (int d = 0; d < audience::kDimensions; d++)
    if (strcmp(name, audience::kDimensionNames[d]) == 0) return (audience::Dimension)d;
  StringInfoData known;
  initStringInfo(&known);
  for (int d = 0; d < audience::kDimensions; d++) appendStringInfo(&known, "%s%s", d ? ", " : "", audience::kDimensionNames[d]);
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "dimension", name), "Known are %s.", known.data));
}

// Whose events are asked for: of a caller held to an identity the own ones.
struct Asked {
  pg::Optional<int64> content, creator;
  bool held;
};

Asked asked(FunctionCallInfo fcinfo, const pg::Home& home, int content, int creator) {
  Asked asked{pg::optional_id(fcinfo, content, "content_id"), pg::optional_id(fcinfo, creator, "creator_id"), false};
  if (asked.content.given && asked.creator.given)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "content_id and creator_id exclude each other"),
                            "Pass one of them, or neither for all."));
  const pg::Optional<int64> me = access::restricted_to(home);
  asked.held = me.given;
  if (asked.content.given)
    access::authorize_content(home, asked.content.value);
  else if (asked.creator.given)
    access::authorize_creator(home, asked.creator.value);
  else
    asked.creator = me;
  return asked;
}

bool is_midnight(TimestampTz at) { return at % USECS_PER_DAY == 0; }

// Who sees own numbers alone asks about days that are over, of UTC: see core/audience/few_people.hpp.
pg::Range whole_days(pg::Range range) {
  if ((!TIMESTAMP_IS_NOBEGIN(range.from) && !is_midnight(range.from)) || (!TIMESTAMP_IS_NOEND(range.to) && !is_midnight(range.to)))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "the audience is told of whole days only"),
                            "Begin and end at midnights of UTC, or leave a bound open."));
  const TimestampTz today = core::floor_divide(GetCurrentTransactionStartTimestamp(), USECS_PER_DAY) * USECS_PER_DAY;
  range.to = Min(range.to, today);
  return range;
}

// By UTC; of now, where the end is open.
int32 year_of_end(const pg::Range& range) {
  const TimestampTz end = TIMESTAMP_IS_NOEND(range.to) ? GetCurrentTransactionStartTimestamp() : range.to;
  int year, month, day;
  j2date((int)core::floor_divide(end, USECS_PER_DAY) + POSTGRES_EPOCH_JDATE, &year, &month, &day);
  return year;
}

// Of a content of one's own all that one has is read: an answer about that is another one to subtract from.
audience::CellQuestion cells_for(const pg::Home& home, audience::Dimension dimension, const Asked& asked, const pg::Range& range, int32 year) {
  audience::CellQuestion question{dimension, range, asked.content, asked.creator, {}, year, asked.held};
  if (asked.held && asked.content.given) {
    question.about = asked.content;
    question.content = {};
    question.creator = {true, access::creator_of_content(home, asked.content.value)};
  }
  return question;
}

rollup::Key key_of(const Asked& asked) {
  if (asked.content.given) return {rollup::ScopeKind::content, asked.content.value};
  if (asked.creator.given) return {rollup::ScopeKind::creator, asked.creator.value};
  return {rollup::ScopeKind::platform, 0};
}

}  // namespace

EA_FUNCTION(ea_audience_breakdown) {
  const pg::Home home = access::installed_home(fcinfo);
  const audience::Dimension dimension = dimension_argument(fcinfo, 0);
  pg::Range range = pg::range_argument(fcinfo, 1);
  const int32 min_group = PG_ARGISNULL(5) ? kFewest : PG_GETARG_INT32(5);
  const Asked asked = ::asked(fcinfo, home, 3, 4);
  audience::Disclosure disclosure{min_group <= 1, min_group, 0, false};
  if (asked.held) {
    if (min_group != kFewest)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "min_group must be %d, not %d", kFewest, min_group),
                              "Leave it out: only who sees everything may ask for groups of other sizes."));
    range = whole_days(range);
    disclosure.fewest_between = kFewest;
    disclosure.of_part = asked.content.given;
  }
  pg::Rows rows(fcinfo);
  if (range.from >= range.to) return (Datum)0;
  rollup::require_raw_events(range, "The audience is read from raw events: ask from there on.");
  audience::Groups groups(disclosure);
  pg::Query query(home);
  const audience::CellQuestion question = cells_for(home, dimension, asked, range, year_of_end(range));
  const auto add = [](void* groups, const audience::Cell& cell) { static_cast<audience::Groups*>(groups)->add(cell); };
  if (audience::EventCells cells(home, question); cells.read(query))
    cells.each([&](const audience::Cell& cell) { groups.add(cell); });
  else
    audience::each_cell(query, question, add, &groups);
  query.finish();
  const auto everyone = (double)rollup::header(home, key_of(asked), range).unique_viewers;
  for (const audience::Group& group : groups.finish())
    rows.add(PointerGetDatum(group.value))
        .int64_value(group.viewers)
        .int64_value(group.views)
        .float8_value(core::seconds(group.watch_time_ms))
        .float8_value(core::rate(group.completions, group.views))
        .float8_value(everyone > 0 ? 100 * (double)group.viewers / everyone : 0)
        .end_row();
  return (Datum)0;
}
