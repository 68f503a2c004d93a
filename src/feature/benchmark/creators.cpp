#include "feature/benchmark/creators.hpp"

#include <algorithm>
#include <tuple>

namespace ea::benchmark {

namespace {

// Groups numbered in the order of "C", 0: none.
#define EA_NUMBERED(group) " CASE WHEN c." group " IS NULL THEN 0 ELSE dense_rank() OVER (ORDER BY c." group " COLLATE \"C\") END"
#define EA_CONTENTS(category, area) "/* explore_analytics: benchmark_creator */ SELECT c.id, c.creator_id," category "," area " FROM {s}.explore_content c"
pg::Statement find_categories(EA_CONTENTS(EA_NUMBERED("category"), " bigint '0'"), {});
pg::Statement find_areas(EA_CONTENTS(" bigint '0'", EA_NUMBERED("area")), {});
pg::Statement find_both(EA_CONTENTS(EA_NUMBERED("category"), EA_NUMBERED("area")), {});
#undef EA_CONTENTS
#undef EA_NUMBERED

// Numbers of all creators; sets of viewers are opened for the metric that counts them alone.
class Numbers final : public rollup::ContentVisitor {
 public:
  Numbers(core::Metric metric, Creator* own, pg::Array<Creator>* others) : metric_(metric), own_(own), others_(others) {}
  rollup::Sink& begin() override {
    if (metric_ == core::Metric::unique_viewers) return *new (&viewers_) rollup::SummarySink();
    return *new (&counters_) rollup::CounterSink();
  }
  void end(int64 id) override {
    const core::Header header = metric_ == core::Metric::unique_viewers ? viewers_.header() : core::Header{counters_.counters(), 0};
    const Creator found{id, header.counters.views, core::metric_value(metric_, header)};
    if (id == own_->id)
      *own_ = found;
    else if (found.views >= kFewestViews)
      others_->append(found);
  }

 private:
  core::Metric metric_;
  Creator* own_;
  pg::Array<Creator>* others_;
  rollup::SummarySink viewers_;
  rollup::CounterSink counters_;
};

}  // namespace

struct Creators::Content {
  int64 id, creator, category, area;
  int64 views = 0;
};

Creators::Creators(const pg::Home& home, const pg::Range& range, int64 own, core::Metric metric)
    : home_(home), range_(range), own_{own, 0, core::metric_value(metric, core::Header{})} {
  others_.reserve(64);    // here, and not where it is filled
  Numbers numbers(metric, &own_, &others_);
  rollup::visit_creators(home, rollup::span_of(range), numbers);
  std::sort(others_.begin(), others_.end(), [](const Creator& a, const Creator& b) { return a.id < b.id; });
}

Creator* Creators::find(int64 id) {
  if (id == own_.id) return &own_;
  Creator* place = std::lower_bound(others_.begin(), others_.end(), id, [](const Creator& c, int64 wanted) { return c.id < wanted; });
  return place != others_.end() && place->id == id ? place : nullptr;
}

// Of the creators here, by creator.
void Creators::read_contents(pg::Query& query, pg::Statement& find_contents, pg::Array<Content>* contents) {
  contents->reserve(64);
  query.each_row(find_contents, pg::Parameters(), [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    const auto number = [&](int i) { return DatumGetInt64(row->tts_values[i]); };
    if (find(number(1))) contents->append({number(0), number(1), number(2), number(3)});
  });
  std::sort(contents->begin(), contents->end(), [](const Content& a, const Content& b) { return a.creator < b.creator; });
}

// The views of contents by id.
class Creators::Views final : public rollup::ContentVisitor {
 public:
  explicit Views(pg::Array<Content>* contents) : contents_(contents), place_(contents->begin()) {}
  rollup::Sink& begin() override { return *new (&sink_) rollup::CounterSink(); }
  void end(int64 id) override {
    while (place_ != contents_->end() && place_->id < id) place_++;
    if (place_ != contents_->end() && place_->id == id) place_->views = sink_.counters().views;
  }

 private:
  pg::Array<Content>* contents_;
  Content* place_;
  rollup::CounterSink sink_;
};

// Gives each creator of some contents, all or none of whose are among them, its groups.
void Creators::settle(const pg::Array<Content>& asked) {
  pg::Array<Content> contents;
  contents.reserve(Max(asked.size(), 1));
  rollup::AscendingIds ids;
  for (const Content& content : asked) contents.append(content);
  std::sort(contents.begin(), contents.end(), [](const Content& a, const Content& b) { return a.id < b.id; });
  for (const Content& content : contents) ids.append(content.id);
  Views views(&contents);
  rollup::visit_contents(home_, &ids, rollup::span_of(range_), views);
  give(contents, &Content::category, &Creator::category);
  give(contents, &Content::area, &Creator::area);
}

// That of most views, the first in "C" of those that are equal.
void Creators::give(pg::Array<Content>& contents, int64 Content::*group, int64 Creator::*given) {
  const auto before = [&](const Content& a, const Content& b) { return std::tie(a.creator, a.*group) < std::tie(b.creator, b.*group); };
  std::sort(contents.begin(), contents.end(), before);
  for (int64 i = 0, next, most = 0; i < contents.size(); i = next) {
    if (i == 0 || contents[i - 1].creator != contents[i].creator) most = 0;
    int64 sum = 0;
    for (next = i; next < contents.size() && !before(contents[i], contents[next]); next++) sum += contents[next].views;
    if (contents[i].*group == 0 || sum <= most) continue;
    most = sum;
    find(contents[i].creator)->*given = contents[i].*group;
  }
}

void Creators::find_all_groups(pg::Query& query) {
  pg::Array<Content> contents;
  read_contents(query, find_both, &contents);
  settle(contents);
}

void Creators::find_group(pg::Query& query, Group group) {
  const bool by_category = group == Group::category;
  pg::Array<Content> contents, some;
  read_contents(query, by_category ? find_categories : find_areas, &contents);
  some.reserve(64);
  for (const Content& content : contents)
    if (content.creator == own_.id) some.append(content);
  settle(some);
  const int64 wanted = by_category ? own_.category : own_.area;
  if (wanted == 0) return;
  some.clear();
  const auto shares = [&](const Content& content) { return (by_category ? content.category : content.area) == wanted; };
  for (const Content *first = contents.begin(), *next; first != contents.end(); first = next) {
    next = std::find_if(first, (const Content*)contents.end(), [&](const Content& content) { return content.creator != first->creator; });
    if (first->creator == own_.id || std::none_of(first, next, shares)) continue;
    for (const Content* content = first; content != next; content++) some.append(*content);
  }
  settle(some);
}

}  // namespace ea::benchmark
