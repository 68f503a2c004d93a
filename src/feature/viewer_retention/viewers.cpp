#include "feature/viewer_retention/viewers.hpp"

#include <new>

#include "pg/memory.hpp"

namespace ea::viewers {

namespace {

// Begins small: most of what it holds lies in a context of the set's own.
MemoryContext new_context(MemoryContext parent) {
  return AllocSetContextCreate(parent, "explore_analytics viewers", ALLOCSET_START_SMALL_SIZES);
}

pg::Resource* resource_on(MemoryContext context) {
  return new (MemoryContextAlloc(context, sizeof(pg::Resource))) pg::Resource(context);
}

}  // namespace

Viewers viewers_in(rollup::Question& question, const core::Span& range, MemoryContext parent) {
  CHECK_FOR_INTERRUPTS();
  Viewers result;
  result.context = new_context(parent);
  MemoryContext outside = MemoryContextSwitchTo(result.context);
  rollup::SummarySink sink;
  question.add_to(sink, range);
  if (!sink.empty()) result.set = &sink.opened().viewers();
  MemoryContextSwitchTo(outside);
  return result.unless_empty();
}

Viewers without(const Viewers& viewers, const core::ViewerSet& others, MemoryContext parent) {
  Viewers result;
  if (!viewers.set) return result;
  result.context = new_context(parent);
  pg::Resource* memory = resource_on(result.context);
  void* place = MemoryContextAlloc(result.context, sizeof(core::ViewerSet));
  result.set = new (place) core::ViewerSet(core::ViewerSet::subtract(*viewers.set, others, memory));
  return result.unless_empty();
}

uint64 shared(const Viewers& a, const Viewers& b) {
  CHECK_FOR_INTERRUPTS();
  return a.set && b.set ? core::ViewerSet::intersection_count(*a.set, *b.set) : 0;
}

Everybody::Everybody(MemoryContext parent) : context_(new_context(parent)) {
  pg::Resource* memory = resource_on(context_);
  set_ = new (MemoryContextAlloc(context_, sizeof(core::ViewerSet))) core::ViewerSet(memory);
}

uint64 Everybody::add(const Viewers& viewers) {
  if (!viewers.set) return 0;
  const uint64 before = set_->cardinality();
  set_->merge(*viewers.set);
  set_->settle();
  return set_->cardinality() - before;
}

}  // namespace ea::viewers
