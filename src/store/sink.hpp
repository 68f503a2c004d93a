// Where the parts of an answer go: summaries of whole buckets and single events.
#pragma once

#include "core/bytes/error.hpp"
#include "core/set/few_keys.hpp"
#include "core/tree/event_log.hpp"
#include "core/value/summary_format.hpp"
#include "pg/array.hpp"
#include "store/summary_header.hpp"
#include "store/summary_object.hpp"

namespace ea::rollup {

class Sink {
 public:
  virtual void event(const core::Event& event) = 0;
  virtual bool log(core::Bytes log, const core::Span& range) = 0;    // its events within the range; whether there are any
  virtual void summary(Datum stored) = 0;     // as stored, perhaps toasted

 protected:
  ~Sink() = default;
};

// A sink of a known kind is given the events of a log without a call for each that is looked up.
template <class Kind>
class SinkOf : public Sink {
 public:
  bool log(core::Bytes log, const core::Span& range) override {
    bool any = false;
    core::for_each_event(log, range.from, range.to, [&](const core::TimedEvent& e) {
      static_cast<Kind*>(this)->Kind::event(e.event);
      any = true;
    });
    return any;
  }

 protected:
  ~SinkOf() = default;
};

// Adds up to one summary. A single stored part is kept as it is, unopened; a few events and nothing else are counted without
// a set being made.
class SummarySink final : public SinkOf<SummarySink> {
 public:
  // Everything is allocated in the context that is current now.
  SummarySink() : context_(CurrentMemoryContext) {}

  void event(const core::Event& event) override {
    if (object_ || has_single_ || (event.counts_viewer() && !viewers_.insert(event.viewer))) {
      value().add(event);
      return;
    }
    counters_.add(event);
    has_few_ = true;
  }
  void summary(Datum stored) override {
    if (object_ || has_single_ || has_few_) {
      struct varlena* flat = PG_DETOAST_DATUM_PACKED(stored);
      value().merge(pg::bytes_of(flat));
      if (flat != (struct varlena*)DatumGetPointer(stored)) pfree(flat);
      return;
    }
    MemoryContext outside = MemoryContextSwitchTo(context_);
    single_ = datumCopy(stored, false, -1);
    MemoryContextSwitchTo(outside);
    has_single_ = true;
  }

  // Takes out the counters of some events, and viewers; throws inconsistent where these are not there.
  void take_out(const core::Counters& counters, const pg::Array<int64>& viewers) {
    value().counters().subtract(counters);
    value().settle();
    core::ViewerSet& all = value().viewers();
    const uint64 left = all.cardinality() - (uint64)viewers.size();
    pg::Resource memory(context_);
    core::ViewerSet gone(&memory);
    for (const int64 viewer : viewers) gone.insert(viewer);
    gone.settle();
    all = core::ViewerSet::subtract(all, gone, object_->memory());
    if (all.cardinality() != left) throw core::Error(core::Errc::inconsistent, "a viewer to be taken out is not there");
    core::check_header({value().counters(), left}, core::Errc::inconsistent);
  }

  bool empty() const { return !object_ && !has_single_ && !has_few_; }

  // Canonical bytes, flat.
  Datum finish() {
    MemoryContext outside = MemoryContextSwitchTo(context_);
    Datum result;
    if (!object_ && has_single_) {
      result = PointerGetDatum(PG_DETOAST_DATUM(single_));
    } else {
      value().settle();
      result = PointerGetDatum(encoded(value()));
    }
    MemoryContextSwitchTo(outside);
    return result;
  }

  // Counters and viewers.
  const core::Summary& opened() {
    core::Summary& summary = value();
    summary.settle();
    return summary;
  }

  // The same, but a single stored part may still be toasted.
  Datum finish_stored() { return !object_ && has_single_ ? single_ : finish(); }

  // Only the numbers, which leaves a single stored part unopened.
  core::Header header() {
    if (!object_ && has_single_) return header_of(single_);
    if (!object_) return {counters_, viewers_.size()};
    value().settle();
    return {value().counters(), value().viewers().cardinality()};
  }

 private:
  core::Summary& value() {
    if (!object_) {
      object_ = SummaryObject::create(context_);
      if (has_single_) {
        has_single_ = false;
        summary(single_);
      }
      if (has_few_) {
        has_few_ = false;
        object_->value().counters() = counters_;
        viewers_.for_each([&](int64 viewer) { object_->value().viewers().insert(viewer); });
      }
    }
    return object_->value();
  }

  MemoryContext context_;
  SummaryObject* object_ = nullptr;
  Datum single_ = 0;
  bool has_single_ = false;
  bool has_few_ = false;         // events, until an object is made
  core::Counters counters_;
  core::FewKeys viewers_;
};

// Adds up the counters alone.
class CounterSink final : public SinkOf<CounterSink> {
 public:
  void event(const core::Event& event) override { counters_.add(event); }
  void summary(Datum stored) override { counters_.merge(header_of(stored).counters); }
  const core::Counters& counters() const { return counters_; }

 private:
  core::Counters counters_;
};

}  // namespace ea::rollup
