#include "ask/departure_facts.hpp"

#include <algorithm>

namespace ea::rollup {

namespace {

template <class T>
pg::Array<T> copy_of(const pg::Array<T>& list) {
  pg::Array<T> copy;
  for (const T& item : list) copy.append(item);
  return copy;
}
DepartureFacts copy_of(const DepartureFacts& facts) { return {copy_of(facts.leaving), copy_of(facts.list)}; }
SessionFacts copy_of(const SessionFacts& facts) { return {copy_of(facts.sessions), copy_of(facts.list)}; }

bool is_same(const AscendingIds& a, const AscendingIds& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }
bool is_same(const FactsOrigin& a, const FactsOrigin& b) {
  return a.creator == b.creator && a.version == b.version && is_same(a.came, b.came) && is_same(a.gone, b.gone);
}

// What a transaction that has written sees may be nobody else's, nor its own a moment later, whatever the rollups say.
bool has_written() { return TransactionIdIsValid(GetTopTransactionIdIfAny()); }

// Of the creator that was asked about last.
template <class Facts>
class Kept {
 public:
  bool recall(const FactsOrigin& origin, Facts* facts) const {
    if (!valid_ || has_written() || !is_same(origin_, origin)) return false;
    *facts = copy_of(facts_);
    return true;
  }
  // Whatever fails on the way leaves nothing behind.
  void keep(const FactsOrigin& origin, const Facts& facts) {
    if (has_written()) return;
    valid_ = false;
    if (facts.list.size() > kMostKept || origin.came.size() + origin.gone.size() > kMostKept) return;
    if (!context_) context_ = AllocSetContextCreate(TopMemoryContext, "explore_analytics facts", ALLOCSET_SMALL_SIZES);
    MemoryContextReset(context_);
    MemoryContext outside = MemoryContextSwitchTo(context_);
    origin_ = {origin.version, origin.creator, copy_of(origin.came), copy_of(origin.gone)};
    facts_ = copy_of(facts);
    MemoryContextSwitchTo(outside);
    valid_ = true;
  }

 private:
  bool valid_ = false;
  FactsOrigin origin_{};
  Facts facts_;
  MemoryContext context_ = nullptr;
};

Kept<DepartureFacts> departures;
Kept<SessionFacts> sessions;

}  // namespace

bool recall_facts(const FactsOrigin& origin, DepartureFacts* facts) { return departures.recall(origin, facts); }
bool recall_facts(const FactsOrigin& origin, SessionFacts* facts) { return sessions.recall(origin, facts); }
void keep_facts(const FactsOrigin& origin, const DepartureFacts& facts) { departures.keep(origin, facts); }
void keep_facts(const FactsOrigin& origin, const SessionFacts& facts) { sessions.keep(origin, facts); }

}  // namespace ea::rollup
