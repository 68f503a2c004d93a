// The one statement that stores checked events.
#pragma once

#include "core/intake/event.hpp"
#include "pg/home.hpp"

namespace ea::record {

// Checked items as columns of Datums, in the current context.
struct Columns {
  int count = 0;

  explicit Columns(int capacity);
  void add(const core::EventRow& row, Datum metadata, bool has_metadata);
  Datum array(int column, Oid element);

 private:
  void set(int column, bool given, Datum datum);
  Datum* value_[9];
  bool* null_[9];
};

struct Outcome {
  int position;      // among the stored columns
  char verdict;
};

// Stores them; the outcomes of those that were not stored, in order, and their number.
int store(const pg::Home& home, Columns& columns, Outcome* outcomes);

}  // namespace ea::record
