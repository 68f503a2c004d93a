// Creators with their numbers in a range, and what most of their views are of.
#pragma once

#include "ask/many_contents.hpp"
#include "core/value/metric.hpp"
#include "pg/statement.hpp"

namespace ea::benchmark {

inline constexpr int64 kFewestViews = 10;    // of a creator who can be compared

struct Creator {
  int64 id;
  int64 views;
  double value;
  int64 category = 0, area = 0;    // of most views, numbered in the order of "C"; 0: none, or not asked for
};

enum class Group { category, area };

// A creator, and all others with so many views, in order of their ids.
class Creators {
 public:
  Creators(const pg::Home& home, const pg::Range& range, int64 own, core::Metric metric);

  const Creator& own() const { return own_; }
  const pg::Array<Creator>& others() const { return others_; }

  // Fills in one group. A creator cannot share that of its own unless it has a content there: no others are looked at.
  void find_group(pg::Query& query, Group group);
  // Fills in both, of all.
  void find_all_groups(pg::Query& query);

 private:
  struct Content;
  class Views;

  Creator* find(int64 id);
  void read_contents(pg::Query& query, pg::Statement& find_contents, pg::Array<Content>* contents);
  void settle(const pg::Array<Content>& contents);
  void give(pg::Array<Content>& contents, int64 Content::*group, int64 Creator::*given);

  const pg::Home& home_;
  pg::Range range_;
  Creator own_;
  pg::Array<Creator> others_;
};

}  // namespace ea::benchmark
