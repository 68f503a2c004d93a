/* A heap without what is optional in a kind of storage: ranges of rows by their place, as column stores have none. */
#include "postgres.h"

#include "access/heapam.h"
#include "access/tableam.h"
#include "fmgr.h"

PG_MODULE_MAGIC;
PG_FUNCTION_INFO_V1(plain_storage);

static TableAmRoutine routine;

/* The heap's own wants a heap. */
static double build(Relation table, Relation index, struct IndexInfo *info, bool allow_sync, bool anyvisible, bool progress, BlockNumber start,
                    BlockNumber blocks, IndexBuildCallback callback, void *state, TableScanDesc scan) {
  const TableAmRoutine *heap = GetHeapamTableAmRoutine();
  table->rd_tableam = heap;
  double rows = heap->index_build_range_scan(table, index, info, allow_sync, anyvisible, progress, start, blocks, callback, state, scan);
  table->rd_tableam = &routine;
  return rows;
}

Datum plain_storage(PG_FUNCTION_ARGS) {
  routine = *GetHeapamTableAmRoutine();
  routine.scan_set_tidrange = NULL;
  routine.scan_getnextslot_tidrange = NULL;
  routine.index_build_range_scan = build;
  PG_RETURN_POINTER(&routine);
}
