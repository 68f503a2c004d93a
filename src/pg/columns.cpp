#include "pg/columns.hpp"

namespace ea::pg {

namespace {

constexpr char kVirtual = 'v';    // attgenerated; since 18

bool is_named(FormData_pg_attribute* attribute, const char* name) {
  return !attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0;
}

// Most tables have their columns in our order.
AttrNumber place_of(TupleDesc columns, const char* name, int expected) {
  if (expected < columns->natts && is_named(TupleDescAttr(columns, expected), name)) return (AttrNumber)(expected + 1);
  for (int i = 0; i < columns->natts; i++)
    if (is_named(TupleDescAttr(columns, i), name)) return (AttrNumber)(i + 1);
  return InvalidAttrNumber;
}

// Values of varchar are those of text, and install() adopts such a column.
bool is_of_type(const FormData_pg_attribute* found, Oid type) { return found->atttypid == type || (type == TEXTOID && found->atttypid == VARCHAROID); }

void require_column(const Table& table, const Column& column, const FormData_pg_attribute* found, bool never_null) {
  const Oid type = column.type == kOwnType ? table.own_type : column.type;
  if (!found || !is_of_type(found, type))
    raise(with_hint(failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "table %s has no column %s of type %s", full_name(table.oid), column.name,
                            format_type_be(type)),
                    table.rollup ? "Take the change of that column back. An older layout is brought up to date by: CALL explore_analytics.install();"
                                 : "Take the change of that column back: numbers are made from it."));
  if (column.required && !never_null)
    raise(with_hint(failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column %s of table %s may be null", column.name, full_name(table.oid)),
                    "Run: ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;", full_name(table.oid), column.name));
  if (found->attgenerated == kVirtual)
    raise(with_hint(failure(ERRCODE_FEATURE_NOT_SUPPORTED, "column %s of table %s is generated when it is read", column.name, full_name(table.oid)),
                    "Make it a stored or an ordinary column: scans read what is stored."));
}

}  // namespace

const char* full_name(Oid table) {
  return quote_qualified_identifier(get_namespace_name(get_rel_namespace(table)), get_rel_name(table));
}

void Places::find(Relation relation, const Table& table) {
  Assert(table.columns.size() <= (size_t)kMost);
  TupleDesc descriptor = RelationGetDescr(relation);
  AttrNumber last = 0;
  for (size_t i = 0; i < table.columns.size(); i++) {
    last = place_of(descriptor, table.columns[i].name, last);
    const FormData_pg_attribute* found = last ? TupleDescAttr(descriptor, last - 1) : nullptr;
    require_column(table, table.columns[i], found, found && found->attnotnull);
    at_[i] = last;
  }
}

void require_columns(const Table& table) {
  for (const Column& column : table.columns) {
    HeapTuple tuple = SearchSysCacheAttName(table.oid, column.name);
    const FormData_pg_attribute* found = HeapTupleIsValid(tuple) ? (Form_pg_attribute)GETSTRUCT(tuple) : nullptr;
    require_column(table, column, found, found && is_never_null(*found));
    ReleaseSysCache(tuple);
  }
}

}  // namespace ea::pg
