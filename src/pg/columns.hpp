// The columns of a table that C++ code reads or writes, found by name and type. Code numbers them from 1 in the order of a
// list; where they stand in a table is looked up each time it is opened, in the descriptor that the server keeps up to date.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

inline constexpr Oid kOwnType = InvalidOid;    // in a list: the extension's type, whose oid comes with the table

struct Column {
  const char* name;
  Oid type;
  bool required = true;    // NOT NULL
};

using Columns = std::span<const Column>;

// A table, and the columns that are wanted of it.
struct Table {
  Oid oid = InvalidOid;
  Columns columns;
  Oid own_type = InvalidOid;
  bool rollup = false;      // its rows are derived, and written straight: it must survive a crash, like the watermark
};

class Places {
 public:
  static constexpr int kMost = 20;
  // Error 55000, which names table and column, where one is missing, of another type, or null where it must not be.
  void find(Relation relation, const Table& table);
  AttrNumber operator[](int column) const { return at_[column - 1]; }

 private:
  AttrNumber at_[kMost] = {};
};

// The same check for a table that is not opened: by the catalog, without a lock; and whether rows that were there before
// their column became NOT NULL were looked at.
void require_columns(const Table& table);

// <schema>.<table>, for messages.
const char* full_name(Oid table);

}  // namespace ea::pg
