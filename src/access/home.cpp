#include "access/home.hpp"

#include "access/raw_tables.hpp"
#include "pg/served.hpp"

namespace ea::access {

namespace {

constexpr const char* kTables[] = {"explore_engagements",      "explore_content",
                                   "explore_discovery_videos", "explore_feed_sessions",
                                   "explore_saved_properties", "explore_viewers"};

constexpr const char* kAdministration = "explore_analytics";
constexpr const char* kKeys[] = {"event_keys", "viewing_keys", "rollup_state"};

Oid owner_of(Oid relation) {
  HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
  if (!HeapTupleIsValid(tuple)) return InvalidOid;
  Oid owner = ((Form_pg_class)GETSTRUCT(tuple))->relowner;
  ReleaseSysCache(tuple);
  return owner;
}

// Whether all is there, as of the last look: nothing that it was about has changed since.
struct {
  bool valid = false;
  Oid schema = InvalidOid;
  Oid tables[lengthof(kTables) + lengthof(kKeys)] = {};
  uint64 heard = 0;      // of changes, whatever relation they are about
  bool watching = false;
} checked;

void forget(Datum, Oid relation) {
  checked.heard++;
  bool ours = !OidIsValid(relation);
  for (Oid table : checked.tables) ours = ours || relation == table;
  if (ours) checked.valid = false;
}

void remember(const pg::Home& home) {
  int count = 0;
  for (const char* table : kTables) checked.tables[count++] = get_relname_relid(table, home.schema);
  for (const char* table : kKeys) checked.tables[count++] = get_relname_relid(table, get_namespace_oid(kAdministration, false));
  checked.schema = home.schema;
}

}  // namespace

// Only functions of schema explore_analytics need this look-up; all others stand in that schema themselves.
Oid extension_schema() {
  Oid extension = get_extension_oid("explore_analytics", false);
  Relation catalog = table_open(ExtensionRelationId, AccessShareLock);
  ScanKeyData key;
  ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
              ObjectIdGetDatum(extension));
  SysScanDesc scan = systable_beginscan(catalog, ExtensionOidIndexId, true, nullptr, 1, &key);
  HeapTuple tuple = systable_getnext(scan);
  Oid schema = HeapTupleIsValid(tuple) ? ((Form_pg_extension)GETSTRUCT(tuple))->extnamespace
                                       : InvalidOid;
  systable_endscan(scan);
  table_close(catalog, AccessShareLock);
  return schema;
}

Oid own_type(Oid schema, const char* name) {
  return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name), ObjectIdGetDatum(schema));
}

pg::Home find_home(FunctionCallInfo fcinfo) {
  pg::Home home;
  home.schema = fcinfo ? get_func_namespace(fcinfo->flinfo->fn_oid) : InvalidOid;
  home.name = OidIsValid(home.schema) ? get_namespace_name(home.schema) : nullptr;
  if (!home.name || strcmp(home.name, kAdministration) == 0) {
    home.schema = extension_schema();
    home.name = get_namespace_name(home.schema);
  }
  home.events = get_relname_relid(kTables[0], home.schema);
  if (OidIsValid(home.events)) home.owner = owner_of(home.events);
  return home;
}

const char* missing_table(const pg::Home& home) {
  for (const char* table : kTables)
    if (!OidIsValid(get_relname_relid(table, home.schema))) return psprintf("%s.%s", home.name, table);
  // Gone after uninstall(), which leaves the tables but not in a state to work with.
  for (const char* table : kKeys)
    if (!OidIsValid(get_relname_relid(table, get_namespace_oid(kAdministration, false))))
      return psprintf("%s.%s", kAdministration, table);
  return nullptr;
}

pg::Home installed_home(FunctionCallInfo fcinfo) {
  pg::Home home = find_home(fcinfo);
  if (checked.valid && checked.schema == home.schema) return home;
  if (!checked.watching) {
    CacheRegisterRelcacheCallback(forget, (Datum)0);
    checked.watching = true;
  }
  const uint64 before = checked.heard;
  if (const char* missing = missing_table(home))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                            "explore_analytics is not installed in this database: table %s does not exist", missing),
                    "Run: CALL explore_analytics.install();"));
  for (const pg::Table& table : {events_table(home), content_table(home), videos_table(home), sessions_table(home)}) {
    pg::require_here(table.oid);
    pg::require_columns(table);
  }
  remember(home);
  // What changed meanwhile is looked at the next time.
  checked.valid = checked.heard == before;
  return home;
}

}  // namespace ea::access
