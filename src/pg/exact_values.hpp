// Values written as text that is read back as what it was, whatever the caller's settings.
#pragma once

namespace ea::pg {

// From here until the settings of the innermost level end, as those of a Query do with finish().
void write_exact_values();

}  // namespace ea::pg
