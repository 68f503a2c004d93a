#include "pg/look_ahead.hpp"

namespace ea::pg {

namespace {

// In the order of the index.
struct Key {
  uint64 major = 0, minor = 0;

  bool operator<(const Key& other) const { return major != other.major ? major < other.major : minor < other.minor; }
};

// What of an index's keys is compared.
enum class Kind { other, number, numbers, uuid };

uint64 ordered(int64 number) { return (uint64)number ^ ((uint64)1 << 63); }

Kind kind_of(Relation index, bool second) {
  const auto is_number = [&](int column) {
    const Oid type = TupleDescAttr(RelationGetDescr(index), column)->atttypid;
    return (type == INT8OID || type == TIMESTAMPTZOID) && index->rd_indoption[column] == 0;
  };
  if (index->rd_rel->relam != BTREE_AM_OID) return Kind::other;
  if (is_number(0)) return second && IndexRelationGetNumberOfKeyAttributes(index) > 1 && is_number(1) ? Kind::numbers : Kind::number;
  return TupleDescAttr(RelationGetDescr(index), 0)->atttypid == UUIDOID && index->rd_indoption[0] == 0 ? Kind::uuid : Kind::other;
}

Key read_key(Kind kind, const char* bytes, int columns) {
  uint64 words[2];
  memcpy(words, bytes, sizeof words);
  if (kind == Kind::uuid) return {pg_ntoh64(words[0]), pg_ntoh64(words[1])};
  return {ordered((int64)words[0]), kind == Kind::numbers && columns > 1 ? ordered((int64)words[1]) : 0};
}

// Tuples with nulls come last.
Key key_of(Kind kind, const IndexTupleData* tuple, int columns) {
  if (tuple->t_info & INDEX_NULL_MASK) return {PG_UINT64_MAX, PG_UINT64_MAX};
  return read_key(kind, (const char*)tuple + sizeof(IndexTupleData), columns);
}

class Descent {
 public:
  Descent(Relation index, Kind kind, const Key* keys) : index_(index), kind_(kind), keys_(keys) {}

  // The leaves of the keys [begin, end) below a page of that level, which is above the leaves.
  void from(BlockNumber block, uint32 level, int begin, int end) {
    const Buffer buffer = ReadBuffer(index_, block);
    LockBuffer(buffer, BUFFER_LOCK_SHARE);
    const Page page = BufferGetPage(buffer);
    // What is new has nothing at its end.
    const BTPageOpaque opaque = PageIsNew(page) ? nullptr : BTPageGetOpaque(page);
    const bool fits = opaque && !P_IGNORE(opaque) && opaque->btpo_level == level;
    const OffsetNumber first = fits ? P_FIRSTDATAKEY(opaque) : InvalidOffsetNumber, last = PageGetMaxOffsetNumber(page);
    for (int i = begin; fits && i < end; i++) {
      // The first child has no key of its own.
      OffsetNumber low = first, high = (OffsetNumber)(last + 1);
      while (high - low > 1) {
        const auto middle = (OffsetNumber)((low + high) / 2);
        const auto tuple = (IndexTuple)PageGetItem(page, PageGetItemId(page, middle));
        (keys_[i] < key_of(kind_, tuple, BTreeTupleGetNAtts(tuple, index_)) ? high : low) = middle;
      }
      leaf_[i] = low <= last ? BTreeTupleGetDownLink((IndexTuple)PageGetItem(page, PageGetItemId(page, low))) : InvalidBlockNumber;
    }
    UnlockReleaseBuffer(buffer);
    for (int i = fits ? begin : end, next; i < end; i = next) {
      for (next = i + 1; next < end && leaf_[next] == leaf_[i]; next++) continue;
      if (level > 1 && BlockNumberIsValid(leaf_[i])) from(leaf_[i], level - 1, i, next);
    }
  }

  BlockNumber leaf(int i) const { return leaf_[i]; }
  void forget() { std::fill(leaf_, leaf_ + kLookAhead, InvalidBlockNumber); }

