// Temporary files that are made while a statement is running, and outlive it.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

class TemporaryFiles {
 public:
  // Files belong to what is current now.
  TemporaryFiles() : context_(CurrentMemoryContext), owner_(CurrentResourceOwner) {}

  BufFile* make() const {
    MemoryContext context = MemoryContextSwitchTo(context_);
    ResourceOwner owner = CurrentResourceOwner;
    CurrentResourceOwner = owner_;
    BufFile* file = BufFileCreateTemp(false);
    CurrentResourceOwner = owner;
    MemoryContextSwitchTo(context);
    return file;
  }

 private:
  MemoryContext context_;
  ResourceOwner owner_;
};

inline void rewind(BufFile* file) {
  if (BufFileSeek(file, 0, 0, SEEK_SET) != 0) raise(failure(ERRCODE_IO_ERROR, "could not rewind a temporary file"));
}

}  // namespace ea::pg
