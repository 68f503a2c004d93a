#include "ask/viewer_sets.hpp"

#include "pg/array.hpp"

namespace ea::rollup {

namespace {

// What a set takes with hardly anybody in it.
constexpr Size kLeast = 1024;

core::ViewerSet* new_set(MemoryContext context, pg::Resource* memory) {
  return new (MemoryContextAlloc(context, sizeof(core::ViewerSet))) core::ViewerSet(memory);
}

}  // namespace

ViewerSets::ViewerSets(int64 count)
    : context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics sets of viewers", ALLOCSET_DEFAULT_SIZES)),
      memory_(context_),
      count_(count),
      limit_((Size)work_mem * 1024 + (Size)count * kLeast),
      sets_(static_cast<core::ViewerSet**>(palloc0(sizeof(core::ViewerSet*) * count))),
      written_(static_cast<Written*>(palloc(sizeof(Written) * count))) {
  std::fill_n(written_, count, Written{-1, 0, 0});
}

core::ViewerSet& ViewerSets::set(int64 number) {
  if (!sets_[number]) sets_[number] = new_set(context_, &memory_);
  return *sets_[number];
}

void ViewerSets::write_all() {
  if (!file_) file_ = files_.make();
  for (int64 i = 0; i < count_; i++) {
    if (!sets_[i]) continue;
    CHECK_FOR_INTERRUPTS();
    sets_[i]->settle();
    Written written{0, 0, sets_[i]->payload_size()};
    BufFileTell(file_, &written.fileno, &written.offset);
    std::byte* payload = static_cast<std::byte*>(MemoryContextAllocHuge(context_, written.size));
    core::Writer writer({payload, written.size});
    sets_[i]->write_payload(writer);
    BufFileWrite(file_, &written_[i], sizeof written_[i]);
    BufFileWrite(file_, payload, written.size);
    pfree(payload);
    written_[i] = written;
    sets_[i] = nullptr;
  }
  MemoryContextReset(context_);
}

const core::ViewerSet& ViewerSets::read(int64 number) {
  core::ViewerSet& rest = set(number);
  rest.settle();
  if (written_[number].fileno < 0) return rest;
  pg::Resource* memory = new (palloc(sizeof(pg::Resource))) pg::Resource(CurrentMemoryContext);
  core::ViewerSet* result = new_set(CurrentMemoryContext, memory);
  for (Written part = written_[number]; part.fileno >= 0;) {
    CHECK_FOR_INTERRUPTS();
    if (BufFileSeek(file_, part.fileno, part.offset, SEEK_SET) != 0) pg::raise(pg::failure(ERRCODE_IO_ERROR, "could not seek in a temporary file"));
    std::byte* payload = static_cast<std::byte*>(MemoryContextAllocHuge(CurrentMemoryContext, part.size));
    const Size size = part.size;
    pg::read_exactly(file_, &part, sizeof part);
    pg::read_exactly(file_, payload, size);
    result->merge({payload, size});
    pfree(payload);
  }
  result->merge(rest);
  result->settle();
  return *result;
}

void ViewerSets::close() {
  if (file_) BufFileClose(file_);
  file_ = nullptr;
}

}  // namespace ea::rollup
