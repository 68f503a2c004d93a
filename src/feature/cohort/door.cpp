// define_cohort, cohort and cohort_metrics.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/cohort_members.hpp"
#include "ask/video_columns.hpp"
#include "pg/barrier.hpp"
#include "store/cohort_table.hpp"
#include "store/engagement_labels.hpp"
#include "store/events_between.hpp"
#include "store/raw_horizon.hpp"
#include "store/summary_object.hpp"

namespace {

using namespace ea;

// $1: the name, $2: the caller, $3: whether every cohort is the caller's to use.
#define EA_COHORT_IS_MINE                                                                                        \
  "($3 OR EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = c.owner AND pg_catalog.pg_has_role($2, r.oid, 'USAGE')))"

pg::Statement find_rule(
    "/* explore_analytics: cohort */ SELECT c.rule FROM explore_analytics.cohorts c WHERE c.name = $1 AND " EA_COHORT_IS_MINE,
    {TEXTOID, OIDOID, BOOLOID});
pg::Statement write_rule(
    "/* explore_analytics: define_cohort */ INSERT INTO explore_analytics.cohorts AS c (name, owner, rule)"
    " VALUES ($1, pg_catalog.pg_get_userbyid($2), $4)"
    " ON CONFLICT (name) DO UPDATE SET rule = excluded.rule, defined_at = excluded.defined_at WHERE " EA_COHORT_IS_MINE " RETURNING 1",
    {TEXTOID, OIDOID, BOOLOID, JSONBOID});
pg::Statement remove_rule(
    "/* explore_analytics: define_cohort */ DELETE FROM explore_analytics.cohorts c WHERE c.name = $1 AND " EA_COHORT_IS_MINE " RETURNING 1",
    {TEXTOID, OIDOID, BOOLOID});

// Who is held to an identity may not ask: a cohort can hold one viewer, and tell of a profile.
struct Asker {
  pg::Home home;
  Oid user = GetUserId();    // a query has the owner's
  const char* name;
  bool every_cohort;

  explicit Asker(FunctionCallInfo fcinfo) : home(access::installed_home(fcinfo)) {
    if (!access::sees_all(home))
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for cohorts"),
                              "Cohorts are of everybody's viewers. explore_analytics.grant_access(role, 'define') lets a role have some."));
    if (PG_ARGISNULL(0))
      pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "name must not be null"), "Pass the name of the cohort."));
    name = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const int length = pg_mbstrlen(name);
    if (length < 1 || length >= NAMEDATALEN)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, *name ? "name \"%s\" is too long" : "name must not be empty", pnstrdup(name, pg_mbcliplen(name, (int)strlen(name), 60))),
                              "A name has 1 to %d characters.", NAMEDATALEN - 1));
    rollup::require_cohort_table();
    every_cohort = superuser() || has_privs_of_role(user, home.owner);
  }

  pg::Parameters parameters() const { return pg::Parameters().text(name).add(ObjectIdGetDatum(user)).add(BoolGetDatum(every_cohort)); }

  // In the same words whether it is somebody else's or nobody's, but to those who may use all of them.
  [[noreturn]] void refuse() const {
    if (every_cohort)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_UNDEFINED_OBJECT, "cohort \"%s\" does not exist", name), "Make it with define_cohort(name, rule)."));
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for cohort \"%s\"", name),
                            "A cohort belongs to who defined it. Make one of your own with define_cohort(name, rule)."));
  }

  const core::ViewerSet& members() const {
    pg::Query query(home);
    if (query.read(find_rule, parameters()) == 0) refuse();
    Jsonb* rule = (Jsonb*)DatumGetPointer(query.copy_out(query.value(0, 1)));
    query.finish();
    return rollup::cohort_members(home, rollup::read_cohort_rule(rule));
  }
};

}  // namespace

EA_FUNCTION(ea_define_cohort) {
  const Asker asker(fcinfo);
  const bool remove = PG_ARGISNULL(1);
  Jsonb* rule = nullptr;
  if (!remove) {
    rule = PG_GETARG_JSONB_P(1);
    (void)rollup::read_cohort_rule(rule);
  }
  pg::Query query(asker.home);
  pg::Parameters parameters = asker.parameters();
  const uint64 rows = remove ? query.write(remove_rule, parameters) : query.write(write_rule, parameters.add(JsonbPGetDatum(rule)));
  if (rows == 0) asker.refuse();
  query.finish();
  PG_RETURN_VOID();
}

EA_FUNCTION(ea_cohort) {
  const Asker asker(fcinfo);
  PG_RETURN_POINTER(rollup::encoded(asker.members()));
}

EA_FUNCTION(ea_cohort_metrics) {
  namespace events = access::events;
  const Asker asker(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 1);
  const core::ViewerSet& members = asker.members();
  // Events of others than views have lost who they are of where only the rollups have them.
  rollup::require_raw_events(range, "Pass this time as start_date, or a later one.");
  pg::Rows rows(fcinfo);
  core::Counters counters;
  if (members.cardinality() == 0) {
    rollup::add_video_numbers(rows, {counters, 0}).end_row();
    return (Datum)0;
  }
  pg::Resource* memory = new (palloc(sizeof(pg::Resource))) pg::Resource(CurrentMemoryContext);
  core::ViewerSet* viewers = new (palloc(sizeof(core::ViewerSet))) core::ViewerSet(memory);
  rollup::EventsBetween(asker.home, GetActiveSnapshot(), range).for_each([&](const pg::BlockScan& event) {
    bool null;
    core::Event e{};
    e.has_viewer = rollup::find_viewer(event, &e.viewer);
    if (!e.has_viewer || !members.contains(e.viewer)) return;
    if (!rollup::EngagementLabels::find(DatumGetObjectId(event.value(events::type, &null)), &e.type)) return;
    e.watch_time_ms = DatumGetInt32(event.value(events::watch_time_ms, &null));
    e.completed = DatumGetBool(event.value(events::completed, &null));
    counters.add(e);
    if (e.counts_viewer()) viewers->insert(e.viewer);
  });
  viewers->settle();
  rollup::add_video_numbers(rows, {counters, viewers->cardinality()}).end_row();
  return (Datum)0;
}
