#include "pg/exact_values.hpp"

#include "pg/postgres.hpp"

namespace ea::pg {

// What pg_dump sets, and what else functions of types look at. The order of day and month stays, of which ISO needs none.
void write_exact_values() {
  static constexpr const char* kSettings[][2] = {{"datestyle", "ISO"},    {"intervalstyle", "postgres"}, {"extra_float_digits", "1"},
                                                 {"bytea_output", "hex"}, {"lc_monetary", "C"},          {"xmloption", "content"}};
  for (const auto& [name, value] : kSettings) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

}  // namespace ea::pg
