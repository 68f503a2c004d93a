#include "pg/relation_changes.hpp"

namespace ea::pg {

namespace {

struct Listener {
  void (*call)(Datum, Oid);
  Datum argument;
};

Listener listeners[16];
int count = 0;

void tell(Datum, Oid relation) {
  for (int i = 0; i < count; i++) listeners[i].call(listeners[i].argument, relation);
}

}  // namespace

void on_relation_change(void (*call)(Datum, Oid), Datum argument) {
  if (count == 0) CacheRegisterRelcacheCallback(tell, (Datum)0);
  if (count == lengthof(listeners)) elog(ERROR, "explore_analytics has too many listeners");
  listeners[count++] = {call, argument};
}

}  // namespace ea::pg
