#include "feature/viewer_retention/question.hpp"

namespace ea::viewers {

Lifecycle* lifecycle(const pg::Home& home, const rollup::Key& key, const Buckets& buckets) {
  constexpr core::Span kEver{};
  Lifecycle* result = static_cast<Lifecycle*>(palloc0(sizeof(Lifecycle) * Max(buckets.count, 1)));
  if (buckets.count == 0) return result;
  rollup::Question question(home, key, {kEver.from, buckets.start(buckets.count)}, buckets.count + 2);
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics lifecycle", ALLOCSET_DEFAULT_SIZES);
  Viewers earlier = viewers_in(question, {kEver.from, buckets.cut(0).from}, context);
  Everybody everybody(context);
  everybody.add(earlier);
  earlier.release();
  Viewers before = viewers_in(question, {buckets.before, buckets.start(0)}, context);
  for (int i = 0; i < buckets.count; i++) {
    Viewers viewers = viewers_in(question, buckets.cut(i), context);
    const int64 returning = (int64)shared(viewers, before), fresh = (int64)everybody.add(viewers);
    result[i] = {fresh, returning, (int64)viewers.count() - fresh - returning, returning - (int64)before.count()};
    before.release();
    before = viewers;
    if (i + 1 < buckets.count && buckets.is_cut(i)) {
      viewers.release();
      before = viewers_in(question, buckets.whole(i), context);
    }
  }
  question.close();
  MemoryContextDelete(context);
  return result;
}

}  // namespace ea::viewers
