#include "pg/sight.hpp"

#include <algorithm>

namespace ea::pg {

namespace {

uint64 rollbacks = 0;

void count_rollbacks(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
  if (event == SUBXACT_EVENT_ABORT_SUB) rollbacks++;
}

}  // namespace

bool Sight::is_unchanged(MemoryContext context) {
  static bool counting = false;
  if (!counting) {
    RegisterSubXactCallback(count_rollbacks, nullptr);
    counting = true;
  }
  const Snapshot snapshot = GetActiveSnapshot();
  // One that has overflowed counts subtransactions that it does not list: it goes by the transactions that they are part of.
  const int32 subtransactions = snapshot->subxip ? Max(snapshot->subxcnt, 0) : 0;
  const Moment moment = {local_transaction(), rollbacks,          snapshot->xmin,          snapshot->xmax,             snapshot->xcnt,
                         subtransactions,     snapshot->curcid,   snapshot->suboverflowed, snapshot->takenDuringRecovery};
  if (moment == moment_ && std::equal(snapshot->xip, snapshot->xip + snapshot->xcnt, running_.begin()) &&
      std::equal(snapshot->subxip, snapshot->subxip + subtransactions, running_.begin() + snapshot->xcnt))
    return true;
  MemoryContext outside = MemoryContextSwitchTo(context);
  running_.clear();
  running_.reserve(Max((int64)snapshot->xcnt + subtransactions, 1));
  for (uint32 i = 0; i < snapshot->xcnt; i++) running_.append(snapshot->xip[i]);
  for (int32 i = 0; i < subtransactions; i++) running_.append(snapshot->subxip[i]);
  MemoryContextSwitchTo(outside);
  moment_ = moment;
  return false;
}

}  // namespace ea::pg
