#include "access/identity_map.hpp"

#include "pg/index_scan.hpp"

namespace ea::access {

namespace {

constexpr AttrNumber kCreator = 2;

struct Map {
  Oid table = InvalidOid, key = InvalidOid;   // invalid before install()
};
Map known;
bool valid = false;
bool watching = false;

void forget(Datum, int, uint32) { valid = false; }

const Map& map() {
  if (valid) return known;
  if (!watching) {
    CacheRegisterSyscacheCallback(RELOID, forget, (Datum)0);
    watching = true;
  }
  const Oid schema = get_namespace_oid("explore_analytics", true);
  known = {};
  valid = true;   // before the look-ups: a change that arrives meanwhile counts
  if (OidIsValid(schema)) {
    known.table = get_relname_relid("identities", schema);
    known.key = get_relname_relid("identities_pkey", schema);
  }
  return known;
}

}  // namespace

pg::Optional<int64> mapped_identity() {
  const Map found = map();
  if (!OidIsValid(found.table) || !OidIsValid(found.key)) return {};
  NameData login;
  const char* name = GetUserNameFromId(GetSessionUserId(), true);
  if (!name) return {};
  namestrcpy(&login, name);
  const bool own_snapshot = !ActiveSnapshotSet();
  if (own_snapshot) PushActiveSnapshot(GetTransactionSnapshot());
  pg::Optional<int64> creator;
  pg::IndexScan scan;
  scan.open(found.table, found.key, GetActiveSnapshot());
  scan.where(1, BTEqualStrategyNumber, F_NAMEEQ, NameGetDatum(&login)).start();
  if (scan.next()) creator = {true, scan.int64_at(kCreator)};
  scan.close();
  if (own_snapshot) PopActiveSnapshot();
  return creator;
}

}  // namespace ea::access
