#include "pg/last_keys.hpp"

namespace ea::pg {

namespace {

XLogRecPtr lsn_of(Buffer buffer) {
  LockBuffer(buffer, BUFFER_LOCK_SHARE);
  const XLogRecPtr lsn = BufferGetLSNAtomic(buffer);
  LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
  return lsn;
}

// Whether the page is still the end of an index, all of which is at most `key`.
bool ends_by(Page page, BlockNumber block, int64 key) {
  if (block == BTREE_METAPAGE) return BTPageGetMeta(page)->btm_root == P_NONE;
  const BTPageOpaque opaque = BTPageGetOpaque(page);
  if (!P_ISLEAF(opaque) || !P_RIGHTMOST(opaque) || P_IGNORE(opaque)) return false;
  const OffsetNumber last = PageGetMaxOffsetNumber(page);
  // Where rows were removed, the last one may be on the page before.
  if (last < P_FIRSTDATAKEY(opaque)) return P_ISROOT(opaque);
  const auto tuple = (IndexTuple)PageGetItem(page, PageGetItemId(page, last));
  return !IndexTupleHasNulls(tuple) && *(const int64*)((const char*)tuple + IndexInfoFindDataOffset(tuple->t_info)) <= key;
}

}  // namespace

void LastKeys::forget(Datum self, Oid relation) {
  auto* keys = (LastKeys*)DatumGetPointer(self);
  keys->heard_++;
  for (Known& known : keys->known_)
    if (!OidIsValid(relation) || relation == known.table || relation == known.index || relation == RelationRelationId)
      known.table = InvalidOid;
}

void LastKeys::begin() {
  // A serializable transaction notes what it has read, so it reads it.
  usable_ = !IsolationIsSerializable() && !loses_old_rows();
  if (!usable_) return;
  AcceptInvalidationMessages();
  for (CatalogPage& entry : catalog_) {
    entry.lsn = InvalidXLogRecPtr;
    if (!entry.page.pin()) continue;
    entry.lsn = lsn_of(entry.page.buffer);
    ReleaseBuffer(entry.page.buffer);
  }
}

bool LastKeys::holds(int place, Oid table) const {
  if (!usable_ || place >= known_.size() || known_[place].table != table) return false;
  return known_[place].lsn == catalog_[known_[place].catalog_page].lsn;
}

bool LastKeys::none_above(int place, Oid table, int64 key) const {
  if (!holds(place, table)) return false;
  const SeenPage& end = known_[place].end;
  if (!end.pin()) return false;
  LockBuffer(end.buffer, BUFFER_LOCK_SHARE);
  const bool none = ends_by(BufferGetPage(end.buffer), end.block, key);
  UnlockReleaseBuffer(end.buffer);
  return none;
}

int64 LastKeys::catalog_page_of(const SeenPage& page, XLogRecPtr lsn) {
  int64 place = catalog_.size();
  for (int64 i = 0; i < catalog_.size(); i++) {
    const CatalogPage& entry = catalog_[i];
    if (entry.page.block == page.block && is_same_file(entry.page.file, page.file)) {
      place = i;
      break;
    }
    if (entry.lsn == InvalidXLogRecPtr) place = i;     // nobody relies on it
  }
  if (place == catalog_.size()) catalog_.append({});
  catalog_[place] = {page, lsn};
  return place;
}

void LastKeys::remember(int place, Relation table, Relation index) {
  if (!usable_ || holds(place, RelationGetRelid(table))) return;
  if (index->rd_indoption[0] != 0 || index->rd_opfamily[0] != INTEGER_BTREE_FAM_OID || index->rd_index->indcheckxmin) return;
  if (!watching_) {
    CacheRegisterRelcacheCallback(forget, PointerGetDatum(this));
    watching_ = true;
  }
  MemoryContext outside = MemoryContextSwitchTo(TopMemoryContext);
  while (known_.size() <= place) known_.append({});
  known_[place].table = InvalidOid;

  Relation pg_class = table_open(RelationRelationId, AccessShareLock);
  const uint64 before = heard_;
  HeapTuple row = SearchSysCache1(RELOID, ObjectIdGetDatum(RelationGetRelid(index)));
  if (HeapTupleIsValid(row)) {
    const BlockNumber block = ItemPointerGetBlockNumber(&row->t_self);
    ReleaseSysCache(row);
    Buffer buffer = ReadBuffer(pg_class, block);
    const XLogRecPtr lsn = lsn_of(buffer);
    ReleaseBuffer(buffer);
    const int64 page = catalog_page_of({file_of(pg_class), block, buffer}, lsn);

    buffer = rightmost_leaf(index);
    const bool empty = !BufferIsValid(buffer);
    if (empty) buffer = ReadBuffer(index, BTREE_METAPAGE);
    const SeenPage end = {file_of(index), BufferGetBlockNumber(buffer), buffer};
    if (empty) ReleaseBuffer(buffer);
    else UnlockReleaseBuffer(buffer);
    // What changed meanwhile is remembered the next time.
    if (heard_ == before && lsn != InvalidXLogRecPtr) known_[place] = {RelationGetRelid(table), RelationGetRelid(index), end, page, lsn};
  }
  table_close(pg_class, AccessShareLock);
  MemoryContextSwitchTo(outside);
}

}  // namespace ea::pg
