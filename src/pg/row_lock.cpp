#include "pg/row_lock.hpp"

namespace ea::pg {

bool lock_row(Relation table, const ItemPointerData& tid, TupleTableSlot* row) {
  ItemPointerData place = tid;
  const bool one_snapshot = IsolationUsesXactSnapshot();
  TM_FailureData failure;
  const TM_Result result = table_tuple_lock(table, &place, GetActiveSnapshot(), row, GetCurrentCommandId(true), LockTupleNoKeyExclusive, LockWaitBlock,
                                            one_snapshot ? 0 : TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure);
  switch (result) {
    case TM_Ok: return true;
    case TM_Updated:
    case TM_Deleted:
      if (one_snapshot) serialization_failure(result == TM_Updated ? "update" : "delete");
      return false;
    default: raise(pg::failure(ERRCODE_INTERNAL_ERROR, "a row of \"%s\" cannot be locked: %d", RelationGetRelationName(table), (int)result));
  }
}

void serialization_failure(const char* what) {
  raise(failure(ERRCODE_T_R_SERIALIZATION_FAILURE, "could not serialize access due to concurrent %s", what));
}

}  // namespace ea::pg
