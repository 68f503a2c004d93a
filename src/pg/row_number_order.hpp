// The planner does not know that row numbers ascend in the order in which they are counted off: it sorts rows that are in
// their order. It is told of one view.
#pragma once

namespace ea::pg {

// For the life of the process: columns of views of that name that are a row_number() of the rows as they come.
void order_by_row_number(const char* view);

}  // namespace ea::pg
