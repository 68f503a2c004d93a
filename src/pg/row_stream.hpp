// Rows of one set-returning function of ours in FROM as they are asked for. The server's own scan of a function has it make
// all rows before the first is read, keeps them, and puts each together and takes it apart again for that.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

// What it holds is the resource owner's and the memory context's that were current when it was opened: an error needs no
// destructor.
class RowStream {
 public:
  virtual bool next(Datum* values) = 0;    // of the columns that are not null; false: there is no row, now or later
  virtual void close() = 0;

 protected:
  ~RowStream() = default;
};

// A function that can be read so, as well as called: not strict, with columns of types passed by value.
struct StreamedFunction {
  // In the snapshot that is active; says which columns are null in every row.
  using Open = RowStream* (*)(FunctionCallInfo, bool* nulls);

  StreamedFunction(const char* name, PGFunction function, int columns, Open open);

  const char* name;
  PGFunction function;
  int columns;
  Open open;
};

// For the life of the process: scans of the streamed function are planned so.
void plan_streams();

}  // namespace ea::pg
