// The same cells, added up here: several times as fast as by the server, as long as they fit into memory.
#pragma once

#include "feature/audience/cells.hpp"
#include "pg/array.hpp"

namespace ea::audience {

class EventCells {
 public:
  EventCells(const pg::Home& home, const CellQuestion& question);

  // False where the cells do not fit into work_mem.
  bool read(pg::Query& query);
  // After that: calls f(Cell) in order of value and viewer; days are in no order.
  template <class F>
  void each(F&& f) const {
    for (const Place& place : order_) {
      const Sum& sum = sums_[place.sum];
      const auto has = [&](uint8 flag) { return (int64)((sum.flags & flag) != 0); };
      f({values_[place.rank], sum.viewer != 0, sum.viewer, sum.day, has(kEvents), sum.views, sum.completions, sum.watch_time_ms,
         has(kCounting), has(kViewsElsewhere), has(kCountingElsewhere)});
    }
  }

 private:
  static constexpr uint8 kEvents = 1, kCounting = 2, kViewsElsewhere = 4, kCountingElsewhere = 8;

  struct Event {
    int64 content, user, session;    // 0: none
    core::Engagement type;
    bool completed;
    int32 watch_time_ms;
    TimestampTz at;
  };
  struct Sum {
    int64 viewer, session;           // 0: nobody, none or of no interest
    int64 watch_time_ms;
    int32 day;
    uint32 value;
    uint32 views, completions;
    uint8 flags;
  };
  struct Place {
    int64 viewer;
    uint32 rank, sum;
  };
  class Attributes;

  template <class F>
  void each_event(pg::Query& query, F&& f);
  // Sums lie all over memory: what the next events need of it is asked for while others are added.
  struct Waiting {
    Event event;
    int64 viewer, session;
    int32 day;
    uint64 hash;
  };
  static constexpr int kMostWaiting = 32;

  void take(const Event& event);
  void add_waiting();
  Sum& find(const Waiting& key);
  void grow();
  void read_attributes(pg::Query& query);
  void sort();

  const pg::Home& home_;
  CellQuestion question_;
  MemoryContext context_;
  int64 most_;                       // cells that fit
  pg::Array<Sum> sums_;
  uint32* slots_ = nullptr;          // by hash: 1 + the number of a sum, at most half full
  uint64 room_ = 0;
  Waiting waiting_[kMostWaiting];
  int waiting_count_ = 0;
  pg::Array<struct varlena*> values_;
  pg::Array<Place> order_;
};

}  // namespace ea::audience
