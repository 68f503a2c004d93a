#include "access/identity_map.hpp"

#include "pg/index_scan.hpp"
#include "pg/relation_changes.hpp"

namespace ea::access {

namespace {

constexpr int kLogin = 1, kCreator = 2;
constexpr pg::Column kColumns[] = {{"login", NAMEOID}, {"creator_id", INT8OID}};

pg::Table known{InvalidOid, kColumns};    // invalid before install()
bool valid = false;
bool watching = false;

// Where there is no table, any relation may be the one that install() makes.
void forget(Datum, Oid relation) {
  if (!OidIsValid(relation) || !OidIsValid(known.oid) || relation == known.oid) valid = false;
}

pg::Table map() {
  if (valid) return known;
  if (!watching) {
    pg::on_relation_change(forget);
    watching = true;
  }
  valid = true;   // before the look-ups: a change that arrives meanwhile counts
  known.oid = InvalidOid;
  const Oid schema = get_namespace_oid("explore_analytics", true);
  if (OidIsValid(schema)) known.oid = get_relname_relid("identities", schema);
  return known;
}

}  // namespace

pg::Optional<int64> mapped_identity() {
  const pg::Table table = map();
  if (!OidIsValid(table.oid)) return {};
  NameData login;
  const char* name = GetUserNameFromId(GetSessionUserId(), true);
  if (!name) return {};
  namestrcpy(&login, name);
  const bool own_snapshot = !ActiveSnapshotSet();
  if (own_snapshot) PushActiveSnapshot(GetTransactionSnapshot());
  pg::Optional<int64> creator;
  pg::IndexScan scan;
  scan.open_by(table, kLogin, GetActiveSnapshot());
  scan.where(scan.key(kLogin), BTEqualStrategyNumber, F_NAMEEQ, NameGetDatum(&login)).start();
  if (scan.next()) creator = {true, scan.int64_at(kCreator)};
  scan.close();
  if (own_snapshot) PopActiveSnapshot();
  return creator;
}

}  // namespace ea::access