 private:
  Relation index_;
  Kind kind_;
  const Key* keys_;
  BlockNumber leaf_[kLookAhead];
};

// A search on a page that is neither pinned nor locked: whatever is read there decides which addresses of this page are
// fetched next, and nothing else.
struct Search {
  const char* page;
  int key;
  int low, high;

  int middle() const { return (low + high) / 2; }
  const char* line(int number) const { return page + SizeOfPageHeaderData + (Size)number * sizeof(ItemIdData); }
  const char* tuple(int number) const {
    ItemIdData line_pointer;
    memcpy(&line_pointer, line(number), sizeof line_pointer);
    constexpr Size last = BLCKSZ - sizeof(IndexTupleData) - 2 * sizeof(uint64);
    return page + Min(MAXALIGN_DOWN((Size)ItemIdGetOffset(&line_pointer)), last);
  }
  int tuples() const {
    PageHeaderData header;
    memcpy(&header, page, SizeOfPageHeaderData);
    return header.pd_lower < SizeOfPageHeaderData ? 0 : (int)Min((Size)header.pd_lower - SizeOfPageHeaderData, (Size)BLCKSZ / 2) / (int)sizeof(ItemIdData);
  }
};

void fetch(const void* address) { __builtin_prefetch(address); }

void search_together(Kind kind, const Key* keys, Search* searches, int count) {
  for (int i = 0; i < count; i++) {
    fetch(searches[i].page);
    fetch(searches[i].page + BLCKSZ - sizeof(BTPageOpaqueData));
  }
  for (int i = 0; i < count; i++) {
    searches[i].high = searches[i].tuples();
    if (searches[i].high > 0) fetch(searches[i].tuple(0));    // the high key
  }
  for (bool any = true; any;) {
    any = false;
    for (int i = 0; i < count; i++) fetch(searches[i].line(searches[i].middle()));
    for (int i = 0; i < count; i++) fetch(searches[i].tuple(searches[i].middle()));
    for (int i = 0; i < count; i++) {
      Search& search = searches[i];
      if (search.high - search.low < 2) continue;
      const auto* tuple = (const IndexTupleData*)search.tuple(search.middle());
      (keys[search.key] < key_of(kind, tuple, 2) ? search.high : search.low) = search.middle();
      any = true;
    }
  }
}

}  // namespace

void look_ahead(Relation index, const Datum* first, const Datum* second, int count) {
  const Kind kind = kind_of(index, second != nullptr);
  // Where the root is, as the last search has left it.
  const auto* meta = (const BTMetaPageData*)index->rd_amcache;
  if (kind == Kind::other || count < 4 || !meta || meta->btm_fastroot == P_NONE || meta->btm_fastlevel == 0 || RelationUsesLocalBuffers(index)) return;
  Key keys[kLookAhead];
  for (int i = 0; i < count; i++) {
    if (kind == Kind::uuid)
      keys[i] = read_key(kind, (const char*)DatumGetPointer(first[i]), 1);
    else
      keys[i] = {ordered(DatumGetInt64(first[i])), kind == Kind::numbers ? ordered(DatumGetInt64(second[i])) : 0};
  }
  if (!(keys[0] < keys[count - 1])) return;
  Descent descent(index, kind, keys);
  descent.forget();
  descent.from(meta->btm_fastroot, meta->btm_fastlevel, 0, count);
  Search searches[kLookAhead];
  int found = 0;
  const char* page = nullptr;
  for (int i = 0; i < count; i++) {
    if (i == 0 || descent.leaf(i) != descent.leaf(i - 1)) {
      // A page that is on the disk is on its way from there.
      const Buffer buffer = BlockNumberIsValid(descent.leaf(i)) ? PrefetchBuffer(index, MAIN_FORKNUM, descent.leaf(i)).recent_buffer : InvalidBuffer;
      page = BufferIsValid(buffer) ? (const char*)BufferGetBlock(buffer) : nullptr;
    }
    if (page) searches[found++] = {page, i, 0, 0};
  }
  search_together(kind, keys, searches, found);
}

}  // namespace ea::pg
