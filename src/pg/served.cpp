#include "pg/served.hpp"

#include "pg/index_scan.hpp"
#include "pg/relation_changes.hpp"

namespace ea::pg {

namespace {

// %s in a hint is the table.
[[noreturn]] void refuse(Oid table, const char* what, const char* hint) {
  const char* name = full_name(table);
  raise(with_hint(failure(ERRCODE_FEATURE_NOT_SUPPORTED, "table %s %s", name, what), hint, name));
}
[[noreturn]] void refuse(Relation table, const char* what, const char* hint) { refuse(RelationGetRelid(table), what, hint); }

// Relations known not to be distributed by Citus, which keeps a list of those that are. Where there is no such list,
// nothing is looked up.
struct {
  bool watched = false;
  bool looked = false;
  Oid list = InvalidOid;
  uint64 changes = 0;
  Oid plain[512] = {};
} citus;

Oid& slot_of(Oid relation) { return citus.plain[relation % lengthof(citus.plain)]; }

// Until there is a list any relation may be it.
void forget(Datum, Oid relation) {
  citus.changes++;
  if (!OidIsValid(citus.list) || !OidIsValid(relation) || relation == citus.list) {
    citus.looked = false;
    memset(citus.plain, 0, sizeof citus.plain);
  } else if (slot_of(relation) == relation) {
    slot_of(relation) = InvalidOid;
  }
}

bool is_listed(Oid relation) {
  Relation list = table_open(citus.list, AccessShareLock);
  const AttrNumber column = get_attnum(citus.list, "logicalrelid");
  bool listed = false;
  if (column != InvalidAttrNumber) {
    ScanKeyData key;
    ScanKeyInit(&key, column, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(relation));
    const Oid index = find_index(list, {column});
    SysScanDesc scan = systable_beginscan(list, index, OidIsValid(index), nullptr, 1, &key);
    listed = HeapTupleIsValid(systable_getnext(scan));
    systable_endscan(scan);
  }
  table_close(list, AccessShareLock);
  return listed;
}

bool is_distributed(Oid relation) {
  if (!citus.watched) {
    on_relation_change(forget);
    citus.watched = true;
  }
  if (!citus.looked) {
    citus.looked = true;    // first: meanwhile it may be forgotten again
    citus.list = get_relname_relid("pg_dist_partition", PG_CATALOG_NAMESPACE);
  }
  if (!OidIsValid(citus.list) || slot_of(relation) == relation) return false;
  const uint64 changes = citus.changes;
  if (is_listed(relation)) return true;
  if (changes == citus.changes) slot_of(relation) = relation;
  return false;
}

void require_rows_here(Relation table) {
  require_here(RelationGetRelid(table));
  if (table->rd_rel->relrowsecurity && table->rd_rel->relforcerowsecurity)
    refuse(table, "forces row level security on its owner", "Run: ALTER TABLE %s NO FORCE ROW LEVEL SECURITY; who may ask what is decided before the table is read.");
}

bool has_heirs(Relation table) {
  return table->rd_rel->relhassubclass && find_inheritance_children(RelationGetRelid(table), NoLock) != NIL;
}

// As the executor decides it.
bool fires(const Trigger& trigger) {
  const char not_now = SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA ? TRIGGER_FIRES_ON_ORIGIN : TRIGGER_FIRES_ON_REPLICA;
  return trigger.tgenabled != not_now && trigger.tgenabled != TRIGGER_DISABLED && (TRIGGER_FOR_INSERT(trigger.tgtype) || TRIGGER_FOR_DELETE(trigger.tgtype));
}

}  // namespace

void require_here(Oid table) {
  if (is_distributed(table))
    refuse(table, "is distributed by Citus", "Its rows are elsewhere, a scan would find none. Bring them back: SELECT undistribute_table('%s');");
}

void require_readable(Relation table, bool rollup) {
  // Anything else has no table access method behind it.
  if (table->rd_rel->relkind != RELKIND_RELATION)
    raise(with_hint(failure(ERRCODE_WRONG_OBJECT_TYPE, "relation \"%s\" is not an ordinary table", RelationGetRelationName(table)),
                    "Events may be partitioned into ordinary tables; every other table must be one."));
  require_rows_here(table);
  if (has_heirs(table)) refuse(table, "has tables that inherit from it", "Their rows would not count. Move them into %s, and drop the others.");
  if (rollup && !RelationIsPermanent(table))
    refuse(table, "would be emptied by a crash", "Run: ALTER TABLE %s SET LOGGED;");
}

void require_partitions_readable(Relation table) { require_rows_here(table); }

void require_writable(Relation table) {
  require_readable(table, true);
  if (table->rd_rel->relam != HEAP_TABLE_AM_OID) refuse(table, "is not a heap", "Run: ALTER TABLE %s SET ACCESS METHOD heap;");
  if (table->rd_rel->relispartition) refuse(table, "is a partition", "Rows are written straight into %s. Detach it.");
  if (table->rd_rules && table->rd_rules->numLocks > 0) refuse(table, "has rules", "Rows are written straight into %s, past its rules. Drop them.");
  if (table->rd_att->constr && table->rd_att->constr->num_check > 0)
    refuse(table, "has check constraints", "Rows are written straight into %s, unchecked. Drop the constraints.");
  for (int i = 0; table->trigdesc && i < table->trigdesc->numtriggers; i++)
    if (fires(table->trigdesc->triggers[i]))
      refuse(table, psprintf("has trigger %s", quote_identifier(table->trigdesc->triggers[i].tgname)),
             "Rows are written straight into %s, and fire no triggers. Drop or disable it, or let the tool that made it finish.");
}

}  // namespace ea::pg
