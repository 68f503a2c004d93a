// Paths as path_attribution() takes them: [{"path": ["a", "b"], "conversions": 2, "nulls": 1}].
#pragma once

#include "pg/array.hpp"
#include "pg/error.hpp"
#include "pg/numbering.hpp"

namespace ea::attribution {

struct Path {
  int64 first, length;    // of steps
  double conversions, nulls;
};

struct Paths {
  pg::Numbering<std::string_view> keys;
  pg::Array<uint32> steps;    // keys by number, path after path
  pg::Array<Path> list;
};

// Error 22023 says where in the document something is not as it should be. Lives as long as the current context.
const Paths& read_paths(Jsonb* document);

}  // namespace ea::attribution
