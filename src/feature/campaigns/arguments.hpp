// What the doors of boost campaigns share.
#pragma once

#include "pg/args.hpp"

namespace ea::campaigns {

// An amount of money: 0 or more, 6 decimals at most, less than 10^15. NULL is `otherwise`.
Numeric money_argument(FunctionCallInfo fcinfo, int i, const char* name, Numeric otherwise);
// The same; NULL: 22023.
Numeric required_money(FunctionCallInfo fcinfo, int i, const char* name);

}  // namespace ea::campaigns
