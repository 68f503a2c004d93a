// Saved plans. A Statement is a constant text with {s} for the extension's schema, and marks of fragments; it is
// planned once per backend and planned anew when the schema moves or a fragment changes. Table names are looked up
// again by the server when the tables were dropped and made anew.
#pragma once

#include "pg/args.hpp"
#include "pg/home.hpp"

namespace ea::pg {

// A condition that follows from the catalogue, so that the server finds it a constant. There is one at most; it is
// defined by being made.
struct Fragment {
  const char* mark;
  uint64 (*revision)(const Home& home);    // another one when `text` is; asked for every statement with the mark
  const char* (*text)();                   // at that revision, with {s} for the schema

  Fragment(const char* mark, uint64 (*revision)(const Home&), const char* (*text)());
};

class Statement {
 public:
  static constexpr int kMaxParameters = 16;

  // `types` lists the parameter types by oid, ended by 0.
  constexpr Statement(const char* text, std::initializer_list<Oid> types, int cursor_options = 0)
      : text_(text), cursor_options_(cursor_options) {
    for (Oid type : types) types_[parameters_++] = type;
  }

  SPIPlanPtr plan(const Home& home);
  int parameters() const { return parameters_; }
  Oid type(int parameter) const { return types_[parameter]; }

 private:
  const char* text_;
  Oid types_[kMaxParameters] = {};
  int parameters_ = 0;
  int cursor_options_;
  SPIPlanPtr plan_ = nullptr;
  bool has_mark_ = false;
  uint64 revision_ = 0;
  char schema_[NAMEDATALEN] = {};
};

// Parameter values of one execution.
class Parameters {
 public:
  Parameters& add(Datum value) { values_[count_] = value; nulls_[count_++] = ' '; return *this; }
  Parameters& null() { values_[count_] = 0; nulls_[count_++] = 'n'; return *this; }
  Parameters& add(bool given, Datum value) { return given ? add(value) : null(); }
  Parameters& id(int64 value) { return add(Int64GetDatum(value)); }
  Parameters& id(Optional<int64> id) { return add(id.given, Int64GetDatum(id.value)); }
  Parameters& text(const char* value) { return add(CStringGetTextDatum(value)); }
  Parameters& time(TimestampTz value) { return add(TimestampTzGetDatum(value)); }
  // Both bounds, the infinities standing for an open one.
  Parameters& range(const Range& range) { return time(range.from).time(range.to); }
  // Both bounds as a public function takes them: NULL for an open one.
  Parameters& open_range(const Range& range) {
    return add(!TIMESTAMP_IS_NOBEGIN(range.from), TimestampTzGetDatum(range.from))
        .add(!TIMESTAMP_IS_NOEND(range.to), TimestampTzGetDatum(range.to));
  }
  Datum* values() { return values_; }
  const Datum* values() const { return values_; }
  const char* nulls() const { return nulls_; }
  int count() const { return count_; }

 private:
  Datum values_[Statement::kMaxParameters];
  char nulls_[Statement::kMaxParameters];
  int count_ = 0;
};

// Work done as the owner of the tables with nothing but pg_catalog on the search path. An error
// inside needs no leave(): the server restores user and settings when the (sub)transaction aborts.
class AsOwner {
 public:
  // Restricted: what runs inside can leave nothing behind for the caller, such as a deferred trigger.
  void enter(const Home& home, bool restricted);
  void leave();

 private:
  Oid user_;
  int security_context_;
  int guc_level_;
};

// One SPI connection, opened as the owner. Results are read in place; what outlives finish() is
// allocated by the caller through copy_out().
class Query {
 public:
  // Remembers the caller's context, opens SPI as the owner.
  explicit Query(const Home& home, bool restricted = false);
  uint64 read(Statement& statement, Parameters parameters);    // in the caller's snapshot
  uint64 write(Statement& statement, Parameters parameters);   // sees and makes changes
  // The same through indexes, whatever statistics say. The setting that does it is none for code of somebody's: what
  // triggers and foreign keys run while a statement writes is planned as ever.
  uint64 read_by_indexes(Statement& statement, Parameters parameters);
  uint64 write_by_indexes(Statement& statement, Parameters parameters);
  // Calls f(slot) for each row as the executor makes it, none of which is kept; in the caller's snapshot. By far the
  // quickest way through many rows. An f that returns false wants no more of them.
  template <class F>
  void each_row(Statement& statement, const Parameters& parameters, F f) {
    const auto work = [](void* with, TupleTableSlot* row) {
      if constexpr (std::is_same_v<decltype(f(row)), bool>) return (*static_cast<F*>(with))(row);
      (*static_cast<F*>(with))(row);
      return true;
    };
    each_row(statement, parameters, work, &f);
  }
  bool is_null(uint64 row, int column) const;
  Datum value(uint64 row, int column) const;                   // valid until the next statement
  int64 int64_at(uint64 row, int column) const { return DatumGetInt64(value(row, column)); }
  Datum copy_out(Datum varlena) const;                         // flat copy in the caller's context
  // Settings that last until finish().
  void sort_in_maintenance_memory();
  void limit_lock_waits(int milliseconds);                     // where lock_timeout is off
  void finish();                                               // closes SPI, back to the caller
  const Home& home() const { return home_; }

 private:
  uint64 run(Statement& statement, Parameters& parameters, bool read_only);
  void each_row(Statement& statement, const Parameters& parameters, bool (*work)(void*, TupleTableSlot*), void* with);

  const Home& home_;
  MemoryContext caller_;
  AsOwner as_owner_;
};

// A result read in portions, in the snapshot that is active when it is opened.
class Cursor {
 public:
  void open(Query& query, Statement& statement, Parameters parameters);
  void open_by_indexes(Query& query, Statement& statement, Parameters parameters);
  uint64 fetch(long rows);    // the rows fetched before are gone
  Datum value(uint64 row, int column, bool* null) const {
    return heap_getattr(rows_->vals[row], column, rows_->tupdesc, null);
  }
  void close();

 private:
  Portal portal_ = nullptr;
  SPITupleTable* rows_ = nullptr;
};

}  // namespace ea::pg
