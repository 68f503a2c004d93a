#include "pg/last_keys.hpp"

#include "pg/relation_changes.hpp"

namespace ea::pg {

namespace {

XLogRecPtr lsn_of(Buffer buffer) {
  LockBuffer(buffer, BUFFER_LOCK_SHARE);
  const XLogRecPtr lsn = BufferGetLSNAtomic(buffer);
  LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
  return lsn;
}

// The LSN of a page of pg_class while the row there is the latest version of it. None when another transaction has replaced
// it, which may go on with the new one, on another page.
XLogRecPtr lsn_of_latest(Buffer buffer, ItemPointer row) {
  LockBuffer(buffer, BUFFER_LOCK_SHARE);
  const Page page = BufferGetPage(buffer);
  const OffsetNumber place = ItemPointerGetOffsetNumber(row);
  XLogRecPtr lsn = InvalidXLogRecPtr;
  if (place <= PageGetMaxOffsetNumber(page) && ItemIdIsNormal(PageGetItemId(page, place))) {
    const auto tuple = (HeapTupleHeader)PageGetItem(page, PageGetItemId(page, place));
    if ((tuple->t_infomask & HEAP_XMAX_INVALID) || !TransactionIdIsValid(HeapTupleHeaderGetRawXmax(tuple))) lsn = BufferGetLSNAtomic(buffer);
  }
  LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
  return lsn;
}

// The last key of an index whose end is this page; false where it may be another page, or where nobody can tell.
bool read_last_key(Page page, BlockNumber block, int64* key) {
  *key = PG_INT64_MIN;
  if (block == BTREE_METAPAGE) return BTPageGetMeta(page)->btm_root == P_NONE;
  const BTPageOpaque opaque = BTPageGetOpaque(page);
  if (!P_ISLEAF(opaque) || !P_RIGHTMOST(opaque) || P_IGNORE(opaque)) return false;
  const OffsetNumber last = PageGetMaxOffsetNumber(page);
  // Where rows were removed, the last one may be on the page before.
  if (last < P_FIRSTDATAKEY(opaque)) return P_ISROOT(opaque);
  const auto tuple = (IndexTuple)PageGetItem(page, PageGetItemId(page, last));
  if (IndexTupleHasNulls(tuple)) return false;
  *key = *(const int64*)((const char*)tuple + IndexInfoFindDataOffset(tuple->t_info));
  return true;
}

}  // namespace

void LastKeys::forget(Datum self, Oid relation) {
  auto* keys = (LastKeys*)DatumGetPointer(self);
  keys->heard_++;
  for (Known& known : keys->known_)
    if (!OidIsValid(relation) || relation == known.table || relation == known.index || relation == RelationRelationId)
      known.table = InvalidOid;
}

// Whether nothing has become visible since the last question: no transaction has ended, and ours has written nothing.
bool LastKeys::is_same_moment(Snapshot snapshot) {
  if (snapshot->suboverflowed || TransactionIdIsValid(GetTopTransactionIdIfAny())) {
    moment_ = Moment();
    return false;
  }
  const Moment moment = {snapshot->xmin, snapshot->xmax, snapshot->xcnt, snapshot->subxcnt, snapshot->takenDuringRecovery};
  const bool same = moment == moment_ && memcmp(running_.begin(), snapshot->xip, moment.running * sizeof(TransactionId)) == 0 &&
                    memcmp(running_.begin() + moment.running, snapshot->subxip, moment.subtransactions * sizeof(TransactionId)) == 0;
  if (same) return true;
  moment_ = Moment();
  running_.clear();
  MemoryContext outside = MemoryContextSwitchTo(TopMemoryContext);
  for (uint32 i = 0; i < moment.running; i++) running_.append(snapshot->xip[i]);
  for (int32 i = 0; i < moment.subtransactions; i++) running_.append(snapshot->subxip[i]);
  MemoryContextSwitchTo(outside);
  moment_ = moment;
  return false;
}

void LastKeys::begin(Snapshot snapshot) {
  // A serializable transaction notes what it has read, so it reads it.
  usable_ = !IsolationIsSerializable() && !loses_old_rows();
  if (!usable_) return;
  AcceptInvalidationMessages();
  if (is_same_moment(snapshot)) return;
  moments_++;
  for (CatalogPage& entry : catalog_) {
    entry.lsn = InvalidXLogRecPtr;
    if (!entry.page.pin()) continue;
    entry.lsn = lsn_of(entry.page.buffer);
    ReleaseBuffer(entry.page.buffer);
  }
}

bool LastKeys::holds(int place, Oid table) const {
  if (!usable_ || place >= known_.size() || known_[place].table != table) return false;
  return known_[place].catalog_lsn == catalog_[known_[place].catalog_page].lsn;
}

bool LastKeys::none_above(int place, Oid table, int64 key) {
  if (!holds(place, table)) return false;
  Known& known = known_[place];
  if (known.moment == moments_) return known.last_key <= key;
  // What is no longer there is looked for anew, with the table open.
  if (!known.end.pin()) {
    known.table = InvalidOid;
    return false;
  }
  LockBuffer(known.end.buffer, BUFFER_LOCK_SHARE);
  const XLogRecPtr lsn = BufferGetLSNAtomic(known.end.buffer);
  if (lsn != known.end_lsn) {
    const bool read = read_last_key(BufferGetPage(known.end.buffer), known.end.block, &known.last_key);
    known.end_lsn = read ? lsn : InvalidXLogRecPtr;
  }
  UnlockReleaseBuffer(known.end.buffer);
  if (known.end_lsn == InvalidXLogRecPtr) {
    known.table = InvalidOid;
    return false;
  }
  known.moment = moments_;
  return known.last_key <= key;
}

int64 LastKeys::catalog_page_of(const SeenPage& page, XLogRecPtr lsn) {
  int64 place = catalog_.size();
  bool same = false;
  for (int64 i = 0; !same && i < catalog_.size(); i++) {
    const CatalogPage& entry = catalog_[i];
    same = entry.page.block == page.block && is_same_file(entry.page.file, page.file);
    if (same || entry.lsn == InvalidXLogRecPtr) place = i;     // one that could not be read is of no use
  }
  if (place == catalog_.size()) catalog_.append({});
  // Two pages may have one LSN.
  for (Known& known : known_)
    if (!same && known.catalog_page == place) known.table = InvalidOid;
  catalog_[place] = {page, lsn};
  return place;
}

void LastKeys::remember(int place, Relation table, Relation index) {
  if (!usable_ || holds(place, RelationGetRelid(table))) return;
  // Pages tell by their LSN whether they have changed, unless that is not logged.
  if (!RelationNeedsWAL(index) || index->rd_indoption[0] != 0 || index->rd_opfamily[0] != INTEGER_BTREE_FAM_OID || index->rd_index->indcheckxmin) return;
  if (!watching_) {
    on_relation_change(forget, PointerGetDatum(this));
    watching_ = true;
  }
  MemoryContext outside = MemoryContextSwitchTo(TopMemoryContext);
  while (known_.size() <= place) known_.append({});
  known_[place].table = InvalidOid;

  Relation pg_class = table_open(RelationRelationId, AccessShareLock);
  const uint64 before = heard_;
  HeapTuple row = SearchSysCache1(RELOID, ObjectIdGetDatum(RelationGetRelid(index)));
  if (HeapTupleIsValid(row)) {
    ItemPointerData place_of_row = row->t_self;
    ReleaseSysCache(row);
    const BlockNumber block = ItemPointerGetBlockNumber(&place_of_row);
    Buffer buffer = ReadBuffer(pg_class, block);
    const XLogRecPtr lsn = lsn_of_latest(buffer, &place_of_row);
    ReleaseBuffer(buffer);
    if (lsn != InvalidXLogRecPtr) {
      const int64 page = catalog_page_of({file_of(pg_class), block, buffer}, lsn);
      buffer = rightmost_leaf(index);
      const bool empty = !BufferIsValid(buffer);
      if (empty) buffer = ReadBuffer(index, BTREE_METAPAGE);
      const SeenPage end = {file_of(index), BufferGetBlockNumber(buffer), buffer};
      if (empty) ReleaseBuffer(buffer);
      else UnlockReleaseBuffer(buffer);
      // What changed meanwhile is remembered the next time.
      if (heard_ == before) known_[place] = {RelationGetRelid(table), RelationGetRelid(index), end, InvalidXLogRecPtr, 0, 0, page, lsn};
    }
  }
  table_close(pg_class, AccessShareLock);
  MemoryContextSwitchTo(outside);
}

}  // namespace ea::pg
