// A core value kept open across calls as an expanded object: its own memory context, flattened by
// the server when the value leaves the aggregate.
#pragma once

#include <new>

#include "pg/barrier.hpp"
#include "pg/memory.hpp"
#include "pg/varlena.hpp"

namespace ea::pg {

// Form<Value> tells how a Value becomes bytes: settle, size, encode.
template <class Value>
struct Form;

template <class Value>
class Expanded {
 public:
  static Expanded* create(MemoryContext parent) {
    MemoryContext context = AllocSetContextCreate(parent, "explore_analytics value", ALLOCSET_DEFAULT_SIZES);
    auto* object = static_cast<Expanded*>(MemoryContextAlloc(context, sizeof(Expanded)));
    EOH_init_header(&object->header_, methods(), context);
    new (&object->resource_) Resource(context);
    new (&object->value_) Value(&object->resource_);
    return object;
  }

  // The object behind a read-write or read-only pointer, or null when the datum is something else.
  static Expanded* from(Datum datum) {
    if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(datum))) return nullptr;
    ExpandedObjectHeader* header = DatumGetEOHP(datum);
    return header->eoh_methods == methods() ? reinterpret_cast<Expanded*>(header) : nullptr;
  }

  Value& value() { return value_; }
  Resource* memory() { return &resource_; }
  Datum read_write() { return EOHPGetRWDatum(&header_); }

 private:
  static const ExpandedObjectMethods* methods() {
    static const ExpandedObjectMethods table = {flat_size, flatten};
    return &table;
  }
  static Size flat_size(ExpandedObjectHeader* header) {
    auto* object = reinterpret_cast<Expanded*>(header);
    Size size = 0;
    contained([&] {
      Form<Value>::settle(object->value_);
      size = VARHDRSZ + Form<Value>::size(object->value_);
    });
    if (size > MaxAllocSize)
      raise(failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "value of %zu bytes is too large", size));
    return size;
  }
  static void flatten(ExpandedObjectHeader* header, void* result, Size size) {
    auto* object = reinterpret_cast<Expanded*>(header);
    SET_VARSIZE(result, size);
    contained([&] {
      Form<Value>::encode(object->value_, mutable_bytes_of(static_cast<struct varlena*>(result)));
    });
  }

  ExpandedObjectHeader header_;
  Resource resource_;
  Value value_;
};

}  // namespace ea::pg
