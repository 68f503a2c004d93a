#include "core/value/counters.hpp"

#include "core/value/score.hpp"
#include "support.hpp"

namespace ea::core {
namespace {

using test::code_of;
using test::kMax;

Event event(Engagement type, bool completed = false, std::int32_t watch = 0) {
  return {type, true, 7, watch, completed};
}

TEST(Counters, each_type_counts_where_it_belongs) {
  Counters c;
  c.add(event(Engagement::view, true, 10));
  c.add(event(Engagement::view, false, 20));
  c.add({Engagement::view, false, 0, 0, false});
  c.add(event(Engagement::save, true, 1));
  c.add(event(Engagement::share, true));
  c.add(event(Engagement::share, true));
  c.add(event(Engagement::click, true));
  c.add(event(Engagement::skip, true));
  c.add(event(Engagement::complete, false, 3));
  c.add(event(Engagement::complete, true));
  c.add(event(Engagement::impression, true));
  c.add(event(Engagement::progress, true, 8));
  // Of the types, only view (when completed) and complete complete anything.
  const Counters expected{.views = 3, .unidentified_views = 1, .completions = 3, .saves = 1,
                          .shares = 2, .clicks = 1, .skips = 1, .impressions = 1,
                          .watch_time_ms = 42};
  EXPECT_EQ(c, expected);
  EXPECT_EQ(c.total_engagements(), 4);
  c.merge(expected);
  EXPECT_EQ(c.views, 6);
  EXPECT_EQ(c.watch_time_ms, 84);
}

TEST(Counters, overflow_changes_nothing) {
  std::int64_t Counters::* const all[] = {
      &Counters::views, &Counters::unidentified_views, &Counters::completions, &Counters::saves,
      &Counters::shares, &Counters::clicks, &Counters::skips, &Counters::impressions,
      &Counters::watch_time_ms};
  for (const auto counter : all) {
    Counters full;
    full.views = 5;
    full.*counter = kMax;
    Counters c = full;
    EXPECT_EQ(code_of([&] { c.merge(full); }), Errc::out_of_range);
    EXPECT_EQ(c, full);
    Counters zero;
    c.merge(zero);
    EXPECT_EQ(c, full);
    int refused = 0;
    for (int type = 0; type < kEngagements; ++type) {
      try {
        c.add({static_cast<Engagement>(type), false, 0, 1, true});
      } catch (const Error& error) {
        ++refused;
        EXPECT_EQ(error.code(), Errc::out_of_range);
        EXPECT_EQ(c.*counter, kMax);
      }
    }
    EXPECT_GE(refused, 1);
  }
}

TEST(Counters, refuses_what_is_no_event) {
  Counters c;
  EXPECT_EQ(code_of([&] { c.add(event(Engagement::view, true, -1)); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([&] { c.add(event(Engagement{8})); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([&] { c.add(event(Engagement{255})); }), Errc::invalid_argument);
  EXPECT_EQ(c, Counters{});
}

TEST(Counters, total_engagements_is_checked) {
  Counters c;
  c.saves = kMax;
  EXPECT_EQ(c.total_engagements(), kMax);
  c.clicks = 1;
  EXPECT_EQ(code_of([&] { c.total_engagements(); }), Errc::out_of_range);
}

TEST(Score, rates_are_percent_and_not_clamped) {
  EXPECT_EQ(rate(0, 0), 0.0);
  EXPECT_EQ(rate(5, 0), 0.0);
  EXPECT_EQ(rate(1, 4), 25.0);
  EXPECT_EQ(rate(3, 2), 150.0);
  EXPECT_EQ(rate(1, 3), 100.0 / 3.0);
  EXPECT_EQ(rate(kMax, kMax), 100.0);
  EXPECT_EQ(code_of([] { rate(1, -1); }), Errc::invalid_argument);
}

TEST(Score, known_scores) {
  EXPECT_EQ(engagement_score(0, 1, 1, 1, 1, 0), 0.0);
  EXPECT_EQ(engagement_score(10, 5, 2, 1, 1, 1), (200 + 60 + 20 + 10 - 20) / 10.0);
  EXPECT_EQ(engagement_score(7, 1, 0, 0, 0, 0), 40.0 / 7.0);
  EXPECT_EQ(engagement_score(1, 9, 9, 9, 9, 0), 100.0);
  EXPECT_EQ(engagement_score(1, 0, 0, 0, 0, 1), 0.0);
  EXPECT_EQ(code_of([] { engagement_score(-1, 0, 0, 0, 0, 0); }), Errc::invalid_argument);
}

TEST(Counters, SubtractUndoesMerge) {
  const Counters part{1, 2, 3, 4, 5, 6, 7, 8, 9};
  Counters all{10, 20, 30, 40, 50, 60, 70, 80, 90};
  const Counters before = all;
  all.merge(part);
  all.subtract(part);
  EXPECT_EQ(all, before);
  // Each counter by itself is too small for what it holds and one more; nothing has changed then.
  for (std::int64_t Counters::* counter :
       {&Counters::views, &Counters::unidentified_views, &Counters::completions, &Counters::saves, &Counters::shares,
        &Counters::clicks, &Counters::skips, &Counters::impressions, &Counters::watch_time_ms}) {
    Counters more = before;
    more.*counter += 1;
    EXPECT_EQ(code_of([&] { all.subtract(more); }), Errc::inconsistent);
    EXPECT_EQ(all, before);
  }
}

TEST(Score, numerator_is_exact_beyond_64_bits) {
  EXPECT_EQ(engagement_score(kMax, kMax, kMax, kMax, kMax, kMax), 80.0);
  EXPECT_EQ(engagement_score(kMax, kMax, kMax, kMax, kMax, 0), 100.0);
  // In doubles the two large terms would swallow the small one before they cancel.
  const std::int64_t big = std::int64_t{1} << 60;
  EXPECT_EQ(engagement_score(1, 0, 0, big, 1, big), 10.0);
}

}  // namespace
}  // namespace ea::core
